import { AppError } from '#core/base/app-error';
import type { ValueKind } from '#core/data/study';
import { detectValueKind } from '../detect/value-kind.ts';
import type { MatrixSlot, StudyFile, ValueEvidence } from '../study-file.ts';
import { sampleRows } from './sample-rows.ts';

/** What is known of another matrix of the file. */
export interface OtherMatrix {
  readonly slot: MatrixSlot;
  readonly values: ValueEvidence;
}

/**
 * Looks at the other matrices of the same cells and modality, at most six and 60 cells of each. Matrices that cannot
 * be read are passed over: they are offered to nobody. Text files are not read again for it.
 */
export async function otherMatrices(file: StudyFile, chosen: MatrixSlot): Promise<OtherMatrix[]> {
  const found: OtherMatrix[] = [];
  const candidates = file.slots.filter(
    (slot) => slot.id !== chosen.id && slot.modalityName === chosen.modalityName && slot.cells === chosen.cells,
  );
  for (const slot of candidates.slice(0, 6)) {
    const values = await valuesOf(file, slot);
    if (values !== null) found.push({ slot, values });
  }
  return found;
}

/** The matrix to offer in place of one with values of this kind: counts, else log-normalised for scaled ones. */
export function betterMatrix(kind: ValueKind, others: readonly OtherMatrix[]): OtherMatrix | undefined {
  if (kind === 'counts' || kind === 'binary') return undefined;
  const counts = others.find(({ values }) => values.kind === 'counts');
  if (counts !== undefined || kind === 'log-normalised') return counts;
  return others.find(({ values }) => values.kind === 'log-normalised');
}

async function valuesOf(file: StudyFile, slot: MatrixSlot): Promise<ValueEvidence | null> {
  try {
    return detectValueKind(await sampleRows(file, slot, 60, 50));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
