import { contingency, type Contingency } from './contingency.ts';

export interface PartitionAgreement {
  readonly ari: number;
  /** Natural logarithm throughout. */
  readonly mutualInformation: number;
  readonly expectedMutualInformation: number;
  readonly entropyFirst: number;
  readonly entropySecond: number;
  readonly nmiArithmetic: number;
  readonly nmiGeometric: number;
  readonly amiMax: number;
  readonly amiArithmetic: number;
}

/**
 * How alike two partitions of the same cells are, whatever their parts are called; symmetric in its arguments.
 *
 *     ARI = (Σ C(n_ij,2) − E) / (½[Σ C(a_i,2) + Σ C(b_j,2)] − E),   E = Σ C(a_i,2) Σ C(b_j,2) / C(n,2)
 *     NMI = MI / mean(H_U, H_V),   AMI = (MI − E[MI]) / (N − E[MI])
 *
 * with the arithmetic or geometric mean for NMI, and N the larger or the arithmetic mean of the entropies for AMI;
 * E[MI] under the hypergeometric model (Vinh, Epps & Bailey 2010, jmlr.org/papers/v11/vinh10a.html).
 * Two partitions that are both one part, or both single cells, agree fully: 1 everywhere. One part against several: 0.
 *
 * @returns null without cells
 */
export function partitionAgreement(first: readonly string[], second: readonly string[]): PartitionAgreement | null {
  const table = contingency(first, second);
  if (table.cells === 0) return null;
  const entropyFirst = entropy(table.rowSums, table.cells);
  const entropySecond = entropy(table.columnSums, table.cells);
  const mutual = mutualInformation(table);
  const expected = expectedMutualInformation(table);
  const sameTrivial = isTrivialMatch(table);
  const normalised = (bound: number, less: number): number =>
    sameTrivial ? 1 : table.rows.length === 1 || table.columns.length === 1 ? 0 : (mutual - less) / (bound - less);
  return {
    ari: sameTrivial ? 1 : adjustedRandIndex(table),
    mutualInformation: mutual,
    expectedMutualInformation: expected,
    entropyFirst,
    entropySecond,
    nmiArithmetic: normalised((entropyFirst + entropySecond) / 2, 0),
    nmiGeometric: normalised(Math.sqrt(entropyFirst * entropySecond), 0),
    amiMax: normalised(Math.max(entropyFirst, entropySecond), expected),
    amiArithmetic: normalised((entropyFirst + entropySecond) / 2, expected),
  };
}

/** Both partitions are one part, or both are single cells: every bound above would divide 0 by 0. */
function isTrivialMatch(table: Contingency): boolean {
  const { rows, columns, cells } = table;
  return rows.length === columns.length && (rows.length === 1 || rows.length === cells);
}

function adjustedRandIndex(table: Contingency): number {
  const both = pairs(table.counts);
  const first = pairs(table.rowSums);
  const second = pairs(table.columnSums);
  const expected = (first * second) / ((table.cells * (table.cells - 1)) / 2);
  return (both - expected) / ((first + second) / 2 - expected);
}

function pairs(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

function entropy(sums: Float64Array, cells: number): number {
  return sums.reduce((sum, count) => (count === 0 ? sum : sum - (count / cells) * Math.log(count / cells)), 0);
}

function mutualInformation(table: Contingency): number {
  const { rows, columns, counts, rowSums, columnSums, cells } = table;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < columns.length; j++) {
      const count = counts[i * columns.length + j]!;
      if (count > 0) sum += (count / cells) * Math.log((count * cells) / (rowSums[i]! * columnSums[j]!));
    }
  }
  return Math.max(0, sum);
}

/** Mean of the mutual information over all pairs of partitions with these part sizes. */
function expectedMutualInformation(table: Contingency): number {
  const { rowSums, columnSums, cells } = table;
  const logFactorial = logFactorials(cells);
  const lf = (n: number): number => logFactorial[n]!;
  let sum = 0;
  for (const a of rowSums) {
    for (const b of columnSums) {
      const fixed = lf(a) + lf(b) + lf(cells - a) + lf(cells - b) - lf(cells);
      for (let n = Math.max(1, a + b - cells); n <= Math.min(a, b); n++) {
        const logChance = fixed - lf(n) - lf(a - n) - lf(b - n) - lf(cells - a - b + n);
        sum += (n / cells) * Math.log((cells * n) / (a * b)) * Math.exp(logChance);
      }
    }
  }
  return sum;
}

/** ln 0! … ln n!, summed with compensation so that the error does not grow with n. */
function logFactorials(n: number): Float64Array {
  const table = new Float64Array(n + 1);
  let lost = 0;
  for (let k = 1; k <= n; k++) {
    const term = Math.log(k) - lost;
    const next = table[k - 1]! + term;
    lost = next - table[k - 1]! - term;
    table[k] = next;
  }
  return table;
}
