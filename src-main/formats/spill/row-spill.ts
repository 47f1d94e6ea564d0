import type { CsrMatrix } from '#core/data/csr-matrix';
import { stackRows } from '../read-rows.ts';
import { rowRange } from '../text/row-source.ts';
import { SpillFile } from './spill-file.ts';

/**
 * Memory that entries may take before they go to a temporary file. A quarter of a gigabyte is what a laptop of 8 GB
 * spares beside everything else, and holds 32 million values: studies of about 10 000 cells never touch the disk.
 */
export const spillMemoryBytes = 256 * 1024 * 1024;

/** A key (row of the band × columns + column) and a float32. */
const entryBytes = 8;
/** Entries of a chunk, the unit that is written and read: 64 KB. */
const largestChunk = 8192;
const smallestChunk = 16;
/** A key is a 32-bit number. */
const keys = 2 ** 32;

export interface RowSpillOptions {
  readonly rows: number;
  readonly columns: number;
  /** Entries that will come, about. */
  readonly expected: number;
  /**
   * Makes rows of entries in the order in which they came: puts them in order, adds up or refuses repeated places. Only
   * needed where entries of a row may come in another order than that of rising columns.
   */
  readonly settle?: (part: CsrMatrix, firstRow: number) => CsrMatrix;
  readonly memoryBytes?: number;
}

/**
 * Turns entries that come in any order into rows, in bounded memory: an external bucket sort. Rows are grouped in
 * bands; entries are kept in chunks, band by band, and when they fill the memory the full chunks go to a temporary
 * file. Rows are made again from one part of a band at a time (at most an eighth of the memory, or a single row); the
 * last part is kept, so that reading in order reads everything once. Entries of a row stay in the order in which they
 * came. Call `add` for every entry, then `finish`, then `read` as often as wanted, then `close`.
 */
export class RowSpill {
  readonly rows: number;
  readonly columns: number;
  readonly #settle: (part: CsrMatrix, firstRow: number) => CsrMatrix;
  /** Row → band. */
  readonly #shift: number;
  readonly #bands: Band[];
  readonly #chunkEntries: number;
  readonly #mostChunks: number;
  readonly #partEntries: number;
  /** [rows] entries of each row */
  readonly #counts: Uint32Array;
  #chunks = 0;
  #free: Chunk[] = [];
  #file: SpillFile | null = null;
  /** First row of each part, and the end. */
  #parts: number[] = [];
  #held: { readonly part: number; readonly matrix: CsrMatrix } | null = null;

  constructor({ rows, columns, expected, settle, memoryBytes = spillMemoryBytes }: RowSpillOptions) {
    this.rows = rows;
    this.columns = columns;
    this.#settle = settle ?? ((part) => part);
    const entries = Math.max(4 * smallestChunk, Math.floor(memoryBytes / entryBytes));
    this.#partEntries = entries >>> 3;
    // Every band has a chunk that is not full: with as many bands as this, those take a quarter of the memory.
    const mostBands = Math.floor(Math.sqrt(entries / 32));
    const bands = Math.max(1, Math.min(mostBands, Math.ceil(expected / this.#partEntries), rows));
    const bySize = Math.ceil(Math.log2(Math.max(1, rows / bands)));
    const byKey = Math.floor(Math.log2(keys / Math.max(1, columns)));
    this.#shift = Math.max(0, Math.min(bySize, byKey, 30));
    const count = Math.ceil(rows / 2 ** this.#shift);
    this.#chunkEntries = Math.max(smallestChunk, Math.min(largestChunk, Math.floor(entries / (4 * count || 1))));
    this.#mostChunks = Math.floor(entries / this.#chunkEntries);
    this.#bands = Array.from({ length: count }, () => ({
      chunk: null,
      filled: this.#chunkEntries,
      full: [],
      onDisk: [],
    }));
    this.#counts = new Uint32Array(rows);
  }

  /** Bytes in the temporary file; 0 while everything fits into memory. */
  get bytesOnDisk(): number {
    return this.#file?.length ?? 0;
  }

  /** Takes an entry. Throws `writing.failed` where the temporary file cannot take more. */
  add(row: number, column: number, value: number): void {
    const band = this.#bands[row >>> this.#shift]!;
    if (band.filled === this.#chunkEntries) this.#nextChunk(band);
    const inBand = row & ((1 << this.#shift) - 1);
    band.chunk!.keys[band.filled] = inBand * this.columns + column;
    band.chunk!.values[band.filled++] = value;
    this.#counts[row]!++;
  }

  /** Ends the taking of entries. */
  finish(): this {
    this.#free = [];
    let held = 0;
    for (let row = 0; row < this.rows; row++) {
      const atBand = (row & ((1 << this.#shift) - 1)) === 0;
      if (atBand || held + this.#counts[row]! > this.#partEntries) {
        this.#parts.push(row);
        held = 0;
      }
      held += this.#counts[row]!;
    }
    this.#parts.push(this.rows);
    return this;
  }

  /** Rows from … to−1: [to − from, columns]. */
  read(from: number, to: number): CsrMatrix {
    if (!(from >= 0 && from <= to && to <= this.rows)) throw new RangeError(`rows ${from} to ${to} of ${this.rows}`);
    const pieces: CsrMatrix[] = [];
    for (let part = this.#partOf(from), row = from; row < to; part++) {
      const [begin, end] = [this.#parts[part]!, Math.min(to, this.#parts[part + 1]!)];
      pieces.push(rowRange(this.#readPart(part), row - begin, end - begin));
      row = end;
    }
    return stackRows(pieces, this.columns);
  }

  /** Gives memory and disk back. Closing twice does nothing. */
  close(): void {
    this.#file?.close();
    this.#bands.length = 0;
    this.#free = [];
    this.#held = null;
  }

  #nextChunk(band: Band): void {
    if (band.chunk !== null) band.full.push(band.chunk);
    if (this.#chunks >= this.#mostChunks && this.#free.length === 0) this.#writeFullChunks();
    let chunk = this.#free.pop();
    if (chunk === undefined) {
      chunk = newChunk(this.#chunkEntries);
      this.#chunks++;
    }
    band.chunk = chunk;
    band.filled = 0;
  }

  #writeFullChunks(): void {
    this.#file ??= new SpillFile();
    for (const band of this.#bands) {
      for (const chunk of band.full) {
        band.onDisk.push(this.#file.append(chunk.bytes));
        this.#free.push(chunk);
      }
      band.full = [];
    }
  }

  /** The part that a row lies in. */
  #partOf(row: number): number {
    let [low, high] = [0, this.#parts.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#parts[middle]! <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  #readPart(part: number): CsrMatrix {
    if (this.#held?.part === part) return this.#held.matrix;
    this.#held = null;
    const [from, to] = [this.#parts[part]!, this.#parts[part + 1]!];
    const indptr = new Float64Array(to - from + 1);
    for (let row = from; row < to; row++) indptr[row - from + 1] = indptr[row - from]! + this.#counts[row]!;
    const next = indptr.slice();
    const indices = new Uint32Array(indptr[to - from]!);
    const values = new Float32Array(indices.length);
    const first = from & ((1 << this.#shift) - 1);
    const { columns } = this;
    const place = (chunk: Chunk, count: number): void => {
      for (let i = 0; i < count; i++) {
        const key = chunk.keys[i]!;
        const inBand = Math.floor(key / columns);
        const row = inBand - first;
        if (row < 0 || row >= to - from) continue;
        const at = next[row]!++;
        indices[at] = key - inBand * columns;
        values[at] = chunk.values[i]!;
      }
    };
    const band = this.#bands[from >>> this.#shift]!;
    const scratch = newChunk(band.onDisk.length > 0 ? this.#chunkEntries : 0);
    for (const at of band.onDisk) {
      this.#file!.read(scratch.bytes, at);
      place(scratch, this.#chunkEntries);
    }
    for (const chunk of band.full) place(chunk, this.#chunkEntries);
    if (band.chunk !== null) place(band.chunk, band.filled);
    const matrix = this.#settle({ rows: to - from, columns, indptr, indices, values }, from);
    this.#held = { part, matrix };
    return matrix;
  }
}

/** Rows that follow each other, with their entries: those on disk came first, those of `chunk` last. */
interface Band {
  /** The chunk that is being filled; null before the first entry. */
  chunk: Chunk | null;
  /** Entries in `chunk`; as many as a chunk takes where there is none. */
  filled: number;
  full: Chunk[];
  /** Where each written chunk begins. */
  readonly onDisk: number[];
}

/** Entries in the order in which they came; keys and values share the bytes. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly keys: Uint32Array;
  readonly values: Float32Array;
}

function newChunk(entries: number): Chunk {
  const buffer = new ArrayBuffer(entries * entryBytes);
  return {
    bytes: new Uint8Array(buffer),
    keys: new Uint32Array(buffer, 0, entries),
    values: new Float32Array(buffer, 4 * entries, entries),
  };
}
