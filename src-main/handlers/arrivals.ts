import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { ParsedArgs } from '#contract/requests';

/** Files that a browser hands over: it tells what is in a dropped file, never where that lies. */
export interface Arrivals {
  /**
   * Makes room for a file and gives the ticket under which its bytes are taken, once. Throws `request.bad-file-name`,
   * `request.no-room-for-file` with both sizes, `request.file-already-there`.
   */
  announce(file: ParsedArgs<'files:announce'>): Promise<{ ticket: string }>;
  /**
   * Takes the bytes of an announced file and gives its path. What came when the bytes end early, or are more than
   * announced, is removed; throws `request.file-cut-off`, `request.no-such-ticket`.
   */
  receive(ticket: string, bytes: AsyncIterable<Uint8Array>): Promise<string>;
}

interface Announced {
  readonly folder: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** Left free on the disk for runs and their projects. */
const reserveBytes = 256 * 2 ** 20;
/** A ticket nobody uses is void after so many further ones. */
const mostTickets = 64;

/**
 * Keeps each drop in a folder of its own, so that files keep their names and none takes the place of another. Of the
 * name that a browser tells, only the last part is used.
 *
 * @param folder where they go; made with the first one
 * @param freeBytes free space of the disk that holds a folder
 */
export function arrivalsIn(folder: string, freeBytes: (folder: string) => Promise<number> = freeOn): Arrivals {
  const announced = new Map<string, Announced>();
  const arriving = new Set<Announced>();
  return {
    async announce({ name: told, sizeBytes, together }) {
      const name = baseName(told);
      await mkdir(folder, { recursive: true });
      const others = [...announced.values(), ...arriving].reduce((sum, file) => sum + file.sizeBytes, 0);
      const free = Math.max(0, (await freeBytes(folder)) - reserveBytes - others);
      if (sizeBytes > free) throw new AppError('request.no-room-for-file', { name, sizeBytes, free, folder });
      const place = join(folder, together);
      await mkdir(place, { recursive: true });
      const ticket = randomUUID();
      announced.set(ticket, { folder: place, name, sizeBytes });
      for (const old of [...announced.keys()].slice(0, -mostTickets)) announced.delete(old);
      return { ticket };
    },
    async receive(ticket, bytes) {
      const file = announced.get(ticket);
      if (file === undefined) throw new AppError('request.no-such-ticket', undefined);
      announced.delete(ticket);
      arriving.add(file);
      try {
        return await write(file, ticket, bytes);
      } finally {
        arriving.delete(file);
      }
    },
  };
}

/** The file appears under its name only when it is whole. */
async function write(
  { folder, name, sizeBytes }: Announced,
  ticket: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  const part = join(folder, `.${ticket}.part`);
  try {
    const came = await take(part, bytes, sizeBytes);
    if (came !== sizeBytes) throw new AppError('request.file-cut-off', { name, came, sizeBytes });
    const whole = join(folder, name);
    await (await open(whole, 'wx')).close(); // the name is taken here or not at all; only its own empty file is replaced
    await rename(part, whole);
    return await realpath(whole);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new AppError('request.file-already-there', { name, folder }, { cause: error });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AppError('request.no-room-for-file', { name, sizeBytes, free: await freeOn(folder), folder });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

/** Bytes that were written; it stops with the first beyond `most`, or when the other side goes away. */
async function take(path: string, bytes: AsyncIterable<Uint8Array>, most: number): Promise<number> {
  await using file = await open(path, 'wx');
  let came = 0;
  try {
    for await (const chunk of bytes) {
      came += chunk.length;
      if (came > most) return came;
      await file.writeFile(chunk);
    }
  } catch (error) {
    // the window was closed or the sending stopped: what is missing is told by the number of bytes
    if (!['ECONNRESET', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  await file.sync();
  return came;
}

/** The last part of a name, whichever way its folders are written. Throws `request.bad-file-name` if it is none. */
export function baseName(told: string): string {
  const name = told.split(/[\\/]/).at(-1)!;
  if (/^\.*$/.test(name) || /[\p{Cc}:*?"<>|]/u.test(name) || Buffer.byteLength(name) > 200)
    throw new AppError('request.bad-file-name', { name: told });
  return name;
}

async function freeOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
