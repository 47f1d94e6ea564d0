import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { isFolder, namesIn, shortList } from '../detect/folder.ts';

/** The three files of a matrix folder. */
export interface MtxParts {
  readonly matrix: string;
  readonly features: string;
  readonly cells: string;
}

const matrixName = /\.mtx(\.gz)?$/i;
const featureName = /(features|genes|gene_names|peaks|regions)\.(tsv|txt|bed|csv)(\.gz)?$/i;
const cellName = /(barcodes|cells|cell_names)\.(tsv|txt|csv)(\.gz)?$/i;

/**
 * Finds the matrix, the list of features and the list of cells, given a folder or the matrix file. Parts with the
 * matrix's own prefix (`GSM123_matrix.mtx.gz` with `GSM123_barcodes.tsv.gz`) go before others; a folder whose only
 * matrix lies one level deeper (`filtered_gene_bc_matrices/hg19`) is entered.
 *
 * Throws `reading.folder-without-matrix`, `reading.mtx-several`, `reading.mtx-no-names`, `reading.no-such-file`.
 */
export async function findMtxParts(path: string): Promise<MtxParts> {
  const matrix = (await isFolder(path)) ? await matrixIn(path) : path;
  const folder = dirname(matrix);
  const names = await namesIn(folder);
  const prefix = basename(matrix).replace(/(matrix|counts|matrix_counts)?\.mtx(\.gz)?$/i, '');
  return {
    matrix,
    features: join(folder, part(names, prefix, featureName, matrix, 'features')),
    cells: join(folder, part(names, prefix, cellName, matrix, 'cells')),
  };
}

/** Whether a folder, or exactly one folder in it, holds a Matrix Market file. */
export async function holdsMtx(folder: string): Promise<boolean> {
  const { here, below } = await matricesIn(folder);
  return here.length > 0 || below.length > 0;
}

async function matrixIn(folder: string): Promise<string> {
  const { here, below } = await matricesIn(folder);
  const found = here.length > 0 ? here : below;
  if (found.length === 0) {
    const names = await namesIn(folder);
    throw new AppError('reading.folder-without-matrix', { folder: basename(folder), found: shortList(names) });
  }
  if (found.length > 1) {
    throw new AppError('reading.mtx-several', {
      folder: basename(folder),
      found: shortList(found.map((file) => file.slice(folder.length).replace(/^[\\/]+/, ''))),
    });
  }
  return found[0]!;
}

async function matricesIn(folder: string): Promise<{ here: string[]; below: string[] }> {
  const names = await namesIn(folder);
  const here = names.filter((name) => matrixName.test(name)).map((name) => join(folder, name));
  const below: string[] = [];
  if (here.length === 0) {
    for (const name of names.slice(0, 50)) {
      const inner = join(folder, name);
      if (!(await isFolder(inner))) continue;
      for (const file of await namesIn(inner)) if (matrixName.test(file)) below.push(join(inner, file));
    }
  }
  return { here, below };
}

function part(names: string[], prefix: string, form: RegExp, matrix: string, what: 'cells' | 'features'): string {
  const all = names.filter((name) => form.test(name));
  const own = prefix === '' ? [] : all.filter((name) => name.startsWith(prefix));
  // A shared list may serve several matrices; a list with another sample's prefix may not, but then its size disagrees.
  const found = own[0] ?? (all.length === 1 ? all[0] : all.find((name) => form.exec(name)!.index === 0));
  if (found === undefined) {
    const looked = what === 'cells' ? 'barcodes.tsv, cells.tsv' : 'features.tsv, genes.tsv, peaks.bed';
    throw new AppError('reading.mtx-no-names', {
      file: basename(matrix),
      missing: what,
      looked: `${looked}, with or without .gz${prefix === '' ? '' : ` and the prefix ${prefix}`}`,
    });
  }
  return found;
}
