import { countText } from '#core/base/count-text';
import { contigKey } from '#core/chromatin/contigs';
import { columnTexts } from '#core/data/column';
import type { FeatureTable } from '#core/data/study';
import { isChromosome } from '../intervals/contig-names.ts';
import { parsePeakName } from '../intervals/parse-peak-name.ts';
import type { GenomeEvidence } from '../inspect/preflight-report.ts';

/**
 * How chromosomes are named in features that are coordinates: `chr1:…` or `1:…`, with the build if a column of the
 * features declares one (`genome`, as Cell Ranger writes it). Contigs other than chromosomes do not count.
 */
export function detectGenomeStyle(features: FeatureTable): GenomeEvidence {
  const build = declaredBuild(features);
  if (features.idType !== 'coordinates') return { style: 'none', build, evidence: 'the features are not coordinates' };
  let [chr, plain] = [0, 0];
  for (const id of features.ids) {
    const contig = parsePeakName(id)?.contig;
    if (contig === undefined || !isChromosome(contig)) continue;
    if (/^chr/i.test(contig)) chr++;
    else plain++;
  }
  if (chr > 0 && plain > 0) {
    return {
      style: 'mixed',
      build,
      evidence: `${countText(chr)} features begin with chr and ${countText(plain)} do not`,
    };
  }
  if (plain > 0) return { style: 'plain', build, evidence: `chromosomes are named without chr (${features.ids[0]})` };
  if (chr > 0) return { style: 'chr', build, evidence: `chromosomes are named with chr (${features.ids[0]})` };
  return { style: 'none', build, evidence: `no known chromosome (${features.ids[0]})` };
}

/** A coordinate with `chr` in front of a chromosome that lacks it: 1:5-9 → chr1:5-9, MT:5-9 → chrM:5-9; others as they are. */
export function withChr(id: string): string {
  const contig = parsePeakName(id)?.contig;
  if (contig === undefined || /^chr/i.test(contig) || !isChromosome(contig) || !id.startsWith(contig)) return id;
  return `chr${contigKey(contig)}${id.slice(contig.length)}`;
}

/** The values of a `genome` column, joined; null where there is none. */
function declaredBuild(features: FeatureTable): string | null {
  const column = features.columns.get('genome') ?? features.columns.get('Genome');
  if (column === undefined) return null;
  const builds = new Set(columnTexts(column).filter((text) => text !== null && text !== ''));
  return builds.size === 0 || builds.size > 3 ? null : [...builds].join(', ');
}
