import { countText } from '../count-text.ts';
import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a file in one of the formats that are built on HDF5. `place` is a path inside the file. */
export const readingHdf5Errors = {
  'reading.hdf5-not-hdf5': {
    says: (d: { file: string }) => `${d.file} is not an HDF5 file: the HDF5 signature is missing.`,
    remedy: 'Check that the right file was chosen, and unpack it first if it is compressed (.gz, .zip).',
  },
  'reading.hdf5-truncated': {
    says: (d: { file: string; bytes: number; expectedBytes: number | null }) =>
      d.expectedBytes === null
        ? `${d.file} is cut off: it has only ${countText(d.bytes)} bytes.`
        : `${d.file} is cut off: it has ${countText(d.bytes)} of ${countText(d.expectedBytes)} bytes.`,
    remedy: 'Copy or download the file again; the transfer stopped before the end.',
  },
  'reading.hdf5-damaged': {
    says: (d: { file: string; reason: string }) => `${d.file} cannot be opened as HDF5: ${d.reason}.`,
    remedy: 'Copy or download the file again, or save it again with the program that wrote it.',
  },
  'reading.hdf5-other-kind': {
    says: (d: { file: string; expected: string; found: string }) =>
      `${d.file} is not ${d.expected}; it looks like ${d.found}.`,
    remedy: 'Open the file with the format it has, or choose another file.',
  },
  'reading.molecule-info': {
    says: (d: { file: string }) =>
      `${d.file} is a Cell Ranger molecule_info file: it lists single molecules and holds no matrix of cells and features.`,
    remedy: 'Choose filtered_feature_bc_matrix.h5 from the same Cell Ranger output folder.',
  },
  'reading.part-missing': {
    says: (d: { file: string; place: string; needed: string }) =>
      `${d.file} has no ${d.place}, which holds ${d.needed}.`,
    remedy: 'Save the file again with the program that wrote it; this one is incomplete.',
  },
  'reading.part-unreadable': {
    says: (d: { file: string; place: string; reason: string }) =>
      `${d.place} in ${d.file} cannot be read: ${d.reason}.`,
    remedy: 'Copy the file again; if that does not help, save it again with the program that wrote it.',
  },
  'reading.compression-unavailable': {
    says: (d: { file: string; place: string; filter: string }) =>
      `${d.place} in ${d.file} is compressed with ${d.filter}, which this application cannot unpack.`,
    remedy: 'Save the file again with gzip compression, in Python: adata.write_h5ad(path, compression="gzip").',
  },
  'reading.wrong-type': {
    says: (d: { file: string; place: string; expected: string; found: string }) =>
      `${d.place} in ${d.file} should hold ${d.expected}, but holds ${d.found}.`,
    remedy: 'Save the file again with the program that wrote it, with numbers stored as numbers.',
  },
  'reading.wrong-shape': {
    says: (d: { file: string; place: string; expected: string; found: string }) =>
      `${d.place} in ${d.file} has ${d.found}, but ${d.expected} are needed.`,
    remedy: 'Save the file again with the program that wrote it; its parts do not fit together.',
  },
  'reading.row-pointer-broken': {
    says: (d: { file: string; place: string; position: number; reason: string }) =>
      `${d.place} in ${d.file} is broken at position ${d.position}: ${d.reason}.`,
    remedy: 'Copy the file again; if that does not help, save it again with the program that wrote it.',
  },
  'reading.index-out-of-range': {
    says: (d: { file: string; place: string; position: number; value: number; limit: number }) =>
      `${d.place} in ${d.file} holds ${d.value} at position ${d.position}; it must lie between 0 and ${d.limit - 1}.`,
    remedy: 'Copy the file again; if that does not help, save it again with the program that wrote it.',
  },
  'reading.value-not-finite': {
    says: (d: { file: string; place: string; row: number; column: number; value: string }) =>
      `${d.place} in ${d.file} holds ${d.value} in row ${d.row}, column ${d.column} (counted from 0).`,
    remedy: 'Choose another matrix of the file, such as raw counts, or replace missing values before saving it.',
  },
  'reading.number-too-large': {
    says: (d: { file: string; place: string; value: string }) =>
      `${d.place} in ${d.file} holds ${d.value}, too large to be read exactly.`,
    remedy: 'Store this part as text, or leave it out, before saving the file.',
  },
  'reading.too-large-for-memory': {
    says: (d: { file: string; place: string; gigabytes: number }) =>
      `${d.place} in ${d.file} is stored by columns; turning it into rows takes ${d.gigabytes} GB of disk in the temporary folder, which are not free.`,
    remedy:
      'Make room there (TMPDIR names the folder), or save the matrix by rows, in Python: adata.X = adata.X.tocsr().',
  },
  'writing.would-overwrite-source': {
    says: (d: { path: string }) => `${d.path} is the file that was read; it is never written to.`,
    remedy: 'Choose another name or folder for the annotated copy.',
  },
  'writing.failed': {
    says: (d: { path: string; reason: string }) => `${d.path} could not be written: ${d.reason}.`,
    remedy: 'Check that the folder exists, may be written to and has enough room, or choose another one.',
  },
} as const satisfies ErrorEntries;
