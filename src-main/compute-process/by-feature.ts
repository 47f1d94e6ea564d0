import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import { rowSums } from '#core/data/csr-matrix';
import { blocksOf, type SparseRows } from '#core/data/sparse-rows';
import { RowSpill } from '#formats/spill/row-spill';
import type { ArrayValues, DtypeName, StreamedArray } from '#store/stored-array';

/** Names of the arrays of a run that hold the query's values feature by feature. */
export const byFeatureNames = {
  /** [features + 1] float64: where the values of each feature begin. */
  starts: 'by-feature/starts',
  /** [stored] places of cells, rising within a feature; uint16 where there are at most 65 536 cells, else uint32. */
  cells: 'by-feature/cells',
  /** [stored] the values; whole numbers that are not negative in the smallest format that holds them, else float32. */
  values: 'by-feature/values',
  /** [cells] float64: sum of the values of each cell, over all features. */
  depth: 'by-feature/depth',
} as const;

/** Values that are put together into one piece of a stream. */
const PIECE = 1 << 20;

/**
 * The values of a query feature by feature (compressed columns), as streams for the array files of its project: one column
 * is then read in a millisecond, whatever the size of the study. Goes over the rows twice and turns them over by an external
 * sort (`RowSpill`), in 256 MB at most. Stored zeros are left out.
 *
 * @param matrix [cells, features] values as read; it must stay readable until the streams have ended
 * @returns the streams by name, and `close`, which must be called when they are done with
 */
export async function byFeature(
  matrix: SparseRows,
  signal?: AbortSignal,
): Promise<{ arrays: Readonly<Record<string, StreamedArray>>; close: () => void }> {
  const { rows: cells, columns: features } = matrix;
  const counts = new Uint32Array(features);
  const depth = new Float64Array(cells);
  let largest = 0;
  let whole = true;
  for await (const { from, matrix: block } of blocksOf(matrix, signal)) {
    depth.set(rowSums(block), from);
    for (let p = block.indptr[0]!; p < block.indptr[block.rows]!; p++) {
      const value = block.values[p]!;
      if (value === 0) continue;
      counts[block.indices[p]!]!++;
      if (value > largest) largest = value;
      if (!(value > 0 && Number.isInteger(value))) whole = false;
    }
    await setImmediate();
    throwIfCancelled(signal);
  }
  const starts = new Float64Array(features + 1);
  for (let feature = 0; feature < features; feature++) starts[feature + 1] = starts[feature]! + counts[feature]!;
  const stored = starts[features]!;

  const turned = new RowSpill({ rows: features, columns: cells, expected: stored });
  try {
    for await (const { from, matrix: block } of blocksOf(matrix, signal)) {
      for (let row = 0; row < block.rows; row++) {
        for (let p = block.indptr[row]!; p < block.indptr[row + 1]!; p++) {
          if (block.values[p] !== 0) turned.add(block.indices[p]!, from + row, block.values[p]!);
        }
      }
      await setImmediate();
      throwIfCancelled(signal);
    }
    turned.finish();
  } catch (error) {
    turned.close();
    throw error;
  }

  const format = whole ? wholeFormat(largest) : 'float32';
  const stream = (dtype: DtypeName, take: 'indices' | 'values'): StreamedArray => ({
    dtype,
    shape: [stored],
    pieces: () => columnPieces(turned, starts, take, formats[dtype], signal),
  });
  const single = (values: Float64Array): StreamedArray => ({
    dtype: 'float64',
    shape: [values.length],
    pieces: () => [values],
  });
  return {
    arrays: {
      [byFeatureNames.starts]: single(starts),
      [byFeatureNames.cells]: stream(cells <= 2 ** 16 ? 'uint16' : 'uint32', 'indices'),
      [byFeatureNames.values]: stream(format, 'values'),
      [byFeatureNames.depth]: single(depth),
    },
    close: () => turned.close(),
  };
}

const formats = {
  uint8: (values) => Uint8Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  float32: (values) => Float32Array.from(values),
} as const satisfies Partial<Record<DtypeName, (values: Uint32Array | Float32Array) => ArrayValues>> as Readonly<
  Record<string, (values: Uint32Array | Float32Array) => ArrayValues>
>;

function wholeFormat(largest: number): DtypeName {
  return largest < 2 ** 8 ? 'uint8' : largest < 2 ** 16 ? 'uint16' : 'uint32';
}

async function* columnPieces(
  turned: RowSpill,
  starts: Float64Array,
  take: 'indices' | 'values',
  format: ((values: Uint32Array | Float32Array) => ArrayValues) | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArrayValues, void, void> {
  if (format === undefined) throw new Error('columnPieces: no way to write this number format');
  for (let from = 0; from < turned.rows;) {
    let to = from + 1;
    while (to < turned.rows && starts[to + 1]! - starts[from]! <= PIECE) to++;
    yield format(turned.read(from, to)[take]);
    await setImmediate();
    throwIfCancelled(signal);
    from = to;
  }
}
