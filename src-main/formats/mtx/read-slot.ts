import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import { sortRow, type CsrMatrix } from '#core/data/csr-matrix';
import type { CellTable } from '#core/data/study';
import { RowSpill, spillMemoryBytes } from '../spill/row-spill.ts';
import type { ReadOptions } from '../text/row-source.ts';
import type { FeatureSlot } from './feature-slots.ts';
import { visitEntries } from './matrix-market.ts';

/** Where the entries of a slot are found. */
export interface SlotSource {
  readonly path: string;
  /** Entries that the file declares, those of other slots included. */
  readonly entries: number;
  readonly cells: CellTable;
  readonly cellsAreRows: boolean;
  readonly features: FeatureSlot;
}

/**
 * The entries of a slot as rows of cells, [cells, features of the slot], to be closed after use. The file is read once,
 * in whatever order its entries lie; what does not fit into `memoryBytes` goes to a temporary file.
 *
 * Throws what `visitEntries` throws, `writing.failed` and `Cancelled`; reading rows throws `reading.mtx-twice`.
 */
export async function readSlot(
  { path, entries, cells, cellsAreRows, features: { table, columnOf } }: SlotSource,
  { signal, progress }: ReadOptions = {},
  memoryBytes = spillMemoryBytes,
): Promise<RowSpill> {
  const { size } = await stat(path);
  const twice = (cell: number, target: number): AppError => {
    const feature = columnOf.indexOf(target) + 1;
    return new AppError('reading.mtx-twice', {
      file: basename(path),
      feature: table.ids[target]!,
      cell: cells.ids[cell]!,
      row: cellsAreRows ? cell + 1 : feature,
      column: cellsAreRows ? feature : cell + 1,
    });
  };
  const spill = new RowSpill({
    rows: cells.ids.length,
    columns: table.ids.length,
    expected: entries,
    settle: (part, firstCell) => inOrder(part, (row, column) => twice(firstCell + row, column)),
    memoryBytes,
  });
  const add = (row: number, column: number, value: number): boolean => {
    const target = columnOf[cellsAreRows ? column : row]!;
    if (target >= 0) spill.add(cellsAreRows ? row : column, target, value);
    return true;
  };
  const between = (bytesRead: number): boolean => {
    progress?.(Math.min(1, bytesRead / size));
    return signal?.aborted !== true;
  };
  try {
    await visitEntries(path, add, between);
    throwIfCancelled(signal);
    return spill.finish();
  } catch (error) {
    spill.close();
    throw error;
  }
}

/** The rows with their columns rising; a column named twice in a row is refused. */
function inOrder(part: CsrMatrix, twice: (row: number, column: number) => AppError): CsrMatrix {
  for (let row = 0; row < part.rows; row++) {
    const [from, to] = [part.indptr[row]!, part.indptr[row + 1]!];
    sortRow(part.indices, part.values, from, to);
    for (let p = from + 1; p < to; p++) {
      if (part.indices[p] === part.indices[p - 1]) throw twice(row, part.indices[p]!);
    }
  }
  return part;
}
