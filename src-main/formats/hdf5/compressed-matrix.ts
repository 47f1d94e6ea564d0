import { setImmediate } from 'node:timers/promises';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { RowSpill, spillMemoryBytes } from '../spill/row-spill.ts';
import { spillRoom } from '../spill/spill-file.ts';
import type { ReadOptions, RowSample } from '../text/row-source.ts';
import { canonicalRows } from './canonical-rows.ts';
import type { Hdf5Dataset } from './hdf5-dataset.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { notFinite, numberList } from './matrix-place.ts';

/** Stored values that are read at once while columns are turned into rows. */
const blockValues = 4 * 1024 * 1024;
/** A sample of columns looks at this many runs of them, and at this many stored values of each at most. */
const sampledRuns = 10;
const runValues = 100_000;

/**
 * A sparse matrix in a group of three lists: for each line (a row in csr, a column in csc) `indptr` says where its
 * entries begin, `indices` the place of each across the line, `data` the values. Shapes and types are checked when it
 * is opened; the row pointer before the first read; indices and values as they are read.
 */
export class CompressedMatrix {
  readonly file: Hdf5File;
  readonly place: string;
  /** The number of lines. */
  readonly lines: number;
  /** Places across a line. */
  readonly across: number;
  /** The number of stored values. */
  readonly stored: number;
  readonly #data: Hdf5Dataset;
  readonly #indices: Hdf5Dataset;
  readonly #indptrList: Hdf5Dataset;
  #indptr: Float64Array | undefined;

  constructor(file: Hdf5File, place: string, lines: number, across: number) {
    this.file = file;
    this.place = place;
    this.lines = lines;
    this.across = across;
    this.#indptrList = numberList(file, `${place}/indptr`, 'where each row or column begins', lines + 1);
    this.#indices = numberList(file, `${place}/indices`, 'the place of each value', null);
    this.#data = numberList(file, `${place}/data`, 'the values of the matrix', this.#indices.length);
    this.stored = this.#data.length;
  }

  /** Lines from … to−1: [to − from, across], places rising within each line, repeated places added up. */
  readLines(from: number, to: number): CsrMatrix {
    const pointer = this.#checkedIndptr();
    const begin = pointer[from]!;
    const indptr = pointer.slice(from, to + 1).map((p) => p - begin);
    const { indices, values } = this.#readEntries(begin, pointer[to]!);
    return canonicalRows({ rows: to - from, columns: this.across, indptr, indices, values });
  }

  /**
   * The matrix with lines and places exchanged: rows of [across, lines], to be closed after use. The file is read once,
   * block by block; what does not fit into `memoryBytes` goes to a temporary file.
   *
   * Throws `reading.too-large-for-memory` where neither has room, `writing.failed`, `Cancelled`, and what reading finds.
   */
  async turnedOver({ signal, progress }: ReadOptions = {}, memoryBytes = spillMemoryBytes): Promise<RowSpill> {
    const pointer = this.#checkedIndptr();
    const bytes = 8 * this.stored;
    if (bytes > memoryBytes && bytes > spillRoom()) {
      const gigabytes = Math.ceil(bytes / 1e9);
      throw new AppError('reading.too-large-for-memory', { file: this.file.name, place: this.place, gigabytes });
    }
    const size = { rows: this.across, columns: this.lines, expected: this.stored };
    const spill = new RowSpill({ ...size, settle: canonicalRows, memoryBytes });
    try {
      let line = 0;
      for (let at = 0; at < this.stored; at += blockValues) {
        const end = Math.min(this.stored, at + blockValues);
        const { indices, values } = this.#readEntries(at, end);
        for (let p = 0; p < indices.length; p++) {
          while (pointer[line + 1]! <= at + p) line++;
          spill.add(indices[p]!, line, values[p]!);
        }
        progress?.(end / this.stored);
        await setImmediate(); // a request to stop is heard only between two turns
        throwIfCancelled(signal);
      }
      return spill.finish();
    } catch (error) {
      spill.close();
      throw error;
    }
  }

  /**
   * What some lines say about the matrix with lines and places exchanged, without turning it over: at most `count` rows,
   * evenly spread, with their values in ten runs of lines spread over the matrix. Reading stops after about `budgetMs`,
   * after one run at the earliest.
   */
  sampleTurned(count: number, budgetMs: number): RowSample {
    const pointer = this.#checkedIndptr();
    const started = performance.now();
    const step = Math.max(1, Math.ceil(this.across / count));
    const rows = Math.ceil(this.across / step);
    const spill = new RowSpill({ rows, columns: this.lines, expected: sampledRuns * runValues, settle: canonicalRows });
    let seen = 0;
    for (let run = 0; run < sampledRuns && (seen === 0 || performance.now() - started < budgetMs); run++) {
      const first = Math.floor((run * this.lines) / sampledRuns);
      const last = Math.floor(((run + 1) * this.lines) / sampledRuns);
      const begin = pointer[first]!;
      const end = Math.min(pointer[last]!, begin + runValues);
      const { indices, values } = this.#readEntries(begin, end);
      let line = first;
      for (let p = 0; p < indices.length; p++) {
        while (pointer[line + 1]! <= begin + p) line++;
        if (indices[p]! % step === 0) spill.add(indices[p]! / step, line, values[p]!);
      }
      seen += end === pointer[last] ? last - first : line - first + 1;
    }
    const matrix = spill.finish().read(0, rows);
    return { matrix, wholeRows: false, seen: seen / this.lines };
  }

  #readEntries(begin: number, end: number): { indices: Uint32Array; values: Float32Array } {
    const indices = this.#readIndices(begin, end);
    const values = this.#data.readFloats([begin], [end - begin]);
    for (let p = 0; p < values.length; p++) {
      if (!Number.isFinite(values[p])) throw this.#notFinite(begin + p, indices[p]!, values[p]!);
    }
    return { indices, values };
  }

  #readIndices(begin: number, end: number): Uint32Array {
    const indices = new Uint32Array(end - begin);
    for (let at = begin; at < end; at += blockValues) {
      const block = this.#indices.readNumbers([at], [Math.min(blockValues, end - at)]);
      for (let i = 0; i < block.length; i++) {
        const value = block[i]!;
        if (!(value >= 0 && value < this.across && Number.isInteger(value))) {
          const details = {
            file: this.file.name,
            place: this.#indices.place,
            position: at + i,
            value,
            limit: this.across,
          };
          throw new AppError('reading.index-out-of-range', details);
        }
        indices[at - begin + i] = value;
      }
    }
    return indices;
  }

  #checkedIndptr(): Float64Array {
    if (this.#indptr !== undefined) return this.#indptr;
    const indptr = this.#indptrList.readNumbers();
    const broken = (position: number, reason: string): AppError =>
      new AppError('reading.row-pointer-broken', {
        file: this.file.name,
        place: this.#indptrList.place,
        position,
        reason,
      });
    if (indptr[0] !== 0) throw broken(0, `it starts at ${indptr[0]} instead of 0`);
    for (let line = 1; line <= this.lines; line++) {
      if (!Number.isInteger(indptr[line])) throw broken(line, `${indptr[line]} is not a whole number`);
      if (indptr[line]! < indptr[line - 1]!) throw broken(line, `it falls from ${indptr[line - 1]} to ${indptr[line]}`);
    }
    if (indptr[this.lines] !== this.stored) {
      throw broken(this.lines, `it ends at ${indptr[this.lines]}, but ${this.stored} values are stored`);
    }
    this.#indptr = indptr;
    return indptr;
  }

  #notFinite(position: number, index: number, value: number): AppError {
    const pointer = this.#checkedIndptr();
    let low = 0;
    let high = this.lines;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (pointer[middle]! <= position) low = middle;
      else high = middle;
    }
    return notFinite({ file: this.file, place: this.place }, low, index, value);
  }
}
