import type { CancelSignal } from '#core/base/cancel';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { stackStudies } from '#core/prepare/stack-studies';
import { areFragments, type FragmentColumns, windowWidth } from '../chromatin/fragment-columns.ts';
import { readFragmentsStudy } from '../chromatin/read-fragments-study.ts';
import { readPeaks } from '../chromatin/read-peaks.ts';
import { holdsIntervals } from '../detect/file-kind.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { readStudy } from '../read-study.ts';

interface Work {
  readonly signal?: CancelSignal | undefined;
  readonly store?: RowStore | undefined;
}

/**
 * What the query's neighbour graph is made from: a matrix of peaks; a fragments file, whose cells of the query are counted
 * in windows; or, where the query itself was counted from fragments, a BED file of peaks to count them in.
 *
 * @param query the study, whose cells are looked up
 * @param choices the query's own files
 */
export async function readQueryPeaks(
  peaks: StudyChoice,
  query: Study,
  choices: readonly StudyChoice[],
  work: Work,
): Promise<Study> {
  if ((await holdsIntervals(peaks.path)) && (await areFragments(choices))) {
    return counted(choices, { kind: 'peaks', peaks: await readPeaks(peaks.path, work.signal) }, query, work);
  }
  if (!(await areFragments([peaks]))) return readStudy(peaks, { store: undefined, ...work });
  return counted([peaks], { kind: 'windows', width: windowWidth }, query, work);
}

/** The query's files with a BED file of peaks that its fragments can be counted in; null where there is none. */
export async function withOwnPeaks(
  query: readonly StudyChoice[],
  queryPeaks: StudyChoice | undefined,
): Promise<readonly StudyChoice[] | null> {
  if (queryPeaks === undefined || !(await areFragments(query)) || !(await holdsIntervals(queryPeaks.path))) return null;
  return query.map((choice) => {
    const peaks = choice.chromatin?.peaks ?? queryPeaks.path;
    return { ...choice, chromatin: { ...choice.chromatin, peaks } };
  });
}

/** The query's cells, and no others, counted in some columns: each sample's from its own file. */
async function counted(
  choices: readonly StudyChoice[],
  columns: FragmentColumns,
  query: Study,
  work: Work,
): Promise<Study> {
  const studies: Study[] = [];
  for (const [sample, choice] of choices.entries()) {
    const cells = choices.length === 1 ? query.cells.ids : cellsOfSample(query, sample);
    studies.push((await readFragmentsStudy({ ...choice, repairs: [] }, { ...work, columns, cells })).study);
  }
  return { ...stackStudies(studies), cells: { ids: query.cells.ids, columns: new Map() } };
}

/** The cells that `stackStudies` took from one of several files, as that file names them. */
function cellsOfSample({ cells }: Study, sample: number): string[] {
  const batch = cells.columns.get('batch');
  if (batch?.kind !== 'categories') throw new Error('readQueryPeaks: the samples of the query are not known');
  const front = `${batch.categories[sample]!}:`;
  const own = cells.ids.filter((_, cell) => batch.codes[cell] === sample);
  return own.every((id) => id.startsWith(front)) ? own.map((id) => id.slice(front.length)) : own;
}
