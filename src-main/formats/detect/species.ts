import { countText } from '#core/base/count-text';
import type { FeatureTable } from '#core/data/study';
import { symbolTables } from '../genes/symbol-table.ts';
import type { SpeciesEvidence } from '../study-file.ts';

/**
 * The species that the features speak for: the form of Ensembl ids (ENSG human, ENSMUSG mouse); else the build that
 * the file declares; else how many names are symbols of each species' shipped table (symbols that both share, apart).
 * Coordinates without a declared build, other species and fewer than a fifth of known names give `unknown`.
 *
 * @param build genome build as declared, e.g. "GRCh38"
 */
export async function detectSpecies(features: FeatureTable, build: string | null): Promise<SpeciesEvidence> {
  const ids = spaced(features.ids);
  const human = ids.filter((id) => /^ENS[GT]\d/.test(id)).length;
  const mouse = ids.filter((id) => /^ENSMUS[GT]\d/.test(id)).length;
  if (human * 2 > ids.length)
    return { species: 'human', evidence: `${countText(human)} of ${countText(ids.length)} ids begin with ENSG` };
  if (mouse * 2 > ids.length)
    return { species: 'mouse', evidence: `${countText(mouse)} of ${countText(ids.length)} ids begin with ENSMUSG` };
  const other = ids.find((id) => /^ENS[A-Z]{3,4}[GT]\d{11}/.test(id));
  if (other !== undefined && features.idType === 'ensembl') {
    return { species: 'unknown', evidence: `Ensembl ids of another species (${other})` };
  }
  const declared = speciesOfBuild(build);
  if (declared !== null) return { species: declared, evidence: `the file declares the genome ${build}` };
  if (features.idType === 'coordinates') {
    return { species: 'unknown', evidence: 'coordinates alone do not tell the species' };
  }
  return bySymbols(spaced(features.names));
}

/** The species of a genome build by its usual names, or null. */
export function speciesOfBuild(build: string | null): 'human' | 'mouse' | null {
  if (build === null) return null;
  const known = [/grch\d|hg\d\d|b37/i.test(build), /grcm\d|mm\d\d?/i.test(build)];
  if (known[0] === known[1]) return null;
  return known[0] ? 'human' : 'mouse';
}

async function bySymbols(names: readonly string[]): Promise<SpeciesEvidence> {
  const tables = await symbolTables();
  let [human, mouse] = [0, 0];
  for (const name of names) {
    const inHuman = tables.human.symbols.has(name);
    const inMouse = tables.mouse.symbols.has(name);
    if (inHuman && !inMouse) human++;
    if (inMouse && !inHuman) mouse++;
  }
  const found = Math.max(human, mouse);
  const less = Math.min(human, mouse);
  if (found * 5 < names.length || found < 4 * less) {
    return {
      species: 'unknown',
      evidence: `of ${countText(names.length)} names ${countText(human)} are human and ${countText(mouse)} mouse gene symbols`,
    };
  }
  const species = human > mouse ? 'human' : 'mouse';
  return { species, evidence: `${countText(found)} of ${countText(names.length)} names are ${species} gene symbols` };
}

/** At most 3 000 of the texts, evenly spaced. */
function spaced(texts: readonly string[]): readonly string[] {
  const step = Math.max(1, Math.ceil(texts.length / 3000));
  return step === 1 ? texts : texts.filter((_, i) => i % step === 0);
}
