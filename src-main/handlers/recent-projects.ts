import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { RecentProject } from '#contract/files';

export interface RecentProjects {
  /** Latest first. */
  list(): Promise<readonly RecentProject[]>;
  /** Puts a project first. */
  add(project: { readonly path: string; readonly name: string }): Promise<void>;
}

const Entries = z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() }));
type Entries = z.output<typeof Entries>;

const mostKept = 20;

/**
 * The projects that were opened last, kept in a small JSON file. It is a convenience: a file that cannot be read
 * counts as empty.
 *
 * @param now milliseconds since 1970
 */
export function recentProjects(file: string, now: () => number = Date.now): RecentProjects {
  let last: Promise<void> = Promise.resolve();
  return {
    list: async () => (await read(file)).map((entry) => ({ ...entry, present: existsSync(entry.path) })),
    add({ path, name }) {
      const work = async (): Promise<void> => {
        const others = (await read(file)).filter((entry) => entry.path !== path);
        await write(file, [{ path, name, openedAt: new Date(now()).toISOString() }, ...others].slice(0, mostKept));
      };
      last = last.then(work, work); // one after the other, also after one that failed
      return last;
    },
  };
}

async function read(file: string): Promise<Entries> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return Entries.safeParse(JSON.parse(text)).data ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

async function write(file: string, entries: Entries): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, `${JSON.stringify(entries, null, 2)}\n`);
  await rename(`${file}.part`, file);
}
