import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, statSync, write } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { ExpectedRows, RowStore, StoredRows } from '#core/data/sparse-rows';
import { packRows } from './packed-rows.ts';
import { projectError, withProjectErrors } from './project-errors.ts';
import { RowFile } from './row-file.ts';
import { isAbandoned, temporaryName } from './temporary-name.ts';

/**
 * Stored values up to which a study stays in memory: 8 bytes each, and about 30 once counts, input and the space of the
 * neighbours stand beside each other. Two studies of this size are prepared within 4 GB.
 */
export const VALUES_IN_MEMORY = 50_000_000;

const stem = 'rows';

/**
 * Rows of a run that are too many for memory, in files of a folder: of the run's project, or for temporary files.
 *
 * The files are the run's own and end with it. Where the system allows it a file has no name any more once it is open, so that
 * its space is free again whatever ends the process; where it does not, a file is removed on `close`, and what a killed process
 * left is removed by the next store in the folder (in a project by its next opening).
 */
export class RowFiles implements RowStore {
  readonly valuesInMemory: number;
  readonly #folder: string;
  readonly #room: (folder: string) => number;
  readonly #files: { readonly rows: RowFile; readonly close: () => void }[] = [];

  /** @param options.room gives the bytes that may still be written; only tests give one */
  constructor(
    folder: string,
    {
      valuesInMemory = VALUES_IN_MEMORY,
      room = roomIn,
    }: { readonly valuesInMemory?: number; readonly room?: (folder: string) => number } = {},
  ) {
    this.#folder = folder;
    this.valuesInMemory = valuesInMemory;
    this.#room = room;
    withProjectErrors(folder, () => {
      mkdirSync(folder, { recursive: true });
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const modifiedAt = (): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
        if (name.startsWith(`.${stem}~`) && isAbandoned(name, modifiedAt)) rmSync(path, { force: true });
      }
    });
  }

  /** Throws `project.no-room` where it is foreseen that the disk is too small, `project.disk-full` where it turns out to be. */
  async keep(rows: AsyncIterable<CsrMatrix>, shape: ExpectedRows, signal?: CancelSignal): Promise<StoredRows> {
    const path = join(this.#folder, temporaryName(stem));
    const descriptor = withProjectErrors(this.#folder, () => openSync(path, 'wx+', 0o600));
    let named = !removed(path);
    const close = (): void => {
      closeSync(descriptor);
      if (named) named = !removed(path);
    };
    try {
      const table = await this.#write(descriptor, rows, shape, signal);
      const file = { descriptor, folder: this.#folder, name: basename(path) };
      const kept = new RowFile(file, { ...table, columns: shape.columns });
      this.#files.push({ rows: kept, close });
      return kept;
    } catch (error) {
      close();
      throw projectError(this.#folder, error);
    }
  }

  /** Gives the disk back. Rows that were kept cannot be read any more. Closing twice does nothing. */
  async close(): Promise<void> {
    for (const { rows, close } of this.#files.splice(0)) {
      await rows.settled();
      close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Writes each piece while the next one is made. */
  async #write(
    descriptor: number,
    rows: AsyncIterable<CsrMatrix>,
    shape: ExpectedRows,
    signal: CancelSignal | undefined,
  ): Promise<{ counts: Uint32Array; valueBytes: Uint8Array }> {
    const counts: Uint32Array[] = [];
    const valueBytes: Uint8Array[] = [];
    let [position, seen] = [0, 0];
    let writing = Promise.resolve();
    try {
      for await (const piece of rows) {
        throwIfCancelled(signal);
        const packed = packRows(piece);
        counts.push(packed.counts);
        valueBytes.push(packed.valueBytes);
        seen += piece.rows;
        if (position === 0) this.#checkRoom(packed.bytes.length, seen, shape);
        await writing;
        writing = writeFully(descriptor, packed.bytes, position);
        writing.catch(() => undefined); // it is told when the next piece is there
        position += packed.bytes.length;
      }
      await writing;
    } finally {
      await Promise.allSettled([writing]); // nothing is written any more when the file is closed
    }
    return { counts: joined(Uint32Array, counts, seen), valueBytes: joined(Uint8Array, valueBytes, seen) };
  }

  /** Looks ahead from the first rows to all of them. */
  #checkRoom(bytes: number, rows: number, shape: ExpectedRows): void {
    if (shape.rows === null || rows === 0) return;
    const needed = Math.ceil((bytes / rows) * shape.rows);
    const free = this.#room(this.#folder);
    if (needed > (shape.share ?? 1) * free) throw new AppError('project.no-room', { path: this.#folder, needed, free });
  }
}

/** Bytes that this user may still write in a folder. */
function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const writeOn = (done: number): void => {
      if (done === bytes.length) return resolve();
      write(descriptor, bytes, done, bytes.length - done, position + done, (error, count) => {
        if (error !== null) reject(error);
        else writeOn(done + count);
      });
    };
    writeOn(0);
  });
}

function joined<T extends Uint32Array | Uint8Array>(
  List: { new (length: number): T },
  parts: readonly T[],
  length: number,
): T {
  const all = new List(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whether the file's name is gone; false where the system does not let go of an open file. */
function removed(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['EBUSY', 'EPERM', 'EACCES'].includes(String(error.code)))
      return false;
    throw error;
  }
}
