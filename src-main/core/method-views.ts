import { silhouettes } from './assess/silhouettes.ts';
import { stratifiedSample } from './assess/stratified-sample.ts';
import { neighbourMixing } from './assess/study-mixing.ts';
import { Random } from './base/random.ts';
import type { CancelSignal } from './base/cancel.ts';
import type { AlignedPair } from './data/aligned-pair.ts';
import { stackRows } from './data/collect-rows.ts';
import type { LabelTransfer } from './data/label-transfer.ts';
import type { MethodViews, MixingScores, RawSpace, StudyMixing } from './data/method-views.ts';
import type { SparseProducts } from './data/sparse-products.ts';
import { rowsAt } from './data/sparse-rows.ts';
import type { Study } from './data/study.ts';
import type { LayoutEngine, UmapOptions } from './prepare/layout.ts';
import { lognorm } from './prepare/lognorm.ts';
import type { NeighbourSearch } from './prepare/neighbour-search.ts';
import { rawEmbedding } from './prepare/query-graph.ts';

/** Cells of the map before training at most. */
export const RAW_CELLS = 10_000;
/** Cells looked at for mixing, whose time grows with the square. */
const MIXED_CELLS = 2000;
/** Query cells in the graph of labels; neighbours in it, for mixing and in the map before training. */
const [GRAPH_CELLS, NEIGHBOURS] = [50_000, 15];
/**
 * The map before training is looked at beside the learned one and need not be as fine: half its neighbours, which halves the
 * time, and fewer rounds.
 */
const rawUmap = (cells: number): Pick<UmapOptions, 'neighbours' | 'epochs'> => ({
  neighbours: NEIGHBOURS,
  epochs: cells <= MANY_RAW_CELLS ? 200 : 100,
});
const MANY_RAW_CELLS = 5000;

export interface ViewServices {
  readonly neighbours: NeighbourSearch;
  readonly layout: LayoutEngine;
  /** Multiplies faster than plain code where an engine offers it. */
  readonly products?: SparseProducts | undefined;
  /** Told the fraction done, 0 … 1. */
  readonly progress?: ((fraction: number) => void) | undefined;
  readonly seed: number;
  readonly signal: CancelSignal;
}

type Studies = Record<'reference' | 'query', Pick<Study, 'modality' | 'valueKind'>>;

/**
 * What the figures of methods show: the studies before training, how mixed they are before and after, and which labels are
 * neighbours. Studies of more cells are sampled: 10 000 cells are laid out, 2 000 of them looked at for mixing, in both of which
 * every label of each study keeps its share, and 50 000 for the graph of labels.
 */
export async function methodViews(
  studies: Studies,
  pair: AlignedPair,
  transfer: LabelTransfer,
  services: ViewServices,
): Promise<MethodViews> {
  const { raw, values, width } = await rawSpace(studies, pair, transfer, services);
  return {
    raw,
    mixing: await studyMixing({ ...raw, values, width }, pair, transfer, services),
    learnedGraph: await learnedGraph(transfer, services),
  };
}

/** Places in the plane and values of the studies before training. */
async function rawSpace(
  studies: Studies,
  pair: AlignedPair,
  transfer: LabelTransfer,
  { layout, products, seed, signal, progress }: ViewServices,
): Promise<{ readonly raw: RawSpace; readonly values: Float32Array; readonly width: number }> {
  const cells = stratifiedSample(strataOf(pair, transfer), RAW_CELLS, Random.forPurpose(seed, 'raw map'));
  const { width, values, how } = await rawValues(studies, pair, cells, { seed, signal, products });
  const { places } = await layout.umap(values, width, { seed, signal, progress, ...rawUmap(cells.length) });
  return { raw: { cells, places, how }, values, width };
}

/** [reference + query cells] a number for each label of each study; of the query the predicted ones. */
function strataOf(pair: AlignedPair, { reference, query, labels }: LabelTransfer): Int32Array {
  return Int32Array.from({ length: reference.cells.length + query.cells.length }, (_, cell) => {
    const own = cell - reference.cells.length;
    return own < 0 ? pair.reference.label[cell]! : labels.length + query.predicted[own]!;
  });
}

/** @param raw its cells; the studies are compared on some of them */
async function studyMixing(
  raw: RawSpace & { readonly values: Float32Array; readonly width: number },
  pair: AlignedPair,
  transfer: LabelTransfer,
  { neighbours, seed, signal }: ViewServices,
): Promise<StudyMixing> {
  const { reference, query, labels } = transfer;
  const strata = strataOf(pair, transfer);
  const rows = stratifiedSample(
    raw.cells.map((cell) => strata[cell]!),
    MIXED_CELLS,
    Random.forPurpose(seed, 'mixing'),
  );
  const cells = rows.map((row) => raw.cells[row]!);
  const study = cells.map((cell) => (cell < reference.cells.length ? 0 : 1));
  const labelOf = cells.map((cell) => strata[cell]! % labels.length);

  const learned = new Float32Array(cells.length * query.width);
  cells.forEach((cell, row) => {
    const own = cell - reference.cells.length;
    const [from, at] = own < 0 ? [reference.embedding, cell] : [query.embedding, own];
    learned.set(from.subarray(at * query.width, (at + 1) * query.width), row * query.width);
  });
  const scores = async (embedding: Float32Array, across: number): Promise<MixingScores> => {
    const [silhouetteStudy = null, silhouetteLabel = null] = silhouettes(embedding, across, [study, labelOf]);
    const k = Math.min(NEIGHBOURS, cells.length - 1);
    const { indices } = await neighbours.search(embedding, across, k, 'euclidean', { seed, signal });
    return { silhouetteStudy, silhouetteLabel, neighbours: neighbourMixing({ k, indices }, study) };
  };
  return {
    ...{ cells, total: reference.cells.length + query.cells.length },
    rawPlaces: rowsOf(raw.places, 2, rows),
    rawHow: raw.how,
    raw: await scores(rowsOf(raw.values, raw.width, rows), raw.width),
    learned: await scores(learned, query.width),
  };
}

/** Some rows of [n, width] values. */
function rowsOf(values: Float32Array, width: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, to) => out.set(values.subarray(row * width, (row + 1) * width), to * width));
  return out;
}

/** Some cells of both studies on their shared features, before any training; counts are brought to one depth. */
async function rawValues(
  studies: Studies,
  { reference, query, features }: AlignedPair,
  cells: Int32Array,
  options: Pick<ViewServices, 'seed' | 'signal' | 'products'>,
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
