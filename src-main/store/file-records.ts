import { read, readSync } from 'node:fs';
import { AppError } from '#core/base/app-error';
import type { RowRecords, ValueBytes } from '#core/data/row-records';
import { indexBytesFor } from './packed-rows.ts';
import { projectError } from './project-errors.ts';

/** An open file of packed rows. */
export interface OpenRowFile {
  readonly descriptor: number;
  /** For messages: its folder, and its name there. */
  readonly folder: string;
  readonly name: string;
}

/** What a file of rows holds: per row its stored values and the bytes of one of them. */
export interface RowTable {
  readonly columns: number;
  readonly counts: Uint32Array;
  readonly valueBytes: Uint8Array;
}

/** What reading may take where the system holds what is read: for a megabyte, and for each time it is asked. */
const MS_PER_MEGABYTE = 3;
const MS_PER_READING = 0.02;
/** Less than this says nothing about the disk. */
const TELLING_BYTES = 1 << 20;

/** The records of a file of rows, read when they are needed. Holds no memory of its own, but a record while it reads ahead. */
export class FileRecords implements RowRecords {
  readonly columnBytes: 2 | 4;
  readonly #file: OpenRowFile;
  readonly #table: RowTable;
  readonly #starts: Float64Array;
  readonly #watch: (reading: Promise<void>) => Promise<void>;
  #bytesRead = 0;
  /** What reading took beyond what it may take. */
  #msOver = 0;
  #slow = false;

  /**
   * @param starts [rows + 1] where each record begins in the file
   * @param watch is told of reading that goes on, which the file must stay open for
   */
  constructor(
    file: OpenRowFile,
    table: RowTable,
    starts: Float64Array,
    watch: (reading: Promise<void>) => Promise<void>,
  ) {
    this.columnBytes = indexBytesFor(table.columns);
    this.#file = file;
    this.#table = table;
    this.#starts = starts;
    this.#watch = watch;
  }

  count(row: number): number {
    return this.#table.counts[row]!;
  }

  valueBytes(row: number): ValueBytes {
    return this.#table.valueBytes[row] as ValueBytes;
  }

  bytes(row: number): number {
    return this.#starts[row + 1]! - this.#starts[row]!;
  }

  read(row: number, into: Uint8Array, at: number): void {
    const begun = performance.now();
    const { descriptor, folder } = this.#file;
    const begin = this.#starts[row]!;
    const bytes = this.bytes(row);
    for (let done = 0; done < bytes;) {
      let count: number;
      try {
        count = readSync(descriptor, into, at + done, bytes - done, begin + done);
      } catch (error) {
        throw projectError(folder, error);
      }
      if (count === 0) throw cutOff(this.#file, bytes - done);
      done += count;
    }
    this.#bytesRead += bytes;
    this.#msOver += performance.now() - begun - MS_PER_READING - (MS_PER_MEGABYTE * bytes) / 1e6;
  }

  /** A file that was slow once stays so: what was brought near is quick to read, and says nothing. */
  async near(rows: ArrayLike<number>): Promise<void> {
    if (this.#bytesRead >= TELLING_BYTES) {
      this.#slow ||= this.#msOver > 0;
      [this.#bytesRead, this.#msOver] = [0, 0];
    }
    if (this.#slow) await this.#watch(this.#bringNear(Uint32Array.from(rows).sort()));
  }

  /**
   * Has the system read records, so that it keeps them; what is wrong with one is told when it is needed. All are asked for at once, as the step
   * that goes on leaves no turn to ask for the next one; nobody looks at what is read, so one place is enough for it.
   */
  async #bringNear(rising: Uint32Array): Promise<void> {
    const into = new Uint8Array(rising.reduce((most, row) => Math.max(most, this.bytes(row)), 0));
    await Promise.all(Array.from(rising, (row) => this.#touch(row, into)));
  }

  #touch(row: number, into: Uint8Array): Promise<void> {
    return new Promise((done) => {
      read(this.#file.descriptor, into, 0, this.bytes(row), this.#starts[row]!, () => done());
    });
  }
}

/** A file that ends before what its table says. */
export function cutOff({ folder, name: file }: OpenRowFile, missing: number): AppError {
  const reason = `ends ${missing} bytes too soon`;
  return new AppError('project.damaged-array', { project: folder, name: 'prepared rows', file, reason });
}
