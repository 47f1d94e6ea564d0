import { join } from 'node:path';
import type { GeneSetLibrary } from '#core/data/gene-sets';
import type { Species } from '#core/data/study';
import { symbolTables } from '../genes/symbol-table.ts';
import { resourceFolder } from '../resource-folder.ts';
import { readGeneSets } from './read-gene-sets.ts';

/** The Reactome pathways that are shipped for a species (see resources/gene-sets/README.md); null where it is not known. */
export async function shippedGeneSets(species: Species): Promise<GeneSetLibrary | null> {
  if (species === 'unknown') return null;
  const library = await readGeneSets(join(resourceFolder('gene-sets'), `reactome-${species}.gmt.gz`));
  return { ...library, name: `Reactome, ${species} (shipped)` };
}

/**
 * The gene sets of the file that was named; where none was, those shipped for the species, which is the first that the studies
 * tell. With them come the symbols of its Ensembl ids (the shipped gene tables), so that studies may name genes either way.
 */
export async function geneSetsFor(
  path: string | undefined,
  studies: readonly { readonly species: Species }[],
): Promise<GeneSetLibrary | null> {
  const species = studies.find((study) => study.species !== 'unknown')?.species ?? 'unknown';
  const library = path === undefined ? await shippedGeneSets(species) : await readGeneSets(path);
  if (library === null || species === 'unknown') return library;
  return { ...library, symbolOf: (await symbolTables())[species].symbolOf };
}
