import { AppError } from '#core/base/app-error';
import { explainCells, nearestRows } from '#core/interpret/explain-cells';
import { KEPT } from '#core/interpret/strongest-per-cell';
import type { Why, WhyFeatures, WhyNeighbours } from '#contract/result-data';
import { whyName } from '#compute/explorer-arrays';
import type { RunDocuments } from '#compute/run-record';
import { openProjectReadOnly, type ProjectReader } from '#store/project';

/** Features shown for and against. */
const MOST_FEATURES = 15;
/** Reference cells looked at for each query cell, as many as a map of cells has neighbours. */
const K = 30;
const MOST_NEAREST = 10;
/** Multiplications that looking for neighbours may take: under a second. */
const WORK = 6e8;
/** Cells between two wanted ones that are read along with them: cheaper than another read. */
const GAP_CELLS = 64;

/**
 * Why some query cells have their label: what speaks for and against it, the runner-up labels, and the nearest reference
 * cells in the learned space. The label explained is the most frequent one of the cells (most probable label, whatever its
 * confidence); its features are those of the cells that have it.
 *
 * @throws AppError `request.run-not-finished`, `request.no-such-cell`
 */
export async function explainSelection(question: {
  readonly projectPath: string;
  readonly runId: string;
  readonly cells: readonly number[];
}): Promise<Why> {
  const { projectPath, runId } = question;
  const project = openProjectReadOnly(projectPath);
  try {
    const { status } = project.run(runId);
    if (status !== 'finished') throw new AppError('request.run-not-finished', { runId, state: status });
    const { labels, query, reference } = project.runDocument(runId, 'cells') as RunDocuments['cells'];
    const cells = Uint32Array.from(question.cells).sort();
    const last = cells.at(-1)!;
    if (last >= query.length) throw new AppError('request.no-such-cell', { cell: last, cells: query.length });
    const predicted = (await project.readRunArray(runId, 'query/predicted')).values;
    const label = mostFrequent(Array.from(cells, (cell) => predicted[cell]!));
    const own = cells.filter((cell) => predicted[cell] === label);
    const { features, reason } = await featuresFor(project, runId, own);
    const probabilities = await rowsOf(project, runId, 'query/probabilities', labels.length, cells);
    return {
      cells: cells.length,
      label: labels[label]!,
      cellsOfLabel: own.length,
      probabilities: meanProbabilities(probabilities, labels),
      features,
      reason,
      neighbours: await neighboursOf(project, runId, cells, { labels, reference }),
    };
  } finally {
    project.close();
  }
}

async function featuresFor(
  project: ProjectReader,
  runId: string,
  cells: Uint32Array,
): Promise<{ features: WhyFeatures | null; reason: string | null }> {
  const documents = project.runDocuments(runId);
  if (!documents.includes('trainedFeatures') || !documents.includes('explorers'))
    return {
      features: null,
      reason: 'This run was made by an earlier version, which kept no attributions of single cells.',
    };
  if (!project.runArrays(runId).some(({ name }) => name === whyName)) {
    const { missing } = project.runDocument(runId, 'explorers') as { missing: string | null };
    const noModel = 'The probabilities of this method cannot be divided among features exactly, so none are named.';
    return { features: null, reason: missing ?? noModel };
  }
  const names = project.runDocument(runId, 'trainedFeatures') as readonly string[];
  const strongest = await rowsOf(project, runId, whyName, 2 * KEPT, cells);
  const { supporting, contradicting } = explainCells(strongest, MOST_FEATURES);
  const named = ({ feature, ...rest }: (typeof supporting)[number]) => ({ feature: names[feature]!, ...rest });
  return {
    features: { supporting: supporting.map(named), contradicting: contradicting.map(named) },
    reason: null,
  };
}

async function neighboursOf(
  project: ProjectReader,
  runId: string,
  cells: Uint32Array,
  { labels, reference }: { readonly labels: readonly string[]; readonly reference: readonly string[] },
): Promise<WhyNeighbours | null> {
  const arrays = new Map(project.runArrays(runId).map((array) => [array.name, array]));
  const width = arrays.get('reference/embedding')?.shape[1] ?? 0;
  if (width === 0 || !arrays.has('query/embedding')) return null;
  const table = Float32Array.from((await project.readRunArray(runId, 'reference/embedding')).values);
  const labelOf = (await project.readRunArray(runId, 'reference/label')).values;
  const sample = evenSample(cells, Math.max(1, Math.floor(WORK / table.length)));
  const rows = await rowsOf(project, runId, 'query/embedding', width, sample);
  const k = Math.min(K, reference.length);
  const votes = new Float64Array(labels.length);
  const times = new Map<number, number>();
  for (let i = 0; i < sample.length; i++) {
    for (const other of nearestRows(table, width, rows.subarray(i * width, (i + 1) * width), k)) {
      votes[labelOf[other]!]!++;
      times.set(other, (times.get(other) ?? 0) + 1);
    }
  }
  const share = (label: number): number => votes[label]! / (sample.length * k);
  const nearest = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_NEAREST);
  return {
    cells: sample.length,
    k,
    votes: labels
      .map((label, i) => ({ label, share: share(i) }))
      .filter((vote) => vote.share > 0)
      .sort((a, b) => b.share - a.share),
    nearest: nearest.map(([cell, count]) => ({ cell: reference[cell]!, label: labels[labelOf[cell]!]!, times: count })),
  };
}

/** Rows of an array [cells, width] for cells in rising order, by as few reads as there are runs of cells. */
async function rowsOf(
  project: ProjectReader,
  runId: string,
  name: string,
  width: number,
  cells: Uint32Array,
): Promise<Float32Array> {
  const rows = new Float32Array(cells.length * width);
  for (let from = 0; from < cells.length;) {
    let to = from + 1;
    while (to < cells.length && cells[to]! - cells[to - 1]! <= GAP_CELLS) to++;
    const [first, end] = [cells[from]!, cells[to - 1]! + 1];
    const part = await project.readRunArrayPart(runId, name, first * width, end * width);
    for (let i = from; i < to; i++) {
      const at = (cells[i]! - first) * width;
      for (let j = 0; j < width; j++) rows[i * width + j] = part[at + j]!;
    }
    from = to;
  }
  return rows;
}

function meanProbabilities(rows: Float32Array, labels: readonly string[]): Why['probabilities'] {
  const sums = new Float64Array(labels.length);
  rows.forEach((value, i) => {
    sums[i % labels.length]! += value;
  });
  const cells = rows.length / labels.length;
  return labels.map((label, i) => ({ label, mean: sums[i]! / cells })).sort((a, b) => b.mean - a.mean);
}

/** At most `most` of them, evenly spread over their order. */
function evenSample(cells: Uint32Array, most: number): Uint32Array {
  if (cells.length <= most) return cells;
  return Uint32Array.from({ length: most }, (_, i) => cells[Math.floor((i * cells.length) / most)]!);
}

/** The value that comes most often; of several the smallest. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]![0];
}
