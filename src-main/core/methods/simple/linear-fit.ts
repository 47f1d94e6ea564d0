import type { CsrMatrix } from '../../data/csr-matrix.ts';
import type { Objective } from './lbfgs.ts';

/** Cells with known labels. */
export interface LabelledRows {
  /** [cells, features]; the classifier sees each row plus `shift`. */
  readonly matrix: CsrMatrix;
  readonly shift: Float32Array | undefined;
  /** [cells] number of each cell's label */
  readonly label: Int32Array;
}

/** How a score is charged: all labels of a cell together, or each label against the rest. */
export type LinearLoss = 'softmax' | 'squared-hinge';

/**
 * What a linear classifier of `labels` scores u = x·W + b minimises over the cells that are not left out:
 *
 *     mean over cells of loss(u, label) + 1/(2·C·cells) · Σ W²
 *
 * softmax: −ln softmax(u)_label. squared hinge: Σ_k max(0, 1 − y_k u_k)², y_k = 1 for the cell's label and −1 for the others.
 * With the squared hinge the penalty counts b² as well, which keeps rare labels from being drowned by their intercept;
 * with softmax b is free. Times C·cells these are the objectives of scikit-learn's LogisticRegression and of LIBLINEAR
 * (Fan et al. 2008, JMLR 9:1871), which is its LinearSVC.
 * The parameters are W [features, labels] row by row, then b [labels].
 *
 * @param penalty C > 0: larger fits closer
 * @param used [cells] whether a cell takes part; all without it
 */
export function linearObjective(
  { matrix, shift, label }: LabelledRows,
  labels: number,
  loss: LinearLoss,
  penalty: number,
  used?: Uint8Array,
): Objective {
  const { rows, columns, indptr, indices, values } = matrix;
  const weights = columns * labels;
  const cells = used === undefined ? rows : used.reduce((sum, flag) => sum + flag, 0);
  const charge = loss === 'softmax' ? softmaxLoss : squaredHinge;
  const [score, slope, slopes, start] = Array.from({ length: 4 }, () => new Float64Array(labels));
  return (x, gradient) => {
    gradient.fill(0);
    slopes!.fill(0);
    startScores(x, shift, weights, labels, start!);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      if (used?.[row] === 0) continue;
      score!.set(start!);
      const [from, to] = [indptr[row]!, indptr[row + 1]!];
      for (let p = from; p < to; p++) {
        const [value, at] = [values[p]!, indices[p]! * labels];
        for (let k = 0; k < labels; k++) score![k]! += value * x[at + k]!;
      }
      total += charge(score!, label[row]!, slope!);
      for (let p = from; p < to; p++) {
        const [value, at] = [values[p]!, indices[p]! * labels];
        for (let k = 0; k < labels; k++) gradient[at + k]! += value * slope![k]!;
      }
      for (let k = 0; k < labels; k++) slopes![k]! += slope![k]!;
    }
    shift?.forEach((by, j) => {
      for (let k = 0; k < labels; k++) gradient[j * labels + k]! += by * slopes![k]!;
    });
    const shrink = 1 / (penalty * cells);
    let squares = 0;
    for (let i = 0; i < weights; i++) {
      squares += x[i]! * x[i]!;
      gradient[i] = gradient[i]! / cells + shrink * x[i]!;
    }
    for (let k = 0; k < labels; k++) {
      const intercept = loss === 'softmax' ? 0 : x[weights + k]!;
      squares += intercept * intercept;
      gradient[weights + k] = slopes![k]! / cells + shrink * intercept;
    }
    return total / cells + (shrink / 2) * squares;
  };
}

/** u = x·W + b of the named rows: [rows, labels]. */
export function linearScores(
  { matrix, shift }: Pick<LabelledRows, 'matrix' | 'shift'>,
  labels: number,
  parameters: Float64Array,
  rows: ArrayLike<number>,
): Float32Array {
  const { columns, indptr, indices, values } = matrix;
  const start = new Float64Array(labels);
  startScores(parameters, shift, columns * labels, labels, start);
  const out = new Float32Array(rows.length * labels);
  const score = new Float64Array(labels);
  for (let i = 0; i < rows.length; i++) {
    score.set(start);
    for (let p = indptr[rows[i]!]!; p < indptr[rows[i]! + 1]!; p++) {
      for (let k = 0; k < labels; k++) score[k]! += values[p]! * parameters[indices[p]! * labels + k]!;
    }
    out.set(score, i * labels);
  }
  return out;
}

/** b + shiftᵀ·W, which every row starts from. */
function startScores(
  x: Float64Array,
  shift: Float32Array | undefined,
  weights: number,
  labels: number,
  out: Float64Array,
): void {
  for (let k = 0; k < labels; k++) out[k] = x[weights + k]!;
  shift?.forEach((by, j) => {
    for (let k = 0; k < labels; k++) out[k]! += by * x[j * labels + k]!;
  });
}

function softmaxLoss(score: Float64Array, label: number, slope: Float64Array): number {
  let highest = -Infinity;
  for (const u of score) highest = Math.max(highest, u);
  let sum = 0;
  for (let k = 0; k < score.length; k++) sum += slope[k] = Math.exp(score[k]! - highest);
  for (let k = 0; k < score.length; k++) slope[k]! /= sum;
  slope[label]! -= 1;
  return Math.log(sum) + highest - score[label]!;
}

function squaredHinge(score: Float64Array, label: number, slope: Float64Array): number {
  let total = 0;
  for (let k = 0; k < score.length; k++) {
    const y = k === label ? 1 : -1;
    const short = Math.max(0, 1 - y * score[k]!);
    slope[k] = -2 * y * short;
    total += short * short;
  }
  return total;
}
