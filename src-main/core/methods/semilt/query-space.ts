import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import { blocksOf, type SparseRows } from '../../data/sparse-rows.ts';
import { rawEmbedding } from '../../prepare/query-graph.ts';

/** The cells of the query as they lie in their own, untrained space: [cells, width] row by row. */
export interface QuerySpace {
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * The space in which SemiLT looks for neighbours of query cells: 50 principal components of the query's most variable shared features.
 *
 * Source: SemiLT (Adv Sci 2025) takes principal components of the query's peaks (counts brought to the same depth, on a log
 * scale).
 */
export async function querySpace(pair: AlignedPair, seed: number, signal?: CancelSignal): Promise<QuerySpace> {
  const { counts, cells } = pair.query;
  const { width, values } = await rawEmbedding(
    {
      name: 'query',
      modality: 'other',
      valueKind: (await wholeNumbers(counts, signal)) ? 'counts' : 'log-normalised',
      species: 'unknown',
      cells: { ids: cells, columns: new Map() },
      features: { ids: pair.features, names: pair.features, idType: 'other', columns: new Map() },
      matrix: counts,
      embeddings: new Map(),
    },
    { seed, ...(signal === undefined ? {} : { signal }) },
  );
  return { width, values };
}

async function wholeNumbers(counts: SparseRows, signal: CancelSignal | undefined): Promise<boolean> {
  for await (const { matrix } of blocksOf(counts, signal)) {
    if (!matrix.values.every((value) => Number.isInteger(value))) return false;
  }
  return true;
}
