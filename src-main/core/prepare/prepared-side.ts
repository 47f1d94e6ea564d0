import { countText } from '../base/count-text.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { AlignedSide, PreparationNote } from '../data/aligned-pair.ts';
import { settledRows } from '../data/collect-rows.ts';
import { emptyRows, takeColumns } from '../data/csr-matrix.ts';
import type { Transform } from '../data/preparation-choices.ts';
import { blocksOf, isInMemory, mapRows, type RowStore, type SparseRows } from '../data/sparse-rows.ts';
import type { Study } from '../data/study.ts';
import { groupColumns } from './group-columns.ts';
import type { MatchedSide } from './match-features.ts';
import { networkInput } from './network-input.ts';
import { Watch } from './watch.ts';

export interface SideOptions {
  /** Where the rows go of a study that does not lie in memory; without it each row is prepared anew when it is read. */
  readonly store?: RowStore | undefined;
  readonly signal?: CancelSignal | undefined;
  /** Told the share done, 0…1. Work waits for a promise given back. */
  readonly progress?: (done: number) => void | Promise<void>;
}

/**
 * A study as a method takes it: its features as matched, as read and transformed, with notes on what was done.
 * @param shared [cells, features] the study's values of `features`
 * @throws AppError of the area `preparing` where values do not fit the transform
 */
export async function preparedSide(
  study: Study,
  shared: SparseRows,
  features: readonly string[],
  transform: Transform,
  { store, signal, progress }: SideOptions,
): Promise<{ side: AlignedSide; notes: readonly PreparationNote[] }> {
  const watch = new Watch(5 * study.matrix.rows, (done) => progress?.(done));
  const settled = shared === study.matrix ? shared : await settledRows(watch.rows(shared), store, signal);
  const counts = watch.rows(settled);
  const made = await networkInput(
    { name: study.name, cells: study.cells.ids, features, valueKind: study.valueKind, values: counts },
    transform,
    signal,
  );
  const notes = [...made.notes];
  await noteEmpty(study, counts, notes, signal);
  watch.end();
  const input = made.input === counts ? settled : made.input;
  const shift = made.shift === undefined ? {} : { shift: made.shift };
  return { side: { cells: study.cells.ids, counts: settled, input, ...shift }, notes };
}

/** The kept shared features of one side, repeated columns put together: [cells, kept]. Stored rows that stay as they are come back themselves. */
export function sharedColumns(
  study: Study,
  matched: MatchedSide,
  shared: number,
  kept: Uint32Array,
  notes: PreparationNote[],
): SparseRows {
  const sum = study.valueKind === 'counts';
  if (matched.repeated > 0) {
    notes.push({
      step: 'match features',
      severity: 'info',
      text: `${countText(matched.repeated)} features occur more than once in ${study.name}; ${
        sum ? 'their counts were summed' : 'the first of each was taken'
      }.`,
    });
  }
  const all = kept.length === shared && kept.every((place, j) => place === j);
  const { matrix } = study;
  if (!isInMemory(matrix) && all && shared === matrix.columns && matched.place.every((place, j) => place === j)) {
    return matrix;
  }
  return mapRows(matrix, kept.length, (block) => {
    const together = groupColumns(block, matched.place, shared, sum ? 'sum' : 'first');
    return all ? together : takeColumns(together, kept);
  });
}

async function noteEmpty(
  study: Study,
  counts: SparseRows,
  notes: PreparationNote[],
  signal: CancelSignal | undefined,
): Promise<void> {
  let empty = 0;
  for await (const { matrix } of blocksOf(counts, signal)) {
    for (const flag of emptyRows(matrix)) empty += flag;
  }
  if (empty === 0) return;
  notes.push({
    step: 'match features',
    severity: 'warning',
    text: `${countText(empty)} of ${countText(counts.rows)} cells of ${study.name} have none of the ${countText(counts.columns)} features used; nothing can be said about them.`,
  });
}
