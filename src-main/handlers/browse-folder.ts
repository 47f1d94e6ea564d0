import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Folder, FolderEntry } from '#contract/files';
import { lies, type PathGuard, realPath } from './path-guard.ts';

/** More entries than this are counted, not listed. */
const most = 2000;

/**
 * A folder of this computer for the list of files in the browser front.
 *
 * Links are followed; what leads outside the roots, hangs in the air or is neither file nor folder is left out.
 *
 * @param path null for the roots themselves
 */
export async function browseFolder(path: string | null, paths: PathGuard): Promise<Folder> {
  const roots = paths.roots ?? [homedir()];
  if (path === null) {
    const entries = await Promise.all(roots.map((root) => entryOf(root, root, paths)));
    return { path: null, parent: null, entries: entries.filter((entry) => entry !== null), omitted: 0 };
  }
  const folder = await paths.existing(path);
  if (!(await stat(folder)).isDirectory()) throw new AppError('request.not-a-folder', { path: folder });
  const visible = (await list(folder)).filter((item) => !item.name.startsWith('.'));
  const entries = await Promise.all(
    visible.slice(0, most).map((item) => entryOf(item.name, join(folder, item.name), paths)),
  );
  const parent = dirname(folder);
  const above = parent !== folder && (paths.roots === null || paths.roots.some((root) => lies(parent, root)));
  return {
    path: folder,
    parent: above ? parent : null,
    entries: entries.filter((entry) => entry !== null).toSorted(foldersFirst),
    omitted: Math.max(0, visible.length - most),
  };
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => compare(a.name, b.name));
  } catch (error) {
    throw new AppError(
      'request.folder-unreadable',
      { path: folder, reason: (error as Error).message },
      { cause: error },
    );
  }
}

async function entryOf(name: string, path: string, paths: PathGuard): Promise<FolderEntry | null> {
  const facts = await factsOf(path, paths);
  if (facts === null) return null;
  const kind = facts.folder ? (extname(path) === '.cpx' ? 'project' : 'folder') : 'file';
  return {
    name: name === path ? basename(path) || path : name,
    path,
    kind,
    sizeBytes: facts.folder ? null : facts.sizeBytes,
    modifiedAt: facts.modifiedAt,
  };
}

/** Null for what must not or cannot be shown: a single entry never blocks the folder. */
async function factsOf(
  path: string,
  paths: PathGuard,
): Promise<{ folder: boolean; sizeBytes: number; modifiedAt: string } | null> {
  try {
    const real = await realPath(path);
    if (real === null) return null;
    if (paths.roots !== null && !paths.roots.some((root) => lies(real, root))) return null;
    const facts = await stat(real);
    if (!facts.isDirectory() && !facts.isFile()) return null;
    return { folder: facts.isDirectory(), sizeBytes: facts.size, modifiedAt: facts.mtime.toISOString() };
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}

function foldersFirst(a: FolderEntry, b: FolderEntry): number {
  return Number(a.kind === 'file') - Number(b.kind === 'file') || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
