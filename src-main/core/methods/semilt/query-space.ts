import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import { blocksOf, type SparseRows } from '../../data/sparse-rows.ts';
import type { CellEmbedding } from '../../data/study.ts';
import { rawEmbedding } from '../../prepare/query-graph.ts';

/**
 * The space in which SemiLT looks for neighbours of query cells: that of the preparation, which is made from the query's peaks
 * where they are given; where it was not kept, 50 principal components of the query's most variable shared features.
 *
 * Source: SemiLT (Adv Sci 2025) takes 50 principal components of the query's peaks (counts brought to the same depth, on a
 * log scale); the preparation takes LSI components of them.
 */
export async function querySpace(pair: AlignedPair, seed: number, signal?: CancelSignal): Promise<CellEmbedding> {
  const { counts, cells, space } = pair.query;
  if (space !== undefined) return space;
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
