import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Interval } from '#core/chromatin/interval-index';
import { fileKind } from '../detect/file-kind.ts';
import type { StudyChoice } from '../inspect/repair.ts';

/** What the columns of a study stand for that is counted from fragments. */
export type FragmentColumns =
  | { readonly kind: 'gene-activity'; readonly weighted: boolean }
  | { readonly kind: 'windows'; readonly width: number }
  /** Peaks: of the choice's own BED file, or those given. */
  | { readonly kind: 'peaks'; readonly peaks?: readonly Interval[] };

/** Bases of a window where nothing else is said. */
export const windowWidth = 5000;

/** The matrices that a fragments file can be counted into, by the names under which they are chosen. */
export const fragmentSlots = ['gene-activity', 'weighted-gene-activity', `windows-${windowWidth}`, 'peaks'] as const;

/** Whether all of the files are fragments, told by their content. Throws what `fileKind` throws. */
export async function areFragments(choices: readonly StudyChoice[]): Promise<boolean> {
  for (const choice of choices) if ((await fileKind(choice.path)) !== 'fragments') return false;
  return true;
}

/** The columns that a person chose for a fragments file; null where it was left to us. */
export function chosenColumns(choice: StudyChoice): FragmentColumns | null {
  const slot = choice.repairs.findLast((repair) => repair.kind === 'use-matrix')?.slot;
  return slot === undefined ? null : columnsNamed(slot, choice);
}

/** The columns of a fragments file: as chosen, else gene activity. */
export function fragmentColumns(choice: StudyChoice): FragmentColumns {
  return chosenColumns(choice) ?? { kind: 'gene-activity', weighted: false };
}

/** The name under which columns are chosen. */
export function slotOfColumns(columns: FragmentColumns): string {
  switch (columns.kind) {
    case 'gene-activity':
      return columns.weighted ? 'weighted-gene-activity' : 'gene-activity';
    case 'windows':
      return `windows-${columns.width}`;
    case 'peaks':
      return 'peaks';
  }
}

function columnsNamed(slot: string, { path, chromatin }: StudyChoice): FragmentColumns {
  if (slot === 'gene-activity') return { kind: 'gene-activity', weighted: false };
  if (slot === 'weighted-gene-activity') return { kind: 'gene-activity', weighted: true };
  const width = Number(/^windows-(\d{3,8})$/.exec(slot)?.[1]);
  if (width >= 100) return { kind: 'windows', width };
  if (slot === 'peaks' && chromatin?.peaks !== undefined) return { kind: 'peaks' };
  const there = chromatin?.peaks === undefined ? fragmentSlots.slice(0, 3) : fragmentSlots;
  throw new AppError('reading.no-such-matrix', { file: basename(path), asked: slot, there: there.join(', ') });
}
