import { AppError } from '../../base/app-error.ts';
import type { Random } from '../../base/random.ts';
import { geneKey, type GeneSetLibrary } from '../../data/gene-sets.ts';
import { logHypergeometricTail } from './hypergeometric.ts';
import type { KidaSettings } from './settings.ts';

/**
 * Which genes each token of the network is made of: one token per gene set, and a last one of all genes.
 * Token j has the genes `genes[starts[j]] … genes[starts[j + 1] − 1]`.
 */
export interface TokenMask {
  /** [tokens] the last is `ALL_GENES` */
  readonly names: readonly string[];
  /** [tokens + 1] */
  readonly starts: Int32Array;
  /** [links] places among the chosen genes, rising within a token */
  readonly genes: Int32Array;
  /** Chosen genes: each place lies below. */
  readonly columns: number;
}

/** Name of the token that has every gene ("node 0" of the released code). */
export const ALL_GENES = 'all genes';

/** Share of the genes in each set of the random mask. Source: KIDA's ablation. */
const RANDOM_SHARE = 0.015;

type MaskSettings = Pick<KidaSettings, 'mask' | 'setRanking' | 'largestSet' | 'smallestSet' | 'tokens'>;

/**
 * The mask of a library over the chosen genes. Sets with more than `largestSet` genes in the file, or with fewer than
 * `smallestSet` of the chosen genes, are left out; of the rest the `tokens` − 1 that have most of the chosen genes (`largest`) or
 * hold more of them than chance would give (`enriched`, hypergeometric over the genes of the library) are kept, in the order of
 * the file; then comes the token of all genes. Names are compared as `geneKey` does; of several features with one key the first counts.
 *
 * Source: KIDA's released code (sizes, node 0); ranking by enrichment stands for the enrichment analysis that the paper names.
 *
 * @throws AppError where no set is left
 */
export function tokenMask(
  geneNames: readonly string[],
  library: GeneSetLibrary,
  settings: MaskSettings,
): TokenMask & { readonly inSets: number } {
  const place = new Map<string, number>();
  geneNames.forEach((name, j) => {
    const key = geneKey(name, library.symbolOf);
    if (!place.has(key)) place.set(key, j);
  });
  const candidates = library.sets
    .filter(({ genes }) => genes.length <= settings.largestSet)
    .map(({ name, genes }) => {
      const found = new Set<number>();
      for (const gene of genes) {
        const at = place.get(geneKey(gene, library.symbolOf));
        if (at !== undefined) found.add(at);
      }
      return { name, size: genes.length, genes: Int32Array.from(found).sort() };
    })
    .filter(({ genes }) => genes.length >= settings.smallestSet);
  if (candidates.length === 0) {
    throw new AppError('training.gene-sets-do-not-fit', {
      library: library.name,
      sets: library.sets.length,
      smallest: settings.smallestSet,
      largest: settings.largestSet,
      genes: geneNames.length,
      exampleHere: geneNames[0] ?? 'none',
      exampleThere: library.sets[0]?.genes[0] ?? 'none',
    });
  }
  const score = settings.setRanking === 'largest' ? bySize : byEnrichment(library, place);
  const kept = [...candidates.keys()]
    .map((i) => ({ i, score: score(candidates[i]!) }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, settings.tokens - 1)
    .map(({ i }) => i)
    .sort((a, b) => a - b)
    .map((i) => candidates[i]!);
  return { ...joined(kept, geneNames.length), inSets: new Set(kept.flatMap(({ genes }) => [...genes])).size };
}

/** Sets whose genes are drawn, each gene with probability 0.015, and the token of all genes: what knowledge is compared with. */
export function randomMask(columns: number, tokens: number, random: Random): TokenMask {
  const sets = Array.from({ length: tokens - 1 }, (_, set) => {
    const genes = Int32Array.from({ length: columns }, (_, j) => j).filter(() => random.uniform() < RANDOM_SHARE);
    return { name: `random ${set + 1}`, genes: genes.length === 0 ? Int32Array.of(random.below(columns)) : genes };
  });
  return joined(sets, columns);
}

interface Candidate {
  readonly size: number;
  readonly genes: Int32Array;
}

function bySize({ genes }: Candidate): number {
  return genes.length;
}

function byEnrichment(library: GeneSetLibrary, place: ReadonlyMap<string, number>): (set: Candidate) => number {
  const universe = new Set(library.sets.flatMap(({ genes }) => genes.map((gene) => geneKey(gene, library.symbolOf))));
  const drawn = [...universe].filter((gene) => place.has(gene)).length;
  return ({ genes, size }) => -logHypergeometricTail(genes.length, drawn, size, universe.size);
}

function joined(sets: readonly { readonly name: string; readonly genes: Int32Array }[], columns: number): TokenMask {
  const all = [...sets, { name: ALL_GENES, genes: Int32Array.from({ length: columns }, (_, j) => j) }];
  const starts = new Int32Array(all.length + 1);
  all.forEach(({ genes }, j) => (starts[j + 1] = starts[j]! + genes.length));
  const genes = new Int32Array(starts.at(-1)!);
  all.forEach((set, j) => genes.set(set.genes, starts[j]!));
  return { names: all.map(({ name }) => name), starts, genes, columns };
}
