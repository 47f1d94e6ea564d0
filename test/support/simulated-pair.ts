import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { CsrMatrix } from '#core/data/csr-matrix';

export interface SimulatedSizes {
  readonly features?: number;
  readonly labels?: number;
  readonly reference?: number;
  readonly query?: number;
  readonly neighbours?: number;
}

/** Both matrices of a side lie in memory. */
interface RowsInMemory {
  readonly counts: CsrMatrix;
  readonly input: CsrMatrix;
}

/** A small pair with known truth: each label raises its own features, the query is shallower and blurred. */
export interface SimulatedPair {
  readonly pair: AlignedPair & { readonly reference: RowsInMemory; readonly query: RowsInMemory };
  /** [query cells] number of each cell's true label */
  readonly truth: Int32Array;
}

/**
 * Binary counts: a feature of the cell's own label is present with probability 0.35 (query 0.25), any other with 0.08.
 * Nine in ten neighbours of a query cell share its label.
 */
export function simulatedPair(seed: number, sizes: SimulatedSizes = {}): SimulatedPair {
  const { features = 200, labels = 4, reference = 160, query = 120, neighbours = 5 } = sizes;
  const random = new Random(seed);
  const label = Int32Array.from({ length: reference }, (_, cell) => cell % labels);
  const truth = Int32Array.from({ length: query }, (_, cell) => cell % labels);
  const names = (stem: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${stem}${i}`);
  const side = (
    of: Int32Array,
    own: number,
    stem: string,
  ): { cells: string[]; counts: CsrMatrix; input: CsrMatrix } => {
    const counts = presence(random, of, features, labels, own);
    return { cells: names(stem, of.length), counts, input: counts };
  };
  return {
    truth,
    pair: {
      scenario: 'rna-atac',
      features: names('gene', features),
      labels: names('label', labels),
      reference: { ...side(label, 0.35, 'r'), label },
      query: {
        ...side(truth, 0.25, 'q'),
        neighbours: { k: neighbours, indices: graph(random, truth, labels, neighbours) },
      },
      notes: [],
    },
  };
}

function presence(random: Random, of: Int32Array, features: number, labels: number, own: number): CsrMatrix {
  const indices: number[] = [];
  const indptr = new Float64Array(of.length + 1);
  of.forEach((label, cell) => {
    for (let feature = 0; feature < features; feature++) {
      if (random.uniform() < (feature % labels === label ? own : 0.08)) indices.push(feature);
    }
    indptr[cell + 1] = indices.length;
  });
  return {
    rows: of.length,
    columns: features,
    indptr,
    indices: Uint32Array.from(indices),
    values: new Float32Array(indices.length).fill(1),
  };
}

function graph(random: Random, truth: Int32Array, labels: number, k: number): Int32Array {
  const out = new Int32Array(truth.length * k);
  truth.forEach((label, cell) => {
    for (let i = 0; i < k; i++) {
      const wanted = random.uniform() < 0.9 ? label : random.below(labels);
      const others = Array.from(truth.keys()).filter((other) => other !== cell && truth[other] === wanted);
      out[cell * k + i] = others.length === 0 ? (cell + 1) % truth.length : others[random.below(others.length)]!;
    }
  });
  return out;
}
