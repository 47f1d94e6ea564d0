import { Hdf5File } from './hdf5-file.ts';

export { looksLikeHdf5 } from './hdf5-file.ts';

export type Hdf5Kind = 'h5ad' | 'h5mu' | '10x-h5' | 'loom' | 'molecule-info' | 'unknown';

/** What an HDF5 file holds, by the names and attributes in it. A file that cannot be opened is refused as `Hdf5File.open` does. */
export async function hdf5Kind(path: string): Promise<Hdf5Kind> {
  const file = await Hdf5File.open(path);
  try {
    return kindOfFile(file);
  } finally {
    file.close();
  }
}

/** The same of a file that is open. */
export function kindOfFile(file: Hdf5File): Hdf5Kind {
  const names = new Set(file.names(''));
  const encoding = file.textAttribute('', 'encoding-type');
  if (encoding === 'MuData' || (names.has('mod') && names.has('obs'))) return 'h5mu';
  if (encoding === 'anndata' || (names.has('obs') && names.has('var'))) return 'h5ad';
  if (file.kindOf('matrix') === 'dataset' && names.has('row_attrs') && names.has('col_attrs')) return 'loom';
  if (tenxGroups(file).length > 0) return '10x-h5';
  const lists = ['barcode_idx', 'feature_idx', 'umi'].every((name) => names.has(name));
  if (lists || ['barcode', 'gene', 'umi'].every((name) => names.has(name))) return 'molecule-info';
  return names.has('X') ? 'h5ad' : 'unknown';
}

/** Groups of the root that hold a matrix as Cell Ranger writes it: `matrix` since version 3, a group per genome before. */
export function tenxGroups(file: Hdf5File): string[] {
  return file.names('').filter((group) => {
    const names = new Set(file.names(group));
    return (
      ['barcodes', 'data', 'indices', 'indptr', 'shape'].every((name) => names.has(name)) &&
      (names.has('features') || names.has('genes'))
    );
  });
}

/** The kind in the words of a message. */
export const kindNames: Readonly<Record<Hdf5Kind, string>> = {
  h5ad: 'an AnnData file (.h5ad)',
  h5mu: 'a MuData file (.h5mu)',
  '10x-h5': 'a Cell Ranger matrix (.h5)',
  loom: 'a loom file',
  'molecule-info': 'a Cell Ranger molecule_info file',
  unknown: 'an HDF5 file of another kind',
};
