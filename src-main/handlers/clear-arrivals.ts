import { readdir, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { openProjectReadOnly } from '#store/project';
import type { RecentProjects } from './recent-projects.ts';

/** An annotation that is still being put together may use a file that no run names yet. */
const keptMs = 7 * 24 * 3_600_000;

/**
 * Removes the dropped files that no run of a known project reads: of the projects opened last and of those in the folder
 * for projects. Files of the last seven days stay; and all stay as long as one of these projects cannot be read.
 *
 * @param folder where `arrivalsIn` keeps them
 * @param now milliseconds since 1970
 * @returns names of the drops that were removed
 */
export async function clearArrivals(
  folder: string,
  projectDirectory: string,
  recent: Pick<RecentProjects, 'list'>,
  now = Date.now(),
): Promise<readonly string[]> {
  const old: string[] = [];
  for (const drop of await entriesOf(folder))
    if (now - (await stat(join(folder, drop))).mtimeMs > keptMs) old.push(drop);
  if (old.length === 0) return [];
  const requests = await requestsOf(projectDirectory, recent);
  if (requests === null) return [];
  const unused = old.filter((drop) => !requests.includes(drop));
  for (const drop of unused) await rm(join(folder, drop), { recursive: true, force: true });
  return unused;
}

/** All requests of all runs as one text, in which the name of a drop is found; null if a project cannot be read. */
async function requestsOf(projectDirectory: string, recent: Pick<RecentProjects, 'list'>): Promise<string | null> {
  const beside = (await entriesOf(projectDirectory)).filter((name) => extname(name) === '.cpx');
  const opened = (await recent.list()).filter(({ present }) => present).map(({ path }) => path);
  const texts: string[] = [];
  for (const path of new Set([...opened, ...beside.map((name) => join(projectDirectory, name))])) {
    try {
      const project = openProjectReadOnly(path);
      try {
        texts.push(JSON.stringify(project.runs().map(({ request }) => request)));
      } finally {
        project.close();
      }
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
  return texts.join('\n');
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
