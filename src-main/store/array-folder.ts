import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import {
  arrayFileEnding,
  bytesOf,
  decodeHeader,
  encodeArray,
  encodeHeader,
  hashOfHeader,
  headerBytes,
  type ArrayHeader,
} from './array-file.ts';
import { isAbandoned, temporaryName } from './temporary-name.ts';
import { projectError, withProjectErrors } from './project-errors.ts';
import {
  dtypeOf,
  itemSize,
  valueCount,
  valuesOf,
  type ArrayValues,
  type StoredArray,
  type StreamedArray,
} from './stored-array.ts';

/** The part of node:fs that writing needs; a test gives one whose disk is full. */
export type FileSystem = Pick<
  typeof nodeFs,
  'openSync' | 'writeSync' | 'fsyncSync' | 'closeSync' | 'renameSync' | 'rmSync' | 'readdirSync' | 'statSync'
>;

/** A written and synced file under a temporary name. */
export interface StagedArray extends Pick<ArrayHeader, 'dtype' | 'shape' | 'sizeBytes'> {
  readonly hash: string;
  readonly temporary: string;
}

const chunkBytes = 4 << 20;

/**
 * The folder of a project's array files, each named by the hash of its content and never changed.
 * Writing has two halves: `stage` puts the values on disk under a temporary name, `publish` gives the file its own name.
 * `publish`, `remove` and `collect` are called inside a write transaction of the project's database: a file whose hash no
 * row names can then only be the rest of an interrupted write.
 */
export class ArrayFolder {
  readonly #project: string;
  readonly #folder: string;
  readonly #fs: FileSystem;

  constructor(project: string, fs: FileSystem = nodeFs) {
    this.#project = project;
    this.#folder = join(project, 'arrays');
    this.#fs = fs;
  }

  /** Writes and syncs the values. Leaves nothing behind when the disk refuses. */
  stage(array: StoredArray): StagedArray {
    const { hash, dtype, shape, header, payload } = encodeArray(array);
    const temporary = join(this.#folder, temporaryName(hash.slice(0, 8)));
    return withProjectErrors(this.#project, () => {
      try {
        const file = this.#fs.openSync(temporary, 'wx');
        try {
          this.#writeAll(file, header);
          for (let from = 0; from < payload.byteLength; from += chunkBytes)
            this.#writeAll(file, payload.subarray(from, from + chunkBytes));
          this.#fs.fsyncSync(file);
        } finally {
          this.#fs.closeSync(file);
        }
      } catch (error) {
        this.#fs.rmSync(temporary, { force: true });
        throw error;
      }
      return { hash, dtype, shape, sizeBytes: payload.byteLength, temporary };
    });
  }

  /**
   * Writes and syncs values as they come; the header follows when its checksum is known. Leaves nothing behind when the disk
   * refuses, or when the values end with an error. Throws where their number is not the product of the shape.
   */
  async stageStream({ dtype, shape, pieces }: StreamedArray): Promise<StagedArray> {
    const temporary = join(this.#folder, temporaryName('stream'));
    const file = withProjectErrors(this.#project, () => this.#fs.openSync(temporary, 'wx'));
    let open = true;
    try {
      const sum = createHash('sha256');
      let sizeBytes = 0;
      this.#writeAll(file, new Uint8Array(headerBytes));
      for await (const piece of pieces()) {
        if (dtypeOf(piece) !== dtype) throw new TypeError(`stageStream: ${dtypeOf(piece)} among ${dtype}`);
        const bytes = bytesOf(piece);
        for (let from = 0; from < bytes.byteLength; from += chunkBytes) {
          const chunk = bytes.subarray(from, from + chunkBytes);
          sum.update(chunk);
          this.#writeAll(file, chunk);
        }
        sizeBytes += bytes.byteLength;
      }
      if (sizeBytes !== valueCount(shape) * itemSize(dtype))
        throw new RangeError(`stageStream: shape [${shape.join(', ')}] with ${sizeBytes / itemSize(dtype)} values`);
      const header = encodeHeader(dtype, shape, sizeBytes, sum.digest());
      for (let done = 0; done < headerBytes;) done += this.#fs.writeSync(file, header, done, headerBytes - done, done);
      this.#fs.fsyncSync(file);
      this.#fs.closeSync(file);
      open = false;
      return { hash: hashOfHeader(header), dtype, shape: [...shape], sizeBytes, temporary };
    } catch (error) {
      if (open) this.#fs.closeSync(file);
      this.#fs.rmSync(temporary, { force: true });
      throw projectError(this.#project, error);
    }
  }

  /** Gives staged files their own names, durably. A file that is there already is replaced by its equal. */
  publish(staged: readonly StagedArray[]): void {
    withProjectErrors(this.#project, () => {
      for (const { temporary, hash } of staged) this.#fs.renameSync(temporary, this.#pathOf(hash));
      if (staged.length > 0) this.#syncFolder();
    });
  }

  /** Drops staged files that will not be published. */
  discard(staged: readonly StagedArray[]): void {
    for (const { temporary } of staged) this.#fs.rmSync(temporary, { force: true });
  }

  remove(hash: string): void {
    removeUnlessHeld(this.#fs, this.#pathOf(hash));
  }

  /** Removes array files that `isNamed` does not know, and temporary files of processes that are gone. */
  collect(isNamed: (hash: string) => boolean): void {
    withProjectErrors(this.#project, () => {
      for (const name of this.#fs.readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        const garbage = name.endsWith(arrayFileEnding)
          ? !isNamed(name.slice(0, -arrayFileEnding.length))
          : isAbandoned(name, () => this.#fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
        if (garbage) removeUnlessHeld(this.#fs, path);
      }
    });
  }

  /** The whole array, checked against its checksum. `name` is what a person calls it. */
  async read(hash: string, name: string): Promise<StoredArray> {
    return this.#withFile(hash, name, async (file, header) => {
      const bytes = new Uint8Array(header.sizeBytes);
      const sum = createHash('sha256');
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
        const chunk = bytes.subarray(at, at + chunkBytes);
        await readFully(file, chunk, headerBytes + at);
        sum.update(chunk);
      }
      if (sum.digest('hex') !== header.checksum) throw this.#damage(hash, name, 'does not match its checksum');
      return { shape: header.shape, values: valuesOf(header.dtype, bytes) };
    });
  }

  /** Values from … to−1, counted over all dimensions. */
  async readPart(hash: string, name: string, from: number, to: number): Promise<ArrayValues> {
    return this.#withFile(hash, name, async (file, header) => {
      const size = itemSize(header.dtype);
      if (!(from >= 0 && from <= to && to * size <= header.sizeBytes))
        throw new RangeError(`readPart: ${from} … ${to} of the ${header.sizeBytes / size} values of ${name}`);
      const bytes = new Uint8Array((to - from) * size);
      await readFully(file, bytes, headerBytes + from * size);
      return valuesOf(header.dtype, bytes);
    });
  }

  async #withFile<T>(
    hash: string,
    name: string,
    work: (file: FileHandle, header: ArrayHeader) => Promise<T>,
  ): Promise<T> {
    try {
      await using file = await open(this.#pathOf(hash), 'r');
      const head = new Uint8Array(headerBytes);
      const { bytesRead } = await file.read(head, 0, headerBytes, 0);
      const header = decodeHeader(head.subarray(0, bytesRead));
      if (typeof header === 'string') throw this.#damage(hash, name, header);
      if (hashOfHeader(head) !== hash) throw this.#damage(hash, name, 'has a changed header');
      const { size } = await file.stat();
      const expected = headerBytes + header.sizeBytes;
      if (size !== expected) throw this.#damage(hash, name, `is ${size} bytes long and should have ${expected}`);
      return await work(file, header);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        throw this.#damage(hash, name, 'is missing');
      throw projectError(this.#project, error);
    }
  }

  #damage(hash: string, name: string, reason: string): AppError {
    return new AppError('project.damaged-array', {
      project: this.#project,
      name,
      file: join('arrays', hash + arrayFileEnding),
      reason,
    });
  }

  #pathOf(hash: string): string {
    return join(this.#folder, hash + arrayFileEnding);
  }

  #writeAll(file: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.byteLength;)
      done += this.#fs.writeSync(file, bytes, done, bytes.byteLength - done, null);
  }

  /** A renamed file is there after a power cut only when its folder was synced. Windows has no such call and needs none. */
  #syncFolder(): void {
    if (process.platform === 'win32') return;
    const folder = this.#fs.openSync(this.#folder, 'r');
    try {
      this.#fs.fsyncSync(folder);
    } finally {
      this.#fs.closeSync(folder);
    }
  }
}

async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesRead } = await file.read(bytes, done, bytes.byteLength - done, position + done);
    if (bytesRead === 0) throw new Error(`readFully: the file ended ${bytes.byteLength - done} bytes too soon`);
    done += bytesRead;
  }
}

/** Windows does not remove a file that another process reads; such a file stays for the next opening of the project. */
function removeUnlessHeld(fs: FileSystem, path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EBUSY' && code !== 'EPERM' && code !== 'EACCES') throw error;
  }
}
