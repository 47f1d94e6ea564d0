import { AppError } from '#core/base/app-error';
import { Hdf5File } from '../hdf5/hdf5-file.ts';
import { kindNames, kindOfFile } from '../hdf5/hdf5-kind.ts';
import { SkippedParts, hdf5StudyFile } from '../hdf5/hdf5-study-file.ts';
import type { PreparedStudyFile } from '../text/row-source.ts';
import { anndataReaders } from './anndata-group.ts';

/**
 * Opens an AnnData file of any version from 0.5 on. Matrices: `X`, `raw/X` and `layers/…`, stored by rows, by columns
 * or dense. Names of cells and features are given as they are in the file, repeated ones included. A file without a
 * matrix has no slots.
 */
export async function openH5ad(path: string): Promise<PreparedStudyFile> {
  const file = await Hdf5File.open(path);
  try {
    const kind = kindOfFile(file);
    if (kind === 'molecule-info') throw new AppError('reading.molecule-info', { file: file.name });
    if (kind !== 'h5ad') {
      throw new AppError('reading.hdf5-other-kind', {
        file: file.name,
        expected: kindNames.h5ad,
        found: kindNames[kind],
      });
    }
    const skipped = new SkippedParts();
    const readers = anndataReaders(file, '', null, skipped);
    return hdf5StudyFile({ file, format: 'h5ad', dialect: anndataDialect(file, ''), readers, skipped });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Which AnnData versions write a group as this one is written. */
export function anndataDialect(file: Hdf5File, root: string): string {
  const obs = root === '' ? 'obs' : `${root}/obs`;
  if (file.kindOf(obs) === 'dataset') return 'AnnData layout before 0.7';
  return file.textAttribute(obs, 'encoding-version') === '0.1.0' ? 'AnnData 0.7 layout' : 'AnnData 0.8 layout or later';
}
