import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { AppError } from '#core/base/app-error';

/** Says which files a front may name. */
export interface PathGuard {
  /** Folders that may be entered; null where every path may be named (the desktop window). */
  readonly roots: readonly string[] | null;
  /** The real path of something that exists, links followed; throws if it is absent or lies outside. */
  existing(path: string): Promise<string>;
  /** The same for something that may be made: the part of the path that exists decides. */
  writable(path: string): Promise<string>;
}

/**
 * Confines paths to folders. Links are followed before the decision, so a link inside cannot lead outside.
 *
 * @param roots folders that may be read and written; null confines nothing
 * @param readable further folders that may be read, such as the sample study; one that does not exist adds nothing
 */
export async function pathGuard(roots: readonly string[] | null, readable: readonly string[] = []): Promise<PathGuard> {
  const open = roots === null ? null : await Promise.all(roots.map(realFolder));
  const seen = (await Promise.all(readable.map(realPath))).filter((path) => path !== null);
  const check = (path: string, asked: string, allowed: readonly string[]): string => {
    if (open !== null && !allowed.some((root) => lies(path, root))) {
      throw new AppError('request.outside-roots', { path: asked, roots: open });
    }
    return path;
  };
  return {
    roots: open,
    async existing(path) {
      const real = await realPath(path);
      check(real ?? resolve(path), path, [...(open ?? []), ...seen]);
      if (real === null) throw new AppError('reading.no-such-file', { path });
      return real;
    },
    async writable(path) {
      return check(await nearestReal(path), path, open ?? []);
    },
  };
}

/** Whether a path is a folder or lies in it. Both are absolute and real. */
export function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way));
}

/** The path with links followed; null if nothing is there. */
export async function realPath(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new AppError('request.folder-unreadable', { path, reason: (error as Error).message }, { cause: error });
  }
}

/** The path with the links of its existing part followed. */
async function nearestReal(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await realPath(absolute);
  if (real !== null) return real;
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(await nearestReal(parent), basename(absolute));
}

async function realFolder(path: string): Promise<string> {
  const real = await realPath(path);
  if (real === null) throw new AppError('reading.no-such-file', { path });
  return real;
}
