import type { CsrMatrix } from '#core/data/csr-matrix';
import { transpose } from '#core/data/csr-matrix';
import { detectIdType } from './detect/id-type.ts';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { rowRange } from './text/row-source.ts';

/**
 * The same file with cells and features changed over: for files whose writer took the one for the other. Columns of
 * cells become columns of features and the reverse; embeddings belong to neither then and are left out.
 * The first rows read load the whole matrix.
 */
export function transposedFile(file: StudyFile): StudyFile {
  const original = new Map(file.slots.map((slot) => [slot.id, slot]));
  const whole = new Map<string, CsrMatrix>();
  const slots = file.slots.map((slot): MatrixSlot => ({
    ...slot,
    cells: slot.features,
    features: slot.cells,
    modality: null,
  }));
  return {
    format: file.format,
    dialect: `${file.dialect}, turned over`,
    path: file.path,
    slots,
    skipped: file.skipped,
    readCells: async (slot) => {
      const { ids, columns } = await file.readFeatures(original.get(slot.id)!);
      return { ids, columns };
    },
    readFeatures: async (slot) => {
      const { ids, columns } = await file.readCells(original.get(slot.id)!);
      return { ids, names: ids, idType: detectIdType(ids).idType, columns };
    },
    readRows: async (slot, from, to) => {
      let matrix = whole.get(slot.id);
      if (matrix === undefined) {
        const source = original.get(slot.id)!;
        matrix = transpose(await file.readRows(source, 0, source.cells));
        whole.set(slot.id, matrix);
      }
      return rowRange(matrix, from, to);
    },
    readEmbeddings: () => Promise.resolve(new Map()),
    close: () => {
      whole.clear();
      file.close();
    },
  };
}
