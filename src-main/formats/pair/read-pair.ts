import type { PreparationNote } from '#core/data/aligned-pair';
import type { CancelSignal } from '#core/base/cancel';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import { isInMemory, type RowStore, storedIn } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { stackStudies } from '#core/prepare/stack-studies';
import { activityOfPeaks } from '../chromatin/activity-of-peaks.ts';
import { type ChromatinSide, countedSamples, fragmentSide, peakSide } from '../chromatin/chromatin-side.ts';
import { areFragments, chosenColumns } from '../chromatin/fragment-columns.ts';
import { harmoniseStudies } from '../chromatin/harmonise-studies.ts';
import { holdsIntervals } from '../detect/file-kind.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { readStudy } from '../read-study.ts';
import { readQueryPeaks } from './query-peaks.ts';

/** The files of a run. */
export interface PairChoice {
  readonly reference: readonly StudyChoice[];
  readonly query: readonly StudyChoice[];
  readonly queryPeaks?: StudyChoice | undefined;
  readonly label?: string | undefined;
  readonly truth?: string | undefined;
  readonly harmonise: HarmoniseWay | 'auto';
  readonly chain?: string | undefined;
}

/** Reference and query, read and brought to features that can be matched. */
export interface ReadPair {
  readonly reference: Study;
  readonly query: Study;
  /** What the query's neighbour graph is made from, where that is not the query itself. */
  readonly queryPeaks?: Study;
  readonly notes: readonly PreparationNote[];
}

export interface ReadPairOptions {
  readonly signal?: CancelSignal | undefined;
  readonly store?: RowStore | undefined;
  /** Told the fraction done, 0 … 1, and what is being done. */
  readonly progress?: ((fraction: number, text: string) => void) | undefined;
}

/** Part of the reading after which the query is read. */
const half = 0.5;

/**
 * Reads the files of a run. Where one side is genes (RNA, gene activity) and the other fragments or peaks, these are turned
 * into gene activity, and the query's peaks, or its fragments in windows, become what its neighbour graph is made
 * from. Where both sides are fragments or peaks, they are brought to the same places (`harmoniseStudies`). Columns that a
 * person chose for a fragments file stay as chosen.
 *
 * Throws what `readStudy`, `readFragmentsStudy`, `activityOfPeaks`, `harmoniseStudies` and `stackStudies` throw.
 */
export async function readPair(pair: PairChoice, options: ReadPairOptions = {}): Promise<ReadPair> {
  const { progress } = options;
  const reading = (side: 'reference' | 'query') => (fraction: number) =>
    progress?.(half * fraction + (side === 'query' ? half : 0), `Reading the ${side}`);
  const reference = await openSide(pair.reference, pair.label, options, reading('reference'));
  const query = await openSide(await withOwnPeaks(pair), pair.truth, options, reading('query'));
  const [a, b] = [reference.chromatin, query.chromatin];
  if (a !== null && b !== null && pair.harmonise !== 'gene-activity') {
    const asTheyAre = pair.harmonise === 'auto' || pair.harmonise === 'same-peaks';
    if (asTheyAre && sameNames(reference.study, query.study)) {
      return { reference: reference.study!, query: query.study!, notes: [] };
    }
    const made = await harmoniseStudies(a, b, { way: pair.harmonise, chain: pair.chain, ...options });
    return { reference: made.reference, query: made.query, notes: made.notes };
  }
  const from = await asGenes(reference, pair.reference, false, options, reading('reference'));
  const to = await asGenes(query, pair.query, pair.queryPeaks === undefined, options, reading('query'));
  const queryPeaks =
    pair.queryPeaks === undefined ? to.peaks : await readQueryPeaks(pair.queryPeaks, to.study, pair.query, options);
  return {
    reference: from.study,
    query: to.study,
    ...(queryPeaks === undefined ? {} : { queryPeaks }),
    notes: [...from.notes, ...to.notes],
  };
}

/** The query's files; fragments with a BED file as the query's peaks can be counted in them. */
async function withOwnPeaks({ query, queryPeaks }: PairChoice): Promise<readonly StudyChoice[]> {
  if (queryPeaks === undefined || !(await areFragments(query)) || !(await holdsIntervals(queryPeaks.path)))
    return query;
  return query.map((choice) => ({ ...choice, chromatin: { peaks: queryPeaks.path, ...choice.chromatin } }));
}

/** A side as far as it can be read without knowing the other. */
interface OpenSide {
  /** Null for fragments, which are counted once it is known in what. */
  readonly study: Study | null;
  /** Null where it is genes, or was chosen to be. */
  readonly chromatin: ChromatinSide | null;
}

async function openSide(
  choices: readonly StudyChoice[],
  labelColumn: string | undefined,
  { signal, store }: ReadPairOptions,
  progress: (fraction: number) => void,
): Promise<OpenSide> {
  const [first] = choices as [StudyChoice, ...StudyChoice[]];
  if (await areFragments(choices)) {
    const chosen = chosenColumns(first);
    if (chosen === null) return { study: null, chromatin: fragmentSide(choices, { signal, store, progress }) };
    if (chosen.kind === 'gene-activity') return { study: null, chromatin: null };
  }
  const studies: Study[] = [];
  for (const choice of choices) {
    studies.push(
      await readStudy(choice, {
        signal,
        labelColumn,
        store: store && lessBy(store, studies),
        progress: (f) => progress((studies.length + f) / choices.length),
      }),
    );
  }
  const study = stackStudies(studies);
  return { study, chromatin: peakSide(study, first) };
}

/** A side as genes; with what its graph is made from, if that is asked for and there is something better than genes. */
async function asGenes(
  { study, chromatin }: OpenSide,
  choices: readonly StudyChoice[],
  graph: boolean,
  { signal, store }: ReadPairOptions,
  progress: (fraction: number) => void,
): Promise<{ study: Study; peaks?: Study; notes: readonly PreparationNote[] }> {
  if (study === null) {
    const columns = chosenColumns(choices[0]!) ?? { kind: 'gene-activity', weighted: false };
    const made = await countedSamples(choices, columns, graph, { signal, store, progress });
    const whole = { study: stackStudies(made.studies), notes: made.notes };
    return made.windows.length === 0 ? whole : { ...whole, peaks: stackStudies(made.windows) };
  }
  if (chromatin === null) return { study, notes: [] };
  const made = await activityOfPeaks(await chromatin.asPeaks(), { annotation: chromatin.annotation, signal, store });
  return graph ? { study: made.study, peaks: study, notes: made.notes } : { study: made.study, notes: made.notes };
}

/** Whether both have the same features under the same names, so that nothing has to be done. */
function sameNames(a: Study | null, b: Study | null): boolean {
  if (a === null || b === null || a.features.ids.length !== b.features.ids.length) return false;
  const known = new Set(a.features.ids);
  return b.features.ids.every((id) => known.has(id));
}

/** The store for the next file, when those before it take up memory already. */
function lessBy(rows: RowStore, before: readonly Study[]): RowStore {
  const held = before.reduce((sum, { matrix }) => sum + (isInMemory(matrix) ? storedIn(matrix) : 0), 0);
  return { valuesInMemory: rows.valuesInMemory - held, keep: (...what) => rows.keep(...what) };
}
