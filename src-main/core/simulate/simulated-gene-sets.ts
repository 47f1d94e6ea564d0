import { Random } from '../base/random.ts';
import type { GeneSetLibrary } from '../data/gene-sets.ts';
import { simulatedLabels } from './label-programmes.ts';
import type { SimulatedPair } from './simulated-pair.ts';

/**
 * Gene sets for a simulated pair, in random order: one per label with the genes that the label raises ("PROGRAMME_OF_AMBER_1"), and
 * `others` sets of as many genes drawn from all ("RANDOM_SET_01"). Of a pair that was drawn through gene sets they are those: the set
 * of each label, and the others ("SHARED_SET_01"). Same pair, same sets.
 */
export function simulatedGeneSets({ reference, truth, options }: SimulatedPair, others = 60): GeneSetLibrary {
  const random = Random.forPurpose(options.seed, 'simulate gene sets');
  const genes = reference.features.ids;
  if (truth.geneSets.length > 0) {
    const names = [
      ...simulatedLabels.map(({ name }) => programmeName(name)),
      ...numbered('SHARED_SET', options.geneSets!),
    ];
    return {
      name: 'gene_sets.gmt',
      sets: random.shuffle(truth.geneSets.map((own, set) => ({ name: names[set]!, genes: [...own] }))),
    };
  }
  const planted = truth.labels.map((label) => ({
    name: programmeName(label),
    genes: [...truth.markers[label]!].sort(),
  }));
  const size = Math.round(planted.reduce((sum, set) => sum + set.genes.length, 0) / planted.length);
  const drawn = numbered('RANDOM_SET', others).map((name) => ({
    name,
    genes: Array.from(random.sample(genes.length, size).sort(), (gene) => genes[gene]!),
  }));
  return { name: 'gene_sets.gmt', sets: random.shuffle([...planted, ...drawn]) };
}

/** The name of the gene set with the programme of a label. */
export function programmeName(label: string): string {
  return `PROGRAMME_OF_${label.toUpperCase().replaceAll(' ', '_')}`;
}

function numbered(stem: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${stem}_${String(i + 1).padStart(2, '0')}`);
}
