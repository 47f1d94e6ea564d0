import { takeRows, transpose } from '#core/data/csr-matrix';
import { detectIdType } from './detect/id-type.ts';
import { sampleRows } from './inspect/sample-rows.ts';
import { isEmptyRow } from './read-rows.ts';
import type { RowSpill } from './spill/row-spill.ts';
import { turnLines } from './spill/turn-lines.ts';
import { TurnedRows } from './spill/turned-rows.ts';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { isPrepared, type PreparedStudyFile, type ReadOptions } from './text/row-source.ts';

/** Values up to which a matrix is turned over for a look at it: a fraction of a second. */
const quickValues = 4 * 1024 * 1024;
/** Features that a look at a larger one sees. */
const sampledFeatures = 1000;

/**
 * The same file with cells and features changed over: for files whose writer took the one for the other. Columns of
 * cells become columns of features and the reverse; embeddings belong to neither then and are left out.
 * The first rows read turn the whole matrix over, through a temporary file where it does not fit into memory.
 */
export function transposedFile(file: StudyFile): PreparedStudyFile {
  const original = new Map(file.slots.map((slot) => [slot.id, slot]));
  const turned = new Map(
    file.slots.map((slot) => [slot.id, new TurnedRows((options) => turnOver(file, slot, options))]),
  );
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
    readRows: (slot, from, to) => turned.get(slot.id)!.rows(from, to),
    prepareRows: (slot, options = {}) => turned.get(slot.id)!.prepare(options),
    sampleRows: async (slot, cells, budgetMs) => {
      const source = original.get(slot.id)!;
      if ((source.stored ?? source.cells * source.features) <= quickValues) return null;
      // What is looked at are rows of the file, which are features now.
      const { matrix } = await sampleRows(file, source, sampledFeatures, budgetMs);
      const rows = transpose(matrix);
      const filled = Array.from({ length: rows.rows }, (_, row) => row).filter((row) => !isEmptyRow(rows, row));
      const step = Math.max(1, Math.ceil(filled.length / cells));
      const spread = filled.filter((_, i) => i % step === 0);
      return { matrix: takeRows(rows, spread), wholeRows: false, seen: Math.max(1, matrix.rows) / source.cells };
    },
    readEmbeddings: () => Promise.resolve(new Map()),
    close: () => {
      for (const rows of turned.values()) rows.close();
      file.close();
    },
  };
}

async function turnOver(file: StudyFile, slot: MatrixSlot, { signal, progress }: ReadOptions): Promise<RowSpill> {
  let done = 0;
  if (isPrepared(file)) {
    await file.prepareRows(slot, { signal, progress: (fraction) => progress?.((done = fraction / 2)) });
  }
  const lines = {
    lines: slot.cells,
    across: slot.features,
    values: slot.stored ?? slot.cells * slot.features,
    read: (from: number, to: number) => file.readRows(slot, from, to),
  };
  return turnLines(lines, { signal, progress: (fraction) => progress?.(done + (1 - done) * fraction) });
}
