import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { projectError, withProjectErrors } from './project-errors.ts';
import { isAbandoned, temporaryName } from './temporary-name.ts';

/** A folder in the making beside the place it is meant for. */
interface FolderDraft {
  readonly draft: string;
  /** Moves it to its place, where there is nothing or an empty folder. */
  finish(): void;
  giveUp(): void;
}

/**
 * Begins a folder that appears under its name only when it is whole; what a killed process left of an earlier try is
 * removed. Throws `project.already-exists` where something is.
 */
export function beginFolder(folder: string): FolderDraft {
  return withProjectErrors(folder, () => {
    refuseIfTaken(folder);
    const parent = dirname(folder);
    makeFolders(parent);
    for (const name of readdirSync(parent))
      if (name.startsWith(`.${basename(folder)}~`) && isAbandoned(name, () => Date.now()))
        rmSync(join(parent, name), { recursive: true, force: true });
    const draft = join(parent, temporaryName(basename(folder)));
    mkdirSync(draft);
    return {
      draft,
      finish() {
        withProjectErrors(folder, () => {
          refuseIfTaken(folder);
          if (existsSync(folder)) rmdirSync(folder);
          renameSync(draft, folder);
        });
      },
      giveUp() {
        rmSync(draft, { recursive: true, force: true });
      },
    };
  });
}

/** `beginFolder`, `fill` and `finish` in one, nothing left behind by an error. */
export function placeFolder(folder: string, fill: (draft: string) => void): void {
  const place = beginFolder(folder);
  try {
    fill(place.draft);
    place.finish();
  } catch (error) {
    place.giveUp();
    throw projectError(folder, error);
  }
}

/** Makes a folder and those above it that are missing, one by one: where the system takes none (`/proc`), `recursive` does not end. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new AppError('project.read-only', { path, detail: 'no folder can be made there' }, { cause: error });
  }
}

function refuseIfTaken(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isDirectory() || readdirSync(folder).length > 0))
    throw new AppError('project.already-exists', { path: folder });
}
