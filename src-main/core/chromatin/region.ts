import { AppError } from '../base/app-error.ts';
import { sameContigs } from './contigs.ts';
import type { GeneModel } from './gene-model.ts';
import type { Interval } from './interval-index.ts';

/** The widest region that coverage is shown for, in bases. */
export const widestRegion = 1_000_000;
/** How many names are offered where a gene is not found. */
const mostAlike = 5;

/**
 * The longest entry of the gene of that name, in whatever case it is written: CD3E, cd3e. The spelling of the list goes
 * before other cases.
 *
 * @throws AppError `chromatin.no-such-gene`, with names that begin alike
 */
export function geneNamed(models: readonly GeneModel[], name: string): GeneModel {
  const wanted = name.trim();
  const exact = models.filter((gene) => gene.name === wanted);
  const found = exact.length > 0 ? exact : models.filter((gene) => gene.name.toUpperCase() === wanted.toUpperCase());
  const longest = found.reduce<GeneModel | undefined>(
    (best, gene) => (best === undefined || gene.end - gene.start > best.end - best.start ? gene : best),
    undefined,
  );
  if (longest !== undefined) return longest;
  const start = wanted.slice(0, Math.max(2, wanted.length - 1)).toUpperCase();
  const alike = models.filter((gene) => gene.name.toUpperCase().startsWith(start)).map((gene) => gene.name);
  throw new AppError('chromatin.no-such-gene', {
    gene: wanted,
    alike: [...new Set(alike)].sort().slice(0, mostAlike),
  });
}

/**
 * The body of a gene with `flank` bases on either side, not below 0.
 * @throws AppError `chromatin.bad-region` if that is wider than a region may be
 */
export function regionAround(gene: GeneModel, flank = 5000): Interval {
  const region = { contig: gene.contig, start: Math.max(0, gene.start - flank), end: gene.end + flank };
  return checked(region, `${gene.name} with ${flank} bases on either side`);
}

/**
 * A region as people write it: chr11:60,000,000-60,010,000, as in genome browsers counted from 1 with both ends in.
 * @throws AppError `chromatin.bad-region`
 */
export function parseRegion(text: string): Interval {
  const parts = /^\s*(\S+?)\s*[:\s]\s*([\d,]+)\s*(?:-|\.\.|–)\s*([\d,]+)\s*$/.exec(text);
  if (parts === null)
    throw new AppError('chromatin.bad-region', { region: text, problem: 'it is not contig:start-end' });
  const [from, to] = [parts[2]!, parts[3]!].map((digits) => Number(digits.replaceAll(',', '')));
  if (from! < 1) throw new AppError('chromatin.bad-region', { region: text, problem: 'bases are counted from 1' });
  return checked({ contig: parts[1]!, start: from! - 1, end: to! }, text);
}

/** The genes with a base in the region, by start. */
export function genesIn(models: readonly GeneModel[], region: Interval): GeneModel[] {
  const same = sameContigs(region.contig);
  return models
    .filter((gene) => gene.start < region.end && gene.end > region.start && same(gene.contig))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function checked(region: Interval, said: string): Interval {
  const width = region.end - region.start;
  const problem =
    width <= 0
      ? 'its end lies before its start'
      : width > widestRegion
        ? `it is ${width} bases wide, and ${widestRegion} are shown at most`
        : null;
  if (problem !== null) throw new AppError('chromatin.bad-region', { region: said, problem });
  return region;
}
