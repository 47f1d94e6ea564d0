import * as tf from '@tensorflow/tfjs-core';
import type { CsrMatrix } from '../../data/csr-matrix.ts';
import { csrBatch } from '../../train/csr-batch.ts';
import { csrMatMul, csrMatMulWeightGradient } from '../../train/csr-mat-mul.ts';
import type { Objective } from './lbfgs.ts';

/** Cells with known labels. */
export interface LabelledRows {
  /** [cells, features]; the classifier sees each row plus `shift`. */
  readonly matrix: CsrMatrix;
  readonly shift: Float32Array | undefined;
  /** [cells] number of each cell's label */
  readonly label: Int32Array;
}

/** Curvature of a loss that cannot change, which is that of a single label. */
const LEAST = 1e-6;

/** How a score is charged: all labels of a cell together, or each label against the rest. */
export type LinearLoss = 'softmax' | 'squared-hinge';

/**
 * What a linear classifier of `labels` scores u = x·W + b minimises over the named cells:
 *
 *     mean over cells of loss(u, label) + 1/(2·C·cells) · Σ W²
 *
 * softmax: −ln softmax(u)_label. squared hinge: Σ_k max(0, 1 − y_k u_k)², y_k = 1 for the cell's label and −1 for the others.
 * With the squared hinge the penalty counts b² as well, which keeps rare labels from being drowned by their intercept;
 * with softmax b is free. Times C·cells these are the objectives of scikit-learn's LogisticRegression and of LIBLINEAR
 * (Fan et al. 2008, JMLR 9:1871), which is its LinearSVC.
 * The parameters are W [features, labels] row by row, then b [labels]. Products are those of the engine, in float32.
 *
 * @param penalty C > 0: larger fits closer
 * @param cells that take part; all without it
 */
export function linearObjective(
  { matrix, shift, label }: LabelledRows,
  labels: number,
  loss: LinearLoss,
  penalty: number,
  cells: Int32Array = Int32Array.from(label.keys()),
): Objective {
  const { columns } = matrix;
  const batch = csrBatch([{ matrix, rows: cells, shift }]);
  const weights = columns * labels;
  const charge = loss === 'softmax' ? softmaxLoss : squaredHinge;
  const [score, slope] = [new Float64Array(labels), new Float64Array(labels)];
  const shrink = 1 / (penalty * cells.length);
  return async (x, gradient) => {
    const product = tf.tidy(() => csrMatMul(batch, matrixOf(x.subarray(0, weights), columns, labels)));
    const scores = await taken(product);
    const slopes = new Float32Array(cells.length * labels);
    const slopeSums = new Float64Array(labels);
    let total = 0;
    cells.forEach((cell, row) => {
      for (let k = 0; k < labels; k++) score[k] = scores[row * labels + k]! + x[weights + k]!;
      total += charge(score, label[cell]!, slope);
      slopes.set(slope, row * labels);
      for (let k = 0; k < labels; k++) slopeSums[k]! += slope[k]!;
    });
    const found = await taken(tf.tidy(() => csrMatMulWeightGradient(batch, matrixOf(slopes, cells.length, labels))));
    let squares = 0;
    for (let i = 0; i < weights; i++) {
      squares += x[i]! * x[i]!;
      gradient[i] = found[i]! / cells.length + shrink * x[i]!;
    }
    for (let k = 0; k < labels; k++) {
      const intercept = loss === 'softmax' ? 0 : x[weights + k]!;
      squares += intercept * intercept;
      gradient[weights + k] = slopeSums[k]! / cells.length + shrink * intercept;
    }
    return total / cells.length + (shrink / 2) * squares;
  };
}

/**
 * Where a fit to the named cells begins: scores that do not look at the cell. With softmax they give each label its share (one
 * cell more, lest a label without cells ask for −∞), which is the best such fit; with the squared hinge they are 0.
 */
export function linearStart(
  { matrix, label }: LabelledRows,
  labels: number,
  loss: LinearLoss,
  cells: Int32Array = Int32Array.from(label.keys()),
): Float64Array {
  const start = new Float64Array((matrix.columns + 1) * labels);
  if (loss === 'softmax')
    shares(label, labels, cells).forEach((p, k) => (start[matrix.columns * labels + k] = Math.log(p)));
  return start;
}

/**
 * About the curvature of `linearObjective` along each parameter, for any C, where scores do not look at the cell: the mean of x_j²
 * times that of the loss (softmax: p(1 − p) with the share p of the label; squared hinge: 2), plus that of the penalty.
 */
export function linearCurvature(
  { matrix, shift, label }: LabelledRows,
  labels: number,
  loss: LinearLoss,
  cells: Int32Array = Int32Array.from(label.keys()),
): (penalty: number) => Float64Array {
  const { columns, indptr, indices, values } = matrix;
  const square = Float64Array.from({ length: columns }, (_, j) => cells.length * (shift?.[j] ?? 0) ** 2);
  for (const cell of cells) {
    for (let p = indptr[cell]!; p < indptr[cell + 1]!; p++) {
      const value = values[p]!;
      square[indices[p]!]! += value * (value + 2 * (shift?.[indices[p]!] ?? 0));
    }
  }
  const ofLoss = shares(label, labels, cells).map((p) => (loss === 'softmax' ? Math.max(p * (1 - p), LEAST) : 2));
  return (penalty) => {
    const shrink = 1 / (penalty * cells.length);
    const curvature = new Float64Array((columns + 1) * labels);
    for (let j = 0; j < columns; j++) {
      const mean = Math.max(0, square[j]!) / cells.length; // rounding can leave less than 0
      for (let k = 0; k < labels; k++) curvature[j * labels + k] = ofLoss[k]! * mean + shrink;
    }
    for (let k = 0; k < labels; k++) curvature[columns * labels + k] = ofLoss[k]! + (loss === 'softmax' ? 0 : shrink);
    return curvature;
  };
}

/** The share of each label among the cells, each with one cell more. */
function shares(label: Int32Array, labels: number, cells: Int32Array): Float64Array {
  const counts = new Float64Array(labels).fill(1);
  for (const cell of cells) counts[label[cell]!]!++;
  return counts.map((count) => count / (cells.length + labels));
}

/** u = x·W + b of the named cells: [cells, labels]. */
export async function linearScores(
  { matrix, shift }: Pick<LabelledRows, 'matrix' | 'shift'>,
  labels: number,
  parameters: Float64Array,
  cells: Int32Array,
): Promise<Float32Array> {
  const weights = matrix.columns * labels;
  const batch = csrBatch([{ matrix, rows: cells, shift }]);
  const product = tf.tidy(() => csrMatMul(batch, matrixOf(parameters.subarray(0, weights), matrix.columns, labels)));
  return (await taken(product)).map((score, i) => score + parameters[weights + (i % labels)]!);
}

function matrixOf(values: Float64Array | Float32Array, rows: number, columns: number): tf.Tensor2D {
  return tf.tensor2d(values instanceof Float32Array ? values : Float32Array.from(values), [rows, columns]);
}

/** The numbers of a tensor, which is freed. */
async function taken(tensor: tf.Tensor2D): Promise<Float32Array> {
  try {
    return await tensor.data<'float32'>();
  } finally {
    tensor.dispose();
  }
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
