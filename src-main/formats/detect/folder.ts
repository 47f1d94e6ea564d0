import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { fileError } from '../text/byte-blocks.ts';

/** Whether a path leads to a folder. Throws `reading.no-such-file` and `reading.no-permission`. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(error, path) ?? error;
  }
}

/** Refuses what is neither a folder nor a regular file: a pipe, a device. Throws as `isFolder` and `reading.not-a-regular-file`. */
export async function checkRegular(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const facts = await stat(path);
  if (facts.isFile()) return;
  const found = facts.isFIFO() ? 'a pipe' : facts.isSocket() ? 'a socket' : 'a device';
  throw new AppError('reading.not-a-regular-file', { path, found });
}

/** Names in a folder without hidden ones, sorted. Throws as `isFolder`. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    throw fileError(error, folder) ?? error;
  }
}

/** The files in a folder and one level below. */
export async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if (!(await isFolder(path))) files.push(path);
    else
      for (const inner of await namesIn(path)) if (!(await isFolder(join(path, inner)))) files.push(join(path, inner));
  }
  return files;
}

/** The first names and how many more: for messages. */
export function shortList(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}
