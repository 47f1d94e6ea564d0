import { stat } from 'node:fs/promises';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { basename } from 'node:path';
import { fileKind } from './detect/file-kind.ts';
import { filesIn, isFolder } from './detect/folder.ts';
import type { StudyFile } from './study-file.ts';

export interface OpenOptions {
  /** The other orientation, for formats that do not state it (tables, square matrix-market files). */
  readonly transpose?: boolean;
  /** A look at a large table: stop reading its text after this time. */
  readonly budgetMs?: number;
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1, while a table is read. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/**
 * Opens a study in any format that can be read. What the file is, is told by its content; the ending of its name
 * decides nothing. What is not a study is refused with what it is and what to do; so are fragments, which are no matrix
 * before they are counted (`readStudy` does that).
 *
 * Throws `reading.no-such-file`, `reading.empty-file`, `reading.r-file`, `reading.zarr`, `reading.fragments`,
 * `reading.unknown-format` and the others of `fileKind`, and the errors of the format's own reader.
 */
export async function openStudyFile(path: string, options: OpenOptions = {}): Promise<StudyFile> {
  switch (await fileKind(path)) {
    case 'hdf5':
      return openHdf5(path);
    case 'matrix-market':
      return (await import('./mtx/open-mtx.ts')).openMtx(path, options);
    case 'table':
      return (await import('./csv/open-csv.ts')).openCsv(path, options);
    case 'fragments':
      throw new AppError('reading.fragments', { file: basename(path) });
  }
}

/** Size on disk in bytes; of a folder, the sum of the files in it. */
export async function sizeOnDisk(path: string): Promise<number> {
  if (!(await isFolder(path))) return (await stat(path)).size;
  let sum = 0;
  for (const file of await filesIn(path)) sum += (await stat(file)).size;
  return sum;
}

async function openHdf5(path: string): Promise<StudyFile> {
  const { hdf5Kind, kindNames } = await import('./hdf5/hdf5-kind.ts');
  const kind = await hdf5Kind(path);
  switch (kind) {
    case 'h5ad':
      return (await import('./h5ad/open-h5ad.ts')).openH5ad(path);
    case 'h5mu':
      return (await import('./h5mu/open-h5mu.ts')).openH5mu(path);
    case '10x-h5':
      return (await import('./tenx-h5/open-tenx-h5.ts')).openTenxH5(path);
    case 'loom':
      return (await import('./loom/open-loom.ts')).openLoom(path);
    case 'molecule-info':
      throw new AppError('reading.molecule-info', { file: basename(path) });
    case 'unknown':
      throw new AppError('reading.hdf5-other-kind', {
        file: basename(path),
        expected: 'a study in a known layout',
        found: kindNames.unknown,
      });
  }
}
