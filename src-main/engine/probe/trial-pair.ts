import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { CsrMatrix } from '#core/data/csr-matrix';

export interface TrialSizes {
  readonly features: number;
  readonly labels: number;
  /** Cells of either study. */
  readonly cells: number;
  /** Stored values of a cell. */
  readonly stored: number;
}

/**
 * Two small studies for trying an engine, the same for the same seed: the feature numbers that leave the remainder k when divided
 * by the number of labels belong to label k, and half of a cell's stored values lie on features of its label.
 */
export function trialPair(seed: number, { features, labels, cells, stored }: TrialSizes): AlignedPair {
  const random = new Random(seed);
  const label = Int32Array.from({ length: cells }, (_, cell) => cell % labels);
  const side = (stem: string) => {
    const counts = presence(random, label, { features, labels, cells, stored });
    return { cells: Array.from(label, (_, cell) => `${stem}${cell}`), counts, input: counts };
  };
  const k = 3;
  return {
    scenario: 'rna-atac',
    features: Array.from({ length: features }, (_, i) => `feature${i}`),
    labels: Array.from({ length: labels }, (_, i) => `label${i}`),
    reference: { ...side('r'), label },
    query: {
      ...side('q'),
      neighbours: {
        k, // the next cells of the same label
        indices: Int32Array.from({ length: cells * k }, (_, i) => (Math.floor(i / k) + labels * (1 + (i % k))) % cells),
      },
    },
    notes: [],
  };
}

function presence(random: Random, label: Int32Array, { features, labels, cells, stored }: TrialSizes): CsrMatrix {
  const own = Math.floor(features / labels);
  const indices: number[] = [];
  const indptr = [0];
  for (let cell = 0; cell < cells; cell++) {
    const chosen = new Set<number>(random.sample(features, Math.ceil(stored / 2)));
    for (const place of random.sample(own, Math.min(own, Math.floor(stored / 2)))) {
      chosen.add(place * labels + label[cell]!);
    }
    indices.push(...Array.from(chosen).sort((a, b) => a - b));
    indptr.push(indices.length);
  }
  return {
    rows: cells,
    columns: features,
    indptr: Float64Array.from(indptr),
    indices: Uint32Array.from(indices),
    values: new Float32Array(indices.length).fill(1),
  };
}
