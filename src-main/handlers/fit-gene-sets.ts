import { type GeneSetFit, geneSetFit } from '#core/prepare/gene-set-fit';
import { matchFeatures } from '#core/prepare/match-features';
import { areFragments } from '#formats/chromatin/fragment-columns';
import { geneSetsFor } from '#formats/gene-sets/shipped-gene-sets';
import { readStudyTables } from '#formats/read-study';
import { together } from './match-studies.ts';
import type { GeneSetQuestion } from './services.ts';

/**
 * How gene sets fit two studies, told from the names of their features. Of fragments and peaks the genes are not known before they
 * are counted. Throws what reading the file and the studies throws, and what `matchFeatures` throws.
 */
export async function fitGeneSets({ path, reference, query }: GeneSetQuestion): Promise<GeneSetFit> {
  const sides: GeneSetQuestion['reference'][] = [reference, query];
  const fragments = await Promise.all(sides.map((choices) => areFragments(choices)));
  const tables = await Promise.all(
    sides.map(async (choices, i) =>
      fragments[i] ? null : together(await Promise.all(choices.map((choice) => readStudyTables(choice)))),
    ),
  );
  const library = await geneSetsFor(
    path,
    tables.filter((side) => side !== null),
  );
  const [a, b] = tables;
  const known = a && b && a.modality !== 'peaks' && b.modality !== 'peaks';
  return geneSetFit(library, known ? matchFeatures(a, b).features : null);
}
