import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import { geneKey, type SymbolOf } from '../../data/gene-sets.ts';
import { mostVariable, normalisedVariances } from '../../prepare/variable-features.ts';
import { anovaF } from './anova.ts';
import type { KidaSettings } from './settings.ts';

/** Mitochondrial genes and spiked-in RNA, by key. */
const LEFT_OUT = /^(?:MT-|ERCC)/;

/**
 * The columns that enter the network, rising: of the features that are neither mitochondrial nor spiked in, the `genes` that
 * differ most between the labels of the reference (`anova`), that vary most in the reference (`variable`), or all of them.
 * Features that say nothing (score 0) stay out unless all are taken. Equal scores are decided by the order of the columns.
 * Ensembl ids with a symbol in `symbolOf` are known by that.
 *
 * Source: KIDA's released code: one-way ANOVA on log-normalised data, 3 000 genes; its paper: highly variable genes.
 */
export async function chooseGenes(
  { features, reference, labels }: AlignedPair,
  { geneChoice, genes }: Pick<KidaSettings, 'geneChoice' | 'genes'>,
  { symbolOf, signal }: { readonly symbolOf?: SymbolOf | undefined; readonly signal?: CancelSignal | undefined } = {},
): Promise<Int32Array> {
  const allowed = features.map((name) => !LEFT_OUT.test(geneKey(name, symbolOf)));
  const all = Int32Array.from(features.keys()).filter((j) => allowed[j]);
  if (geneChoice === 'all' || all.length <= genes) return all;
  const scores =
    geneChoice === 'anova'
      ? await anovaF(reference.input, reference.label, labels.length, signal)
      : await normalisedVariances(reference.counts, signal === undefined ? {} : { signal });
  const ranked = mostVariable(
    scores.map((score, j) => (allowed[j] ? score : -1)),
    genes,
  ).filter((j) => scores[j]! > 0 && allowed[j]);
  return ranked.length === 0 ? all.slice(0, genes) : Int32Array.from(ranked.sort());
}
