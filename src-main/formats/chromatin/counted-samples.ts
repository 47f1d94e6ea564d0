import { basename } from 'node:path';
import type { CalledCells } from '#core/chromatin/call-cells';
import type { CancelSignal } from '#core/base/cancel';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { stackStudies } from '#core/prepare/stack-studies';
import type { StudyChoice } from '../inspect/repair.ts';
import { lessBy } from '../less-by.ts';
import type { FragmentColumns } from './fragment-columns.ts';
import { readFragmentsStudy } from './read-fragments-study.ts';

export interface SideWork {
  readonly signal?: CancelSignal | undefined;
  readonly store?: RowStore | undefined;
  readonly progress?: ((fraction: number) => void) | undefined;
  /** Told how the cells of a fragments file were told from background, where they were not listed. */
  readonly called?: ((file: string, cells: CalledCells) => void) | undefined;
  /** The column that the repairs `drop-labels` and `rename-labels` look at; without it they are left to the preparation. */
  readonly labelColumn?: string | undefined;
}

/** Samples of fragments, counted and stacked. */
export interface CountedSamples {
  readonly study: Study;
  /** The same cells in the other columns; null where none were asked for. */
  readonly also: Study | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * The samples of fragments, each counted in the same columns, and in others where they are asked for; their cells one after
 * the other. Where one list names the cells of several files, a cell belongs to those that have its fragments.
 *
 * Throws what `readFragmentsStudy` and `stackStudies` throw.
 */
export async function countedSamples(
  choices: readonly StudyChoice[],
  columns: FragmentColumns | undefined,
  alsoIn: FragmentColumns | null,
  { signal, store, progress, called, labelColumn }: SideWork,
): Promise<CountedSamples> {
  const studies: Study[] = [];
  const others: Study[] = [];
  const notes: PreparationNote[] = [];
  for (const choice of choices) {
    const made = await readFragmentsStudy(choice, {
      ...{ signal, columns, also: alsoIn, labelColumn },
      store: store && lessBy(store, [...studies, ...others]),
      withFragments: choices.some((other) => other !== choice && listOf(other) === listOf(choice)),
      progress: (f) => progress?.((studies.length + f) / choices.length),
    });
    studies.push(made.study);
    if (made.also !== null) others.push(made.also);
    if (made.called !== null) called?.(basename(choice.path), made.called);
    notes.push(...made.notes);
  }
  const study = stackStudies(studies);
  // the same rows in the same order: they bear the same names, whatever the stacking calls them
  return { study, also: others.length === 0 ? null : { ...stackStudies(others), cells: study.cells }, notes };
}

function listOf({ chromatin, labelsFile }: StudyChoice): string | undefined {
  return chromatin?.barcodes ?? labelsFile;
}
