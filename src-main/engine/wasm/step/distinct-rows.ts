import type { SparseRows } from '#core/data/sparse-rows';
import type { BatchPart, CsrBatch } from '#core/train/csr-batch';

export interface DistinctRows {
  /** The batch without what comes again in its last part. */
  readonly cells: CsrBatch<SparseRows>;
  /** [rows of the whole batch] the place of each row in `cells`; rows that come first there keep their order. */
  readonly places: Uint32Array;
}

/**
 * Rows that are encoded once though a batch has them more often: a partner may be a cell of the query's own part, or the partner of
 * two cells. Their embedding is the same, and the encoder's derivative of all is that of their sum. With 2 600 cells in the query and
 * 512 in a batch it is one row in eleven, with 50 000 next to none. Parts before the last have no row twice.
 */
export function distinctRows(batch: CsrBatch<SparseRows>): DistinctRows {
  const { parts, rows } = batch;
  const places = Uint32Array.from({ length: rows }, (_, row) => row);
  const [before, last] = parts.slice(-2);
  if (parts.length !== 3 || before === undefined || last === undefined) return { cells: batch, places };
  const [ofBefore, ofLast] = [originOf(before), originOf(last)];
  if (ofBefore.input !== ofLast.input || before.shift !== last.shift) return { cells: batch, places };
  const known = new Map<number, number>();
  const first = rows - last.rows.length;
  ofBefore.rows.forEach((row, i) => known.set(row, first - before.rows.length + i));
  const kept: number[] = [];
  ofLast.rows.forEach((row, i) => {
    let place = known.get(row);
    if (place === undefined) {
      place = first + kept.length;
      known.set(row, place);
      kept.push(last.rows[i]!);
    }
    places[first + i] = place;
  });
  if (kept.length === last.rows.length) return { cells: batch, places };
  const cells = {
    ...batch,
    rows: first + kept.length,
    parts: [...parts.slice(0, -1), { ...last, rows: Int32Array.from(kept) }],
  };
  return { cells, places };
}

/** Of which matrix the rows of a part are, and their numbers there: the same whether they are in memory or were read. */
function originOf({ matrix, rows, from }: BatchPart<SparseRows>): {
  readonly input: object;
  readonly rows: Int32Array;
} {
  return from ?? { input: matrix, rows };
}
