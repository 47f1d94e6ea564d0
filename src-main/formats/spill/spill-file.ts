import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, type StatsFs, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { AppError } from '#core/base/app-error';

/** Names of the files say which process they belong to. */
const nameForm = /^cellpredx-rows-(\d+)-[0-9a-f]{12}\.spill$/;

/** File systems of Linux that lie in memory (`linux/magic.h`: TMPFS_MAGIC, RAMFS_MAGIC). */
const inMemory = [0x01021994, 0x858458f6];

/**
 * A temporary file for numbers that are too many for memory: bytes are added at its end and read from anywhere.
 *
 * Nothing is left behind: where the system allows it, the file's name is removed as soon as the file is open, so that
 * its space is free again when the process ends, whatever ends it. Where it does not, the file is removed on `close`
 * and when the process exits; what a process that was killed left there is removed when the next file is made.
 */
export class SpillFile {
  /** Where the file lies, or lay while it had a name. */
  readonly path: string;
  readonly #descriptor: number;
  #named: boolean;
  #open = true;
  #length = 0;
  readonly #onExit = (): void => this.close();

  /** Makes an empty file. Throws `writing.failed` where the folder for temporary files may not be written to. */
  constructor(folder = spillFolder()) {
    this.path = join(folder, `cellpredx-rows-${process.pid}-${randomBytes(6).toString('hex')}.spill`);
    try {
      removeAbandoned(folder);
      this.#descriptor = openSync(this.path, 'wx+', 0o600);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#named = !removed(this.path);
    if (this.#named) process.once('exit', this.#onExit);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes and gives back where they begin. Throws `writing.failed`, for example where the disk is full. */
  append(bytes: Uint8Array): number {
    const at = this.#length;
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
      }
    } catch (error) {
      throw this.#failed(error);
    }
    this.#length += bytes.length;
    return at;
  }

  /** Fills `into` with the bytes from `at` on. */
  read(into: Uint8Array, at: number): void {
    for (let done = 0; done < into.length;) {
      const count = readSync(this.#descriptor, into, done, into.length - done, at + done);
      if (count === 0) throw new Error(`${this.path} has ${this.#length} bytes; ${at + into.length} were asked for`);
      done += count;
    }
  }

  /** Gives the space back. Closing twice does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.removeListener('exit', this.#onExit);
    closeSync(this.#descriptor);
    if (this.#named) this.#named = !removed(this.path);
  }

  #failed(error: unknown): AppError {
    const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    const gigabytes = (this.#length / 1e9).toFixed(1);
    const reason = full ? `no room is left after ${gigabytes} GB of rows` : (error as Error).message;
    return new AppError('writing.failed', { path: this.path, reason }, { cause: error });
  }
}

/**
 * The folder for large temporary files: the system's own (`TMPDIR`, `TEMP`), or, where that lies in memory as on many
 * Linux systems, the one for large files beside it, if there is one on a disk.
 */
export function spillFolder(): string {
  const usual = tmpdir();
  if (process.platform !== 'linux' || !liesInMemory(usual)) return usual;
  const large = join(sep, 'var', 'tmp');
  return roomOf(large) === null || liesInMemory(large) ? usual : large;
}

/** Bytes that this user may still write in the folder for large temporary files; 0 where there is no such folder. */
export function spillRoom(folder = spillFolder()): number {
  const room = roomOf(folder);
  return room === null ? 0 : room.bavail * room.bsize;
}

function liesInMemory(folder: string): boolean {
  const room = roomOf(folder);
  return room !== null && inMemory.includes(room.type);
}

/** Null where there is no such folder. */
function roomOf(folder: string): StatsFs | null {
  try {
    return statfsSync(folder);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Removes the files of processes that no longer run. Those of other users stay: they are removed by their own. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = nameForm.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) removed(join(folder, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Whether the file's name is gone; false where the system does not let go of it now. */
function removed(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return true;
    if (error instanceof Error && 'code' in error && ['EBUSY', 'EPERM', 'EACCES'].includes(error.code as string)) {
      return false;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
