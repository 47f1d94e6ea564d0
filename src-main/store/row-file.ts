import { read } from 'node:fs';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { RowRecords, ValueBytes } from '#core/data/row-records';
import type { RowBlock, StoredRows } from '#core/data/sparse-rows';
import { cutOff, FileRecords, type OpenRowFile, type RowTable } from './file-records.ts';
import { indexBytesFor, recordBytes, type RecordPlace, unpackRows } from './packed-rows.ts';
import { projectError } from './project-errors.ts';

/** Bytes of a block: what is read ahead and unpacked at once. A block is then about a million counts, 12 MB unpacked. */
const BLOCK_BYTES = 4 << 20;

/** Bytes between two wanted rows that are read along with them: as cheap as another request on any disk. */
const GAP_BYTES = 4096;

/** Rows in a file, read when they are asked for. 13 bytes a row are held in memory. */
export class RowFile implements StoredRows {
  readonly rows: number;
  readonly columns: number;
  readonly stored: number;
  readonly #file: OpenRowFile;
  readonly #table: RowTable;
  /** [rows + 1] where each record begins */
  readonly #starts: Float64Array;
  readonly #reading = new Set<Promise<void>>();
  readonly records: RowRecords;

  constructor(file: OpenRowFile, table: RowTable) {
    this.#file = file;
    this.#table = table;
    this.rows = table.counts.length;
    this.columns = table.columns;
    this.#starts = new Float64Array(this.rows + 1);
    let stored = 0;
    for (let row = 0; row < this.rows; row++) {
      const bytes = recordBytes(table.counts[row]!, indexBytesFor(table.columns), table.valueBytes[row]!);
      this.#starts[row + 1] = this.#starts[row]! + bytes;
      stored += table.counts[row]!;
    }
    this.stored = stored;
    this.records = new FileRecords(file, table, this.#starts, (reading) => this.#watch(reading));
  }

  async take(which: ArrayLike<number>): Promise<CsrMatrix> {
    const wanted = Uint32Array.from(which);
    for (let i = 0; i < which.length; i++) {
      if (!(which[i]! >= 0 && which[i]! < this.rows)) throw new RangeError(`takeRows: row ${which[i]} of ${this.rows}`);
    }
    const rising = wanted.slice().sort();
    const ranges: Range[] = [];
    let size = 0;
    for (const row of rising) {
      const [begin, end] = [this.#starts[row]!, this.#starts[row + 1]!];
      const last = ranges.at(-1);
      if (last !== undefined && begin - last.end <= GAP_BYTES) {
        size += Math.max(0, end - last.end);
        last.end = Math.max(last.end, end);
      } else {
        ranges.push({ begin, end, at: size });
        size += end - begin;
      }
    }
    const buffer = new ArrayBuffer(size);
    await this.#read(buffer, ranges);
    const places = Array.from(wanted, (row) => {
      const range = ranges[lastAtOrBefore(ranges, this.#starts[row]!)]!;
      return this.#place(row, range.at + this.#starts[row]! - range.begin);
    });
    return unpackRows(buffer, places, this.columns);
  }

  async *blocks(signal?: CancelSignal): AsyncGenerator<RowBlock, void, void> {
    let ahead = this.#readBlock(0, new ArrayBuffer(0));
    let spare = new ArrayBuffer(0);
    for (let from = 0; from < this.rows;) {
      const { to, buffer } = await ahead;
      throwIfCancelled(signal);
      ahead = this.#readBlock(to, spare);
      ahead.catch(() => undefined); // it is told when the block is asked for
      const begin = this.#starts[from]!;
      const places = Array.from({ length: to - from }, (_, i) =>
        this.#place(from + i, this.#starts[from + i]! - begin),
      );
      yield { from, matrix: unpackRows(buffer, places, this.columns) };
      throwIfCancelled(signal);
      spare = buffer;
      from = to;
    }
  }

  /** Resolves when nothing of the file is being read any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#reading);
  }

  /** The rows from `from` on that make up a block, read into `spare` where they fit. */
  async #readBlock(from: number, spare: ArrayBuffer): Promise<{ to: number; buffer: ArrayBuffer }> {
    let to = Math.min(from + 1, this.rows);
    const begin = this.#starts[from]!;
    while (to < this.rows && this.#starts[to + 1]! - begin <= BLOCK_BYTES) to++;
    const end = this.#starts[to]!;
    const buffer = spare.byteLength >= end - begin ? spare : new ArrayBuffer(Math.max(BLOCK_BYTES, end - begin));
    await this.#read(buffer, [{ begin, end, at: 0 }]);
    return { to, buffer };
  }

  #place(row: number, at: number): RecordPlace {
    return { at, count: this.#table.counts[row]!, valueBytes: this.#table.valueBytes[row] as ValueBytes };
  }

  /** Reads all ranges into the buffer, as many at once as the system does. */
  async #read(buffer: ArrayBuffer, ranges: readonly Range[]): Promise<void> {
    const all = Promise.all(ranges.map((range) => this.#readRange(buffer, range))).then(() => undefined);
    try {
      await this.#watch(all);
    } catch (error) {
      throw projectError(this.#file.folder, error);
    }
  }

  /** The file is not closed before this has come to an end. */
  async #watch(reading: Promise<void>): Promise<void> {
    this.#reading.add(reading);
    try {
      await reading;
    } finally {
      this.#reading.delete(reading);
    }
  }

  #readRange(buffer: ArrayBuffer, { begin, end, at }: Range): Promise<void> {
    const bytes = new Uint8Array(buffer, at, end - begin);
    return new Promise((resolve, reject) => {
      const readOn = (done: number): void => {
        if (done === bytes.length) return resolve();
        read(this.#file.descriptor, bytes, done, bytes.length - done, begin + done, (error, count) => {
          if (error !== null) reject(error);
          else if (count === 0) reject(cutOff(this.#file, bytes.length - done));
          else readOn(done + count);
        });
      };
      readOn(0);
    });
  }
}

/** Bytes from … to of the file, and where they go in the buffer. */
interface Range {
  readonly begin: number;
  end: number;
  readonly at: number;
}

/** The last range that begins at or before a place. */
function lastAtOrBefore(ranges: readonly Range[], place: number): number {
  let [low, high] = [0, ranges.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.begin <= place) low = middle;
    else high = middle;
  }
  return low;
}
