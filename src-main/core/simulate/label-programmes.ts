import type { Random } from '../base/random.ts';

/** Labels of the simulated studies, invented names on purpose; shares of the query's cells; the last is the novel one. */
export const simulatedLabels = [
  { name: 'Amber 1', share: 0.27 },
  { name: 'Amber 2', share: 0.21 },
  { name: 'Basalt 1', share: 0.16 },
  { name: 'Basalt 2', share: 0.12 },
  { name: 'Cedar', share: 0.09 },
  { name: 'Dune', share: 0.07 },
  { name: 'Ember', share: 0.02 },
  { name: 'Fjord', share: 0.06 },
] as const;

/** Places in `simulatedLabels` of labels that share most of their programme. */
export const closePairs = [
  [0, 1],
  [2, 3],
] as const;

export const novelLabel = simulatedLabels.length - 1;

/** What labels do to features. */
export interface ProgrammeDesign {
  /** Features that a label raises. */
  readonly raised: number;
  readonly strength: number;
  readonly blend: number;
  /** [labels or more] the features that each label raises; without it `raised` random ones. */
  readonly sets?: readonly Int32Array[];
}

/**
 * Log effects of each label on each feature: [labels][features]. A label raises `raised` random features, or those of its set, by
 * Normal(strength, strength/6). The second label of a close pair keeps `blend` of the first one's effects and of its own.
 */
export function labelProgrammes(random: Random, features: number, design: ProgrammeDesign): Float64Array[] {
  const programmes = simulatedLabels.map((_, label) => {
    const effects = new Float64Array(features);
    for (const feature of design.sets?.[label] ?? random.sample(features, design.raised)) {
      effects[feature] = Math.max(0, design.strength * (1 + random.normal() / 6));
    }
    return effects;
  });
  for (const [first, second] of closePairs) {
    programmes[second] = programmes[second]!.map((own, feature) => design.blend * (own + programmes[first]![feature]!));
  }
  return programmes;
}

/**
 * Label numbers of `cells` cells in random order, whose counts follow the shares as closely as whole numbers can
 * (largest remainder). Shares need not sum to 1; a share of 0 gives no cell.
 */
export function drawLabels(random: Random, cells: number, shares: readonly number[]): Int32Array {
  const sum = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (share / sum) * cells);
  const counts = exact.map(Math.floor);
  const missing = cells - counts.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, label) => ({ label, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.label - b.label);
  for (const { label } of byRemainder.slice(0, missing)) counts[label]!++;
  return random.shuffle(Int32Array.from(counts.flatMap((count, label) => Array<number>(count).fill(label))));
}
