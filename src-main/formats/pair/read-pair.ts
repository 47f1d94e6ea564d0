import { basename } from 'node:path';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { CancelSignal } from '#core/base/cancel';
import { buildsDiffer } from '#core/chromatin/genome-builds';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import type { ChromatinSide } from '../chromatin/chromatin-side.ts';
import type { SideWork } from '../chromatin/counted-samples.ts';
import { harmoniseStudies } from '../chromatin/harmonise-studies.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { asGenes, type OpenSide, openSide } from './open-side.ts';
import { readQueryPeaks, withOwnPeaks } from './query-peaks.ts';

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
  /** Told the fraction done, 0 … 1, rising, and what is being done. */
  readonly progress?: ((fraction: number, text: string) => void) | undefined;
  /** Told how the cells of a fragments file were told from background, where they were not listed. */
  readonly called?: SideWork['called'];
}

/** The part of the reading that each side takes. */
const half = 0.5;

/**
 * Reads the files of a run. Where one side is genes (RNA, gene activity) and the other fragments or peaks, these are turned
 * into gene activity, and the query's peaks, or its fragments in the peaks that came with them or in windows, become what
 * its neighbour graph is made from. Where both sides are fragments or peaks, they are brought to the same places (`harmoniseStudies`). Columns that a
 * person chose for a fragments file stay as chosen. Other fragments are counted once both sides were looked at, for then it
 * is known in what.
 *
 * Throws what `readStudy`, `readFragmentsStudy`, `activityOfPeaks`, `harmoniseStudies` and `stackStudies` throw.
 */
export async function readPair(pair: PairChoice, options: ReadPairOptions = {}): Promise<ReadPair> {
  const { signal, store, called } = options;
  const begun: string[] = [];
  const workOn = (side: 'reference' | 'query'): SideWork => ({
    ...{ signal, store, called, labelColumn: side === 'reference' ? pair.label : pair.truth },
    progress: (fraction) => {
      if (!begun.includes(side)) begun.push(side);
      options.progress?.(half * (begun.indexOf(side) + fraction), `Reading the ${side}`);
    },
  });
  const work = { reference: workOn('reference'), query: workOn('query') };
  const own = await withOwnPeaks(pair.query, pair.queryPeaks);
  const reference = await openSide(pair.reference, work.reference);
  const query = await openSide(own ?? pair.query, work.query);
  const [a, b] = [reference.chromatin, query.chromatin];
  if (a !== null && b !== null && pair.harmonise !== 'gene-activity') {
    const made =
      (await asTheyAre(pair, reference, query)) ??
      (await harmoniseStudies(a, b, { way: pair.harmonise, chain: pair.chain, signal, store }));
    const notes = [...reference.notes, ...query.notes, ...made.notes];
    const both = { reference: made.reference, query: made.query, notes };
    if (pair.queryPeaks === undefined || own !== null) return both;
    return { ...both, queryPeaks: await readQueryPeaks(pair.queryPeaks, made.query, pair.query, { signal, store }) };
  }
  const from = await asGenes(reference, pair.reference, false, work.reference);
  const inPass = pair.queryPeaks === undefined || (own !== null && query.study === null);
  const to = await asGenes(query, own ?? pair.query, inPass, work.query);
  const queryPeaks = inPass
    ? to.peaks
    : await readQueryPeaks(pair.queryPeaks!, to.study, pair.query, { signal, store });
  const notes = [...wayNotGone(pair, from.study, a, to.study, b), ...from.notes, ...to.notes];
  return { reference: from.study, query: to.study, ...(queryPeaks === undefined ? {} : { queryPeaks }), notes };
}

/**
 * Both as they are, where they have the same features under the same names and nothing else was asked for. The same names
 * are the same places, unless the person says that the genomes are others, which goes the long way.
 */
async function asTheyAre(
  { harmonise, chain }: PairChoice,
  { study: a, chromatin: ofA }: OpenSide,
  { study: b, chromatin: ofB }: OpenSide,
): Promise<Omit<ReadPair, 'queryPeaks'> | null> {
  if (a === null || b === null || (harmonise !== 'auto' && harmonise !== 'same-peaks')) return null;
  if (a.features.ids.length !== b.features.ids.length) return null;
  const known = new Set(a.features.ids);
  if (!b.features.ids.every((id) => known.has(id))) return null;
  if (ofA!.annotation !== ofB!.annotation && buildsDiffer((await ofA!.facts()).build, (await ofB!.facts()).build)) {
    return null;
  }
  return { reference: a, query: b, notes: chainNotUsed(chain, 'both studies have the same peaks') };
}

function chainNotUsed(chain: string | undefined, why: string): PreparationNote[] {
  if (chain === undefined) return [];
  return [{ step: 'harmonise', text: `The chain file ${basename(chain)} was not used: ${why}.`, severity: 'info' }];
}

/** What a person should know who asked for places, or named a chain file, where one side has none or genes were chosen. */
function wayNotGone(
  { harmonise, chain }: PairChoice,
  reference: Study,
  a: ChromatinSide | null,
  query: Study,
  b: ChromatinSide | null,
): PreparationNote[] {
  const unused = chainNotUsed(chain, 'both studies are matched by genes');
  if (harmonise === 'auto' || harmonise === 'gene-activity') return unused;
  const genes = [...(a === null ? [reference.name] : []), ...(b === null ? [query.name] : [])];
  const text = `"${harmonise}" was not done: ${genes.join(' and ')} ${genes.length === 1 ? 'has' : 'have'} no peaks and no fragments to count anew.`;
  return [{ step: 'harmonise', text, severity: 'warning' }, ...unused];
}
