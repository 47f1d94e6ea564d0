import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { resourceFolder } from '../resource-folder.ts';
import type { Build } from '../intervals/contig-names.ts';
import type { GeneModels } from './gene-models.ts';
import { readGeneBed } from './read-gene-bed.ts';

/** Builds whose protein-coding genes are shipped (resources/gene-models/README.md). */
export const shippedBuilds = ['hg19', 'hg38', 'mm9', 'mm10', 'mm39'] as const satisfies readonly Build[];
export type ShippedBuild = (typeof shippedBuilds)[number];

/** Names of a build that mean one of ours. Patches (GRCh38.p14) change nothing in the chromosomes. */
const otherNames: readonly (readonly [RegExp, Build])[] = [
  [/hg19|GRCh37|\bb37\b|hs37d5/i, 'hg19'],
  [/hg38|GRCh38|\bb38\b|hs38/i, 'hg38'],
  [/\bhs1\b|CHM13/i, 'hs1'],
  [/mm9(?!\d)|NCBIM37|MGSCv37/i, 'mm9'],
  [/mm10|GRCm38/i, 'mm10'],
  [/mm39|GRCm39/i, 'mm39'],
];

/** The build that a text speaks of (a header, a path of a reference, "GRCh38.p14"); null for none or several. */
export function buildNamed(text: string): Build | null {
  const found = otherNames.filter(([names]) => names.test(text)).map(([, build]) => build);
  return found.length === 1 ? found[0]! : null;
}

const held = new Map<ShippedBuild, Promise<GeneModels>>();

/**
 * The shipped genes of a build, read once per process.
 *
 * @param build by any of its usual names: hg38, GRCh38, …
 * @throws AppError `reading.no-gene-models` for a build whose genes are not shipped: the user's GTF is needed then
 */
export async function shippedGeneModels(build: string): Promise<GeneModels> {
  const known = shippedBuilds.find((name) => name === buildNamed(build));
  if (known === undefined) throw new AppError('reading.no-gene-models', { build, shipped: shippedBuilds.join(', ') });
  let models = held.get(known);
  if (models === undefined)
    held.set(known, (models = readGeneBed(join(resourceFolder('gene-models'), `${known}.bed.gz`))));
  return models;
}
