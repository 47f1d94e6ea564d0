import type { CsrBatch } from '#core/train/csr-batch';

export interface DistinctRows {
  /** The batch without what comes again in its last part. */
  readonly cells: CsrBatch;
  /** [rows of the whole batch] the place of each row in `cells`; rows that come first there keep their order. */
  readonly places: Uint32Array;
}

/**
 * Rows that are encoded once though a batch has them more often: a partner may be a cell of the query's own part, or the partner of
 * two cells. Their embedding is the same, and the encoder's derivative of all is that of their sum. With 2 600 cells in the query and
 * 512 in a batch it is one row in eleven, with 50 000 next to none. Parts before the last have no row twice.
 */
export function distinctRows(batch: CsrBatch): DistinctRows {
  const { parts, rows } = batch;
  const places = Uint32Array.from({ length: rows }, (_, row) => row);
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (parts.length !== 3 || last === undefined || before?.matrix !== last.matrix || before.shift !== last.shift) {
    return { cells: batch, places };
  }
  const known = new Map<number, number>();
  const first = rows - last.rows.length;
  before.rows.forEach((row, i) => known.set(row, first - before.rows.length + i));
  const kept: number[] = [];
  last.rows.forEach((row, i) => {
    let place = known.get(row);
    if (place === undefined) {
      place = first + kept.length;
      known.set(row, place);
      kept.push(row);
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
