import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Repair, StudyChoice } from './inspect/repair.ts';
import { openStudyFile, type OpenOptions } from './open-study-file.ts';
import type { MatrixSlot, StudyFile } from './study-file.ts';
import { transposedFile } from './transposed-file.ts';

/** The repair of one kind, if it was chosen. Of several the last one counts. */
export function repairOf<K extends Repair['kind']>(
  choice: StudyChoice,
  kind: K,
): Extract<Repair, { kind: K }> | undefined {
  return choice.repairs.findLast((repair): repair is Extract<Repair, { kind: K }> => repair.kind === kind);
}

/** Opens the file of a choice, turned over where that repair was chosen. Throws what `openStudyFile` throws. */
export async function openChoice(choice: StudyChoice, options: OpenOptions = {}): Promise<StudyFile> {
  if (repairOf(choice, 'transpose') === undefined) return openStudyFile(choice.path, options);
  const file = await openStudyFile(choice.path, { ...options, transpose: true });
  // Tables and square matrix-market files have taken account of it; in all others names and matrix agree as they are.
  if (file.format === 'csv') return file;
  const square = file.slots.every((slot) => slot.cells === slot.features);
  return file.format === 'mtx' && square ? file : transposedFile(file);
}

/** The matrix that a choice reads: the one it names, else the first. Throws `reading.no-matrix` and `reading.no-such-matrix`. */
export function slotOf(file: StudyFile, choice: StudyChoice): MatrixSlot {
  const name = basename(file.path);
  if (file.slots.length === 0) throw new AppError('reading.no-matrix', { file: name, format: file.dialect });
  const asked = repairOf(choice, 'use-matrix')?.slot;
  const found = asked === undefined ? file.slots[0]! : file.slots.find((slot) => slot.id === asked);
  if (found === undefined) {
    throw new AppError('reading.no-such-matrix', {
      file: name,
      asked: asked!,
      there: file.slots.map((slot) => slot.id).join(', '),
    });
  }
  return found;
}
