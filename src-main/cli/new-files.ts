import { renameSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import { cannotWrite, openStaging, removeFolders, tryFolder } from '#compute/results-folder';

/**
 * Looks whether a new file can be made: in a folder that can be written to, and where nothing is yet.
 * Throws `command.bad-value` naming the option.
 */
export async function checkNewFile(option: string, target: string): Promise<void> {
  if (await exists(target)) {
    throw new AppError('command.bad-value', { option, value: target, allowed: 'a file that does not exist yet' });
  }
  await tryFolder(dirname(target));
}

/**
 * Makes files beside their places, all in one folder, and puts them there when all are whole.
 * @param make writes the drafts, which have the names of the targets, and gives back what it found
 */
export async function writeNewFiles<T>(
  targets: readonly [string, ...string[]],
  signal: AbortSignal,
  make: (drafts: readonly string[]) => Promise<T>,
): Promise<T> {
  const { staging, made } = await openStaging(dirname(targets[0]));
  try {
    const drafts = targets.map((target) => join(staging, basename(target)));
    const found = await make(drafts);
    throwIfCancelled(signal);
    drafts.forEach((draft, i) => renameSync(draft, targets[i]!));
    return found;
  } finally {
    rmSync(staging, { recursive: true, force: true });
    removeFolders(made);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw cannotWrite(path, error);
    },
  );
}
