import { silhouettes } from './assess/silhouettes.ts';
import { stratifiedSample } from './assess/stratified-sample.ts';
import { neighbourMixing } from './assess/study-mixing.ts';
import { Random } from './base/random.ts';
import type { CancelSignal } from './base/cancel.ts';
import type { AlignedPair } from './data/aligned-pair.ts';
import { stackRows } from './data/collect-rows.ts';
import type { LabelTransfer } from './data/label-transfer.ts';
import type { MethodViews, MixingScores, StudyMixing } from './data/method-views.ts';
import { rowsAt } from './data/sparse-rows.ts';
import type { Study } from './data/study.ts';
import { exactNeighbours } from './prepare/exact-neighbours.ts';
import type { LayoutEngine } from './prepare/layout.ts';
import { lognorm } from './prepare/lognorm.ts';
import type { NeighbourSearch } from './prepare/neighbour-search.ts';
import { rawEmbedding } from './prepare/query-graph.ts';

/** Cells looked at for mixing, whose time grows with the square; query cells in the graph of labels; neighbours in both. */
const [MIXED_CELLS, GRAPH_CELLS, NEIGHBOURS] = [2000, 50_000, 15];

export interface ViewServices {
  readonly neighbours: NeighbourSearch;
  readonly layout: LayoutEngine;
  readonly seed: number;
  readonly signal: CancelSignal;
}

type Studies = Record<'reference' | 'query', Pick<Study, 'modality' | 'valueKind'>>;

/**
 * What the figures of methods show: how mixed the studies are before and after, and which labels are neighbours. Studies of more
 * cells are sampled: 2 000 cells for mixing, in which every label of each study keeps its share, and 50 000 for the graph of labels.
 */
export async function methodViews(
  studies: Studies,
  pair: AlignedPair,
  transfer: LabelTransfer,
  services: ViewServices,
): Promise<MethodViews> {
  return {
    mixing: await studyMixing(studies, pair, transfer, services),
    learnedGraph: await learnedGraph(transfer, services),
  };
}

async function studyMixing(
  studies: Studies,
  pair: AlignedPair,
  { reference, query, labels }: LabelTransfer,
  { layout, seed, signal }: ViewServices,
): Promise<StudyMixing> {
  const total = reference.cells.length + query.cells.length;
  const label = Int32Array.from({ length: total }, (_, cell) => {
    const own = cell - reference.cells.length;
    return own < 0 ? pair.reference.label[cell]! : labels.length + query.predicted[own]!;
  });
  const cells = stratifiedSample(label, MIXED_CELLS, Random.forPurpose(seed, 'mixing'));
  const study = cells.map((cell) => (cell < reference.cells.length ? 0 : 1));
  const labelOf = cells.map((cell) => label[cell]! % labels.length);

  const { width, values, how } = await rawValues(studies, pair, cells, { seed, signal });
  const { places } = await layout.umap(values, width, { seed, signal });
  const learned = new Float32Array(cells.length * query.width);
  cells.forEach((cell, row) => {
    const own = cell - reference.cells.length;
    const [from, at] = own < 0 ? [reference.embedding, cell] : [query.embedding, own];
    learned.set(from.subarray(at * query.width, (at + 1) * query.width), row * query.width);
  });
  const scores = async (embedding: Float32Array, across: number): Promise<MixingScores> => {
    const [silhouetteStudy = null, silhouetteLabel = null] = silhouettes(embedding, across, [study, labelOf]);
    const k = Math.min(NEIGHBOURS, cells.length - 1);
    const graph = await exactNeighbours.search(embedding, across, k, 'euclidean', { signal });
    return { silhouetteStudy, silhouetteLabel, neighbours: neighbourMixing(graph, study) };
  };
  return {
    ...{ cells, total, rawPlaces: places },
    rawHow: how,
    raw: await scores(values, width),
    learned: await scores(learned, query.width),
  };
}

/** Some cells of both studies on their shared features, before any training; counts are brought to one depth. */
async function rawValues(
  studies: Studies,
  { reference, query, features }: AlignedPair,
  cells: Int32Array,
  options: { readonly seed: number; readonly signal: CancelSignal },
) {
  const peaks = [studies.reference, studies.query].every(
    ({ modality, valueKind }) => modality === 'peaks' && valueKind === 'counts',
  );
  const n = reference.cells.length;
  const rows = async (side: 'reference' | 'query', which: Int32Array) => {
    const matrix = await rowsAt({ reference, query }[side].counts, which);
    const leave = peaks || studies[side].valueKind !== 'counts';
    return leave ? matrix : lognorm(matrix);
  };
  const matrix = stackRows(
    [
      await rows(
        'reference',
        cells.filter((cell) => cell < n),
      ),
      await rows(
        'query',
        cells.filter((cell) => cell >= n).map((cell) => cell - n),
      ),
    ],
    features.length,
  );
  return rawEmbedding(
    {
      name: 'both studies',
      modality: peaks ? 'peaks' : 'rna',
      valueKind: peaks ? 'counts' : 'log-normalised',
      species: 'unknown',
      cells: { ids: Array.from(cells, String), columns: new Map() },
      features: { ids: features, names: features, idType: 'other', columns: new Map() },
      matrix,
      embeddings: new Map(),
    },
    options,
  );
}

async function learnedGraph(
  { query }: LabelTransfer,
  { neighbours, seed, signal }: ViewServices,
): Promise<MethodViews['learnedGraph']> {
  const all = query.cells.length;
  const cells = Random.forPurpose(seed, 'graph of labels').sample(all, Math.min(all, GRAPH_CELLS)).sort();
  const embedding = new Float32Array(cells.length * query.width);
  cells.forEach((cell, row) => {
    embedding.set(query.embedding.subarray(cell * query.width, (cell + 1) * query.width), row * query.width);
  });
  const k = Math.min(NEIGHBOURS, cells.length - 1);
  if (k < 1) return { graph: { k: 0, indices: new Int32Array(0) }, cells };
  const { indices } = await neighbours.search(embedding, query.width, k, 'euclidean', { seed, signal });
  return { graph: { k, indices }, cells };
}
