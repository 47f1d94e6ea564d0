import { join } from 'node:path';
import type { GeneSetLibrary } from '#core/data/gene-sets';
import type { Species } from '#core/data/study';
import { resourceFolder } from '../resource-folder.ts';
import { readGeneSets } from './read-gene-sets.ts';

/** The Reactome pathways that are shipped for a species (see resources/gene-sets/README.md); null where it is not known. */
export async function shippedGeneSets(species: Species): Promise<GeneSetLibrary | null> {
  if (species === 'unknown') return null;
  const library = await readGeneSets(join(resourceFolder('gene-sets'), `reactome-${species}.gmt.gz`));
  return { ...library, name: `Reactome, ${species} (shipped)` };
}

/** The gene sets of the file that was named; where none was, those shipped for the species of the study. */
export function geneSetsFor(path: string | undefined, species: Species): Promise<GeneSetLibrary | null> {
  return path === undefined ? shippedGeneSets(species) : readGeneSets(path);
}
