import { throwIfCancelled } from '#core/base/cancel';
import { discardResults, missingFolders, placeResults, type StagedResults } from '#compute/results-folder';

/**
 * Puts the results that `make` has made in their places. When it ends without any, is cancelled, or the process that made
 * them was killed, the folder is as it was before.
 * @param directory null where nothing is written
 */
export async function placingResults<T extends { readonly staged: StagedResults | null }>(
  directory: string | null,
  signal: AbortSignal,
  make: () => Promise<T>,
): Promise<T> {
  const missing = directory === null ? [] : await missingFolders(directory);
  try {
    const made = await make();
    throwIfCancelled(signal);
    if (made.staged !== null) placeResults(made.staged);
    return made;
  } catch (error) {
    if (directory !== null) discardResults(directory, missing);
    throw error;
  }
}
