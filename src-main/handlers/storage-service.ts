import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { ProjectStorage } from '#contract/storage';
import { openProject, openProjectReadOnly } from '#store/project';
import type { RecentProjects } from './recent-projects.ts';
import { summaryOf } from './run-summary.ts';
import type { StorageService } from './services.ts';

/** What the known projects take on the disk, and making room. Results are never touched. */
export function storageService(recent: RecentProjects): StorageService {
  return {
    async list() {
      const present = (await recent.list()).filter((project) => project.present);
      const found = await Promise.all(present.map(({ path }) => storageOf(path)));
      return found.filter((project) => project !== null);
    },
    async clean(projectPath, what, runIds) {
      const project = openProject(projectPath);
      try {
        const freed = runIds.map((runId) => {
          if (what === 'checkpoints') return project.freeCheckpoints(runId);
          return what === 'explorers'
            ? project.freeExplorers(runId, valuesRemoved)
            : project.freeColumns(runId, columnsRemoved);
        });
        return freed.reduce((sum, bytes) => sum + bytes, 0);
      } finally {
        project.close();
      }
    },
  };
}

/** What the explorers of a run say whose copies were removed. */
const valuesRemoved = 'The values of single features of this run were removed to free space on the disk.';
const columnsRemoved =
  'The columns of the cells of this run were removed to free space on the disk; running the annotation again brings them back.';

/** Null for a folder that is there and no project any more. */
async function storageOf(path: string): Promise<ProjectStorage | null> {
  let project;
  try {
    project = openProjectReadOnly(path);
  } catch (error) {
    if (error instanceof AppError) return null; // its own screen says what is wrong with it
    throw error;
  }
  try {
    const rows = new Map(project.runs().map((row) => [row.id, row]));
    return {
      path,
      name: project.info().name,
      bytes: await folderBytes(path),
      runs: project.storage().map(({ runId, resultBytes, explorerBytes, columnBytes, checkpointBytes }) => ({
        run: summaryOf(rows.get(runId)!, project),
        resultBytes,
        explorerBytes,
        columnBytes,
        checkpointBytes,
      })),
    };
  } finally {
    project.close();
  }
}

/** The sum of the sizes of all files in a folder. A file that goes away meanwhile counts as nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        try {
          return (await stat(join(entry.parentPath, entry.name))).size;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
          throw error;
        }
      }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
