import { countText } from '#core/base/count-text';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { CancelSignal } from '#core/base/cancel';
import { type Chain, ChainMap, liftPeaks, swappedChains } from '#core/chromatin/chain-map';
import { buildName } from '#core/chromatin/genome-builds';
import type { Interval } from '#core/chromatin/interval-index';
import type { PreparationNote } from '#core/data/aligned-pair';
import { contigTable, knownBuilds } from '../intervals/contig-names.ts';
import { readChain } from '../intervals/read-chain.ts';
import { type PeakStudy, takeStudyColumns } from './peak-study.ts';

/** The genomes that a chain file is to lead between; null where one is not known. */
export interface ChainEnds {
  readonly query: string | null;
  readonly reference: string | null;
}

/**
 * The map from the query's genome to the reference's, or back.
 *
 * @param path a chain file that leads from the query's genome to the reference's
 * @throws AppError `chromatin.chain-other-way` if the lengths of its contigs say that it leads from the reference's genome
 *   to the query's, and what `readChain` throws
 */
export async function chainBetween(
  path: string,
  ends: ChainEnds,
  back: boolean,
  signal: CancelSignal | undefined,
): Promise<ChainMap> {
  const chains = await readChain(path, { signal });
  await refuseOtherWay(chains, path, ends);
  return new ChainMap(basename(path), back ? swappedChains(chains) : chains);
}

/** Contigs have the same names in both genomes, so that a chain file taken the wrong way round would lift without a word. */
async function refuseOtherWay(chains: readonly Chain[], path: string, { query, reference }: ChainEnds): Promise<void> {
  const table = await contigTable();
  const lengthOf = (name: string | null, contig: string): number | null => {
    const build = knownBuilds.find((known) => name !== null && known === buildName(name));
    return build === undefined ? null : table.lengthOf(build, contig);
  };
  const [there, back] = [chains.filter(fits(query, reference)), chains.filter(fits(reference, query))];
  if (back.length <= there.length) return;
  throw new AppError('chromatin.chain-other-way', { file: basename(path), from: query!, to: reference! });

  function fits(from: string | null, to: string | null): (chain: Chain) => boolean {
    return ({ contig, size, toContig, toSize }) => lengthOf(from, contig) === size && lengthOf(to, toContig) === toSize;
  }
}

/** Peaks in the other genome with their places among the columns; those without a place are counted in a note. */
export function lifted(
  { study, peaks }: PeakStudy,
  map: ChainMap,
  notes: PreparationNote[],
): { readonly peaks: readonly Interval[]; readonly source: Int32Array } {
  const { peaks: moved, source, failed } = liftPeaks(peaks, map);
  const without = Object.entries(failed).filter(([, count]) => count > 0);
  const why = without.map(([reason, count]) => `${countText(count)} ${reason}`).join(', ');
  if (moved.length === 0) {
    throw new AppError('chromatin.nothing-lifted', { file: map.name, study: study.name, peaks: peaks.length, why });
  }
  const reasons = why === '' ? '' : ` (${why})`;
  const text = `${countText(moved.length)} of ${countText(peaks.length)} peaks of ${study.name} have a place in the other genome by ${map.name}${reasons}.`;
  notes.push({ step: 'harmonise', text, severity: moved.length * 2 < peaks.length ? 'warning' : 'info' });
  return { peaks: moved, source };
}

/** The study on its peaks that have a place in the other genome. Throws as `lifted`. */
export function liftedStudy(side: PeakStudy, map: ChainMap, notes: PreparationNote[]): PeakStudy {
  const { peaks, source } = lifted(side, map, notes);
  return { study: takeStudyColumns(side.study, source), peaks };
}
