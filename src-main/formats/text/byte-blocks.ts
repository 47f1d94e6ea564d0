import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { AppError } from '#core/base/app-error';

/** How far a reader is, in bytes of the file on disk: those that the blocks handed out were made of. */
export interface Position {
  bytesRead: number;
  /** Bytes of the byte-order mark at the beginning, once it was seen. */
  markBytes?: number;
  /** Whole lines so far, kept by a reader that counts them itself; they are not counted a second time then. */
  lines?: number;
}

const blockBytes = 1 << 18;

/**
 * The bytes of a text file, unpacked where it is gzip or bgzip (told by its first bytes, not its ending), block by
 * block. A byte-order mark of UTF-8 is left out. Memory is a few blocks, whatever the size of the file.
 *
 * @param from byte on disk to begin at; in a packed file the first byte of a gzip member
 *
 * Throws `reading.gzip-truncated`, `reading.gzip-damaged` (both with the last whole line before the damage),
 * `reading.text-encoding` for UTF-16, and the errors of `fileHead`.
 */
export async function* byteBlocks(
  path: string,
  position: Position = { bytesRead: 0 },
  from = 0,
): AsyncGenerator<Buffer> {
  const file = basename(path);
  const gzip = await isGzip(path);
  const raw = createReadStream(path, { highWaterMark: blockBytes, start: from });
  const unpacked = gzip ? raw.pipe(createGunzip({ chunkSize: blockBytes })) : null;
  const stream = unpacked ?? raw;
  // A read error does not travel through a pipe by itself.
  if (unpacked !== null) raw.on('error', (error) => unpacked.destroy(error));
  let lines = 0;
  let first = from === 0;
  position.bytesRead = from;
  try {
    for await (const chunk of stream) {
      let block = chunk as Buffer;
      position.bytesRead = unpacked === null ? position.bytesRead + block.length : from + unpacked.bytesWritten;
      if (first) {
        first = false;
        refuseUtf16(block, file);
        if (block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) {
          block = block.subarray(3);
          position.markBytes = 3;
        }
      }
      yield block;
      if (gzip && position.lines === undefined) lines += newlines(block);
    }
    if (unpacked !== null) position.bytesRead = from + unpacked.bytesWritten;
  } catch (error) {
    throw gzipError(error, file, position.lines ?? lines) ?? error;
  } finally {
    stream.destroy();
    raw.destroy();
  }
}

/** Whether a file is packed with gzip or bgzip, told by its first bytes. Throws what `fileHead` throws. */
export async function isGzip(path: string): Promise<boolean> {
  const head = await fileHead(path, 2);
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The first bytes of a file as they lie on disk. Throws `reading.no-such-file` and `reading.no-permission`;
 * an empty file gives an empty buffer.
 *
 * @param from the place of the first of them
 */
export async function fileHead(path: string, bytes: number, from = 0): Promise<Buffer> {
  try {
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, from);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, path) ?? error;
  }
}

/** What a failed system call on a user's path means, or null if it is not one of the known cases. */
export function fileError(error: unknown, path: string): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('reading.no-such-file', { path }, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') return new AppError('reading.no-permission', { path }, { cause: error });
  if (code === 'EISDIR') return new AppError('reading.folder-for-file', { path }, { cause: error });
  return null;
}

/** The number of line breaks in a block. */
export function newlines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(10); at !== -1; at = block.indexOf(10, at + 1)) count++;
  return count;
}

function gzipError(error: unknown, file: string, line: number): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'Z_BUF_ERROR') return new AppError('reading.gzip-truncated', { file, line }, { cause: error });
  if (code === 'Z_DATA_ERROR') {
    return new AppError('reading.gzip-damaged', { file, line, found: (error as Error).message }, { cause: error });
  }
  return null;
}

function refuseUtf16(block: Buffer, file: string): void {
  const little = block[0] === 0xff && block[1] === 0xfe;
  const big = block[0] === 0xfe && block[1] === 0xff;
  if (little || big) throw new AppError('reading.text-encoding', { file, found: 'UTF-16' });
}
