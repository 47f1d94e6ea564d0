import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { AppError } from '#core/base/app-error';
import { mediaTypes } from '#contract/page-headers';

export interface PageFile {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Address (`/assets/index.js`) → file. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** All files of the built page. Links and files of unknown kinds are left out. Throws `request.page-not-built`. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  if (!existsSync(join(folder, 'index.html'))) throw new AppError('request.page-not-built', { folder });
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, PageFile>();
  for (const entry of found) {
    const mediaType = mediaTypes[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || mediaType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${path.slice(join(folder, sep).length).split(sep).join('/')}`;
    files.set(address, { mediaType, bytes: await readFile(path) });
  }
  return files;
}

/** The file at an address of the page; `/` is its start. */
export function pageFile(files: PageFiles, pathname: string): PageFile | undefined {
  return files.get(pathname === '/' ? '/index.html' : pathname);
}
