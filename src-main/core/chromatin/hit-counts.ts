import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import { collectRows } from '../data/collect-rows.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { RowStore, SparseRows } from '../data/sparse-rows.ts';

type Whole = Uint8Array | Uint16Array | Uint32Array;

/** Hits put together: those of row r are places `first[r]` … `first[r + 1] − 1`, columns rising, each with how often it was hit. */
interface Run {
  readonly first: Uint32Array;
  readonly columns: Whole;
  readonly times: Whole;
}

/** Stored values of one piece of the matrix that is handed out. */
const valuesPerPiece = 1 << 20;

/**
 * Counts how often each (cell, feature) is hit, hits coming one at a time in any order. Hits are appended to two arrays;
 * when these are full, they are put in order and become a run, in which every pair stands once and in the fewest bytes
 * that hold it. Memory is 3 to 12 bytes for each pair that a run holds, at most what the finished matrix takes; for a
 * file sorted by position hardly a pair stands in two runs.
 */
export class HitCounts {
  readonly #columns: number;
  readonly #hitsPerRun: number;
  #rowOf: Uint32Array;
  #columnOf: Uint32Array;
  #runs: Run[] = [];
  #handedOut = false;
  #held = 0;

  /** @param columns how many features there are; @param hitsPerRun hits that are put in order at once */
  constructor(columns: number, hitsPerRun = 1 << 22) {
    if (columns > 2 ** 32) throw new RangeError(`HitCounts: ${columns} columns`);
    this.#columns = columns;
    this.#hitsPerRun = hitsPerRun;
    this.#rowOf = new Uint32Array(Math.min(hitsPerRun, 1 << 12));
    this.#columnOf = new Uint32Array(this.#rowOf.length);
  }

  /** One more hit. Neither number is checked: rows are asked for by `pieces`, a column lies below `columns`. */
  add(row: number, column: number): void {
    if (this.#held === this.#rowOf.length) this.#makeRoom();
    this.#rowOf[this.#held] = row;
    this.#columnOf[this.#held++] = column;
  }

  /** Pairs in all runs: at least the stored values of the matrix, and as many where no pair stands in two runs. */
  get pairs(): number {
    this.#flush();
    return this.#runs.reduce((sum, run) => sum + run.columns.length, 0);
  }

  /**
   * Rows 0 … rows − 1 of [rows, columns], in order, some at a time. Columns rise, values are counts. Can be asked for once:
   * what was counted is let go of when the last rows have been handed out.
   */
  *pieces(rows: number, signal?: CancelSignal): Generator<CsrMatrix, void, void> {
    if (this.#handedOut) throw new Error('HitCounts: the rows were handed out before');
    this.#flush();
    this.#handedOut = true;
    this.#rowOf = this.#columnOf = new Uint32Array(0);
    for (let from = 0; from < rows;) {
      throwIfCancelled(signal);
      let [to, pairs] = [from, 0];
      for (; to < rows && (to === from || pairs < valuesPerPiece); to++) pairs += this.#pairsOf(to);
      yield this.#piece(from, to, pairs);
      from = to;
    }
    this.#runs = [];
  }

  /** The counts of rows 0 … rows − 1, in memory or, where they are too many for that, in the store: [rows, columns]. */
  async matrix(rows: number, store?: RowStore, signal?: CancelSignal): Promise<SparseRows> {
    const shape = { rows, columns: this.#columns, stored: this.pairs };
    return collectRows(inTurn(this.pieces(rows, signal)), shape, store, signal);
  }

  #pairsOf(row: number): number {
    let pairs = 0;
    for (const { first } of this.#runs) if (row + 1 < first.length) pairs += first[row + 1]! - first[row]!;
    return pairs;
  }

  #piece(from: number, to: number, most: number): CsrMatrix {
    const indptr = new Float64Array(to - from + 1);
    const indices = new Uint32Array(most);
    const values = new Float32Array(most);
    let at = 0;
    for (let row = from; row < to; row++) {
      const start = at;
      for (const { first, columns, times } of this.#runs) {
        if (row + 1 >= first.length) continue;
        for (let p = first[row]!; p < first[row + 1]!; p++) {
          indices[at] = columns[p]!;
          values[at++] = times[p]!;
        }
      }
      sortPairs(indices, values, start, at, this.#columns);
      at = withoutRepeats(indices, values, start, at);
      indptr[row - from + 1] = at;
    }
    const kept = <T extends Uint32Array | Float32Array>(all: T): T => (at === most ? all : (all.slice(0, at) as T));
    return { rows: to - from, columns: this.#columns, indptr, indices: kept(indices), values: kept(values) };
  }

  /** Takes longer arrays until they hold a run, then makes runs. */
  #makeRoom(): void {
    const held = this.#rowOf.length;
    if (held === this.#hitsPerRun || this.#handedOut) {
      this.#flush();
      return;
    }
    const [rowOf, columnOf] = [this.#rowOf, this.#columnOf];
    this.#rowOf = new Uint32Array(Math.min(this.#hitsPerRun, 4 * held));
    this.#columnOf = new Uint32Array(this.#rowOf.length);
    this.#rowOf.set(rowOf);
    this.#columnOf.set(columnOf);
  }

  #flush(): void {
    if (this.#handedOut) throw new Error('HitCounts: nothing can be added once the rows were handed out');
    if (this.#held === 0) return;
    this.#runs.push(runOf(this.#rowOf.subarray(0, this.#held), this.#columnOf.subarray(0, this.#held)));
    this.#held = 0;
  }
}

/** Puts the pairs from … to − 1 in order of their columns. Pairs that are in order already cost one pass. */
function sortPairs(indices: Uint32Array, values: Float32Array, from: number, to: number, columns: number): void {
  let sorted = true;
  for (let p = from + 1; p < to && sorted; p++) sorted = indices[p - 1]! <= indices[p]!;
  if (sorted) return;
  // place and column in one float64, exact up to 2⁵³: such numbers are sorted without a call per comparison
  const places = to - from;
  if (places * columns > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`sortPairs: ${places} pairs, ${columns} columns`);
  const keys = Float64Array.from({ length: places }, (_, i) => indices[from + i]! * places + i);
  keys.sort();
  const before = values.slice(from, to);
  for (let i = 0; i < places; i++) {
    const column = Math.floor(keys[i]! / places);
    indices[from + i] = column;
    values[from + i] = before[keys[i]! - column * places]!;
  }
}

/** Adds up neighbours of one column among from … to − 1, in which columns do not fall; gives back the new end. */
function withoutRepeats(indices: Uint32Array, values: Float32Array, from: number, to: number): number {
  let end = from;
  for (let p = from; p < to; p++) {
    if (end > from && indices[end - 1] === indices[p]) {
      values[end - 1]! += values[p]!;
      continue;
    }
    indices[end] = indices[p]!;
    values[end++] = values[p]!;
  }
  return end;
}

/** Hits by row (counting sort), then by column within each row, the same pairs put together. */
function runOf(rowOf: Uint32Array, columnOf: Uint32Array): Run {
  let rows = 0;
  for (const row of rowOf) if (row >= rows) rows = row + 1;
  const first = new Uint32Array(rows + 1);
  for (const row of rowOf) first[row + 1]!++;
  for (let row = 0; row < rows; row++) first[row + 1]! += first[row]!;
  const sorted = new Uint32Array(columnOf.length);
  const next = first.slice(0, rows);
  for (let i = 0; i < columnOf.length; i++) sorted[next[rowOf[i]!]!++] = columnOf[i]!;

  const times = new Uint32Array(sorted.length);
  let [end, most, widest] = [0, 0, 0];
  for (let row = 0, from = 0; row < rows; row++) {
    const to = first[row + 1]!;
    sortRange(sorted, from, to);
    first[row] = end;
    for (let p = from; p < to; p++) {
      const column = sorted[p]!;
      if (end > first[row]! && sorted[end - 1] === column) times[end - 1]!++;
      else {
        sorted[end] = column;
        times[end++] = 1;
      }
    }
    for (let p = first[row]!; p < end; p++) if (times[p]! > most) most = times[p]!;
    if (end > first[row]! && sorted[end - 1]! > widest) widest = sorted[end - 1]!;
    from = to;
  }
  first[rows] = end;
  return { first, columns: narrowed(sorted, end, widest), times: narrowed(times, end, most) };
}

function sortRange(values: Uint32Array, from: number, to: number): void {
  if (to - from > 24) {
    values.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    let j = i;
    for (; j > from && values[j - 1]! > value; j--) values[j] = values[j - 1]!;
    values[j] = value;
  }
}

/** The first `length` numbers in as few bytes as the largest needs. */
function narrowed(values: Uint32Array, length: number, largest: number): Whole {
  const part = values.subarray(0, length);
  return largest < 256 ? Uint8Array.from(part) : largest < 65_536 ? Uint16Array.from(part) : part.slice();
}

async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
