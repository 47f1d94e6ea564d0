import { AppError } from '#core/base/app-error';
import type { Column } from '#core/data/column';
import type { CellEmbedding, CellTable } from '#core/data/study';
import type { StudyFile } from '../study-file.ts';
import { anndataReaders } from '../h5ad/anndata-group.ts';
import { readTable } from '../h5ad/read-embeddings.ts';
import { readFrame } from '../h5ad/read-frame.ts';
import { modalityOfName } from '../hdf5/feature-types.ts';
import { Hdf5File } from '../hdf5/hdf5-file.ts';
import { kindNames, kindOfFile } from '../hdf5/hdf5-kind.ts';
import { SkippedParts, hdf5StudyFile } from '../hdf5/hdf5-study-file.ts';
import type { SlotReader } from '../hdf5/hdf5-study-file.ts';
import { columnRows, embeddingRows, rowsOfCells } from './shared-cells.ts';

/**
 * Opens a MuData file. The slots are the matrices of each modality, `mod/rna/X`, `mod/rna/raw/X`, …, in the order of
 * modalities that the file declares. What a modality is, is taken from the declared types of its features, else from
 * a name that leaves no doubt (rna, atac, prot, …), else it is left open. Cells of a modality carry its own columns and
 * those of the common table; a common embedding is given where it covers every cell of the modality.
 */
export async function openH5mu(path: string): Promise<StudyFile> {
  const file = await Hdf5File.open(path);
  try {
    const kind = kindOfFile(file);
    if (kind !== 'h5mu') {
      throw new AppError('reading.hdf5-other-kind', {
        file: file.name,
        expected: kindNames.h5mu,
        found: kindNames[kind],
      });
    }
    const skipped = new SkippedParts();
    const readers = modalityNames(file).flatMap((name) => {
      const own = skipped.attempt(`mod/${name}`, () => anndataReaders(file, `mod/${name}`, name, skipped)) ?? [];
      return own.map((reader) => withCommonParts(file, name, reader, skipped));
    });
    const version = file.textAttribute('', 'encoder-version');
    const dialect = version === null ? 'MuData' : `MuData ${version}`;
    return hdf5StudyFile({ file, format: 'h5mu', dialect, readers, skipped });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Modalities in the declared order, then any others. */
function modalityNames(file: Hdf5File): string[] {
  const present = file.names('mod').filter((name) => file.kindOf(`mod/${name}`) === 'group');
  const declared = (file.textsAttribute('mod', 'mod-order') ?? []).filter((name) => present.includes(name));
  return [...new Set([...declared, ...present])];
}

function withCommonParts(file: Hdf5File, name: string, reader: SlotReader, skipped: SkippedParts): SlotReader {
  const slot = { ...reader.slot, modality: reader.slot.modality ?? modalityOfName(name) };
  // Axis 0 shares cells between modalities, −1 cells and features; on axis 1 the common table is about features.
  if ((file.numbersAttribute('', 'axis')?.[0] ?? 0) === 1 || !file.has('obs')) return { ...reader, slot };
  return {
    ...reader,
    slot,
    cells: () => withCommonColumns(file, name, reader.cells(), skipped),
    embeddings: () => new Map([...commonEmbeddings(file, reader, skipped), ...reader.embeddings()]),
  };
}

/** The cells with the common columns that they do not have themselves; a column copied from their own table (`rna:leiden`) is one they have. */
function withCommonColumns(file: Hdf5File, modality: string, cells: CellTable, skipped: SkippedParts): CellTable {
  const frame = skipped.attempt('obs', () => readFrame(file, 'obs', 'uns', skipped));
  if (frame === undefined || frame.columns.size === 0) return cells;
  const rows = rowsOfCells(frame.index, cells.ids);
  const columns = new Map<string, Column>(cells.columns);
  for (const [name, column] of frame.columns) {
    const own = name.startsWith(`${modality}:`) ? name.slice(modality.length + 1) : name;
    if (!columns.has(own)) columns.set(name, columnRows(column, rows));
  }
  return { ids: cells.ids, columns };
}

/** Embeddings of the common table, where they cover every cell. The masks that say which modality has which cell are none. */
function commonEmbeddings(file: Hdf5File, reader: SlotReader, skipped: SkippedParts): Map<string, CellEmbedding> {
  const embeddings = new Map<string, CellEmbedding>();
  const modalities = new Set(file.names('mod'));
  const names = file.names('obsm').filter((name) => !modalities.has(name));
  if (names.length === 0) return embeddings;
  const index = skipped.attempt('obs', () => readFrame(file, 'obs', 'uns', skipped).index);
  if (index === undefined) return embeddings;
  const rows = rowsOfCells(index, reader.cells().ids);
  if (rows.includes(-1)) return embeddings;
  for (const name of names) {
    const table = skipped.attempt(`obsm/${name}`, () => readTable(file, `obsm/${name}`, index.length));
    if (table !== undefined) embeddings.set(name, embeddingRows(table, rows));
  }
  return embeddings;
}
