import * as tf from '@tensorflow/tfjs-core';
import { meanSize, offDiagonalCovariance } from '../../train/losses/projection-regularisation.ts';
import { matMulFast } from '../../train/mat-mul-fast.ts';
import { type Anchors, HIGH, LOW, NO_ANCHOR } from './anchors.ts';
import type { BatchQuantities } from './batch-quantities.ts';
import type { SemiLTSettings } from './settings.ts';
import { separationDerivative } from './separation.ts';
import { deviations, groupCompactness, neighbourCompactness } from './spread.ts';

/** The embeddings of a batch as values, and every choice made from them; constants of the loss. */
export interface EncodingChoices {
  readonly quantities: BatchQuantities;
  readonly anchors: Anchors;
  readonly neighbours: readonly Int32Array[];
  /** [n′, width] and [n, width] row by row: the values of the embeddings the terms are taken at. */
  readonly reference: ArrayLike<number>;
  readonly query: ArrayLike<number>;
}

type EncodingSettings = Pick<
  SemiLTSettings,
  | 'separationWeight'
  | 'neighbourWeight'
  | 'highAnchorWeight'
  | 'lowAnchorWeight'
  | 'centreWeight'
  | 'rareBonus'
  | 'batchMeanWeight'
  | 'batchSpreadWeight'
  | 'covarianceDivisor'
>;

/**
 * Every encoding term of SemiLT (Adv Sci 2025, Eq. 6–11), as it enters the total, by name. With w₁, w₂, w₃ of
 * `batchQuantities`, S of `separationDerivative`, C the mean size of the off-diagonal covariances:
 *
 *     Eq. 6   −w₁ S(Z^r) + (1 − w₁)/mean std(Z^r) + compactness of labels + w₂ C(Z^r) + w₃ mean|Z^r|
 *     Eq. 7   (1 − w₁)/mean std(Z^a) + compactness of neighbourhoods + w₂ C(Z^a) + w₃ mean|Z^a|
 *     Eq. 8–9 (1/n) Σ over anchored query cells of f (‖z − z^r_partner‖₁ + w₄‖z − μ_label‖₁)/width, f = 1 high, w₅ low, × bonus if rare
 *     Eq. 10  w₆ mean|mean Z^a − mean Z^r| + mean|std Z^a − std Z^r|
 *     Eq. 11  −w₁ S of the anchored query cells by the label of their anchor
 *
 * Choices carry no gradient; label centres μ do. A term that is off or empty is left out.
 *
 * @param reference Z^r [n′, width]  @param query Z^a [n, width]
 */
export function encodingTerms(
  reference: tf.Tensor2D,
  query: tf.Tensor2D,
  choices: EncodingChoices,
  settings: EncodingSettings,
): Record<string, tf.Scalar> {
  const { quantities, anchors } = choices;
  const { group, counts, w1, w2, w3 } = quantities;
  const [n, width] = query.shape;
  const member = rowsOfOnes(group, counts.length);
  const terms: Record<string, tf.Scalar> = {};
  const add = (name: string, weight: number, term: () => tf.Tensor): void => {
    if (weight !== 0) terms[name] = tf.mul(term(), weight) as tf.Scalar;
  };
  const separation = (z: tf.Tensor2D, values: ArrayLike<number>, groups: Int32Array, count: number): tf.Tensor =>
    tf.sum(tf.mul(z, tf.tensor2d(separationDerivative(values, width, groups, count), [z.shape[0], width])));
  const covariance = (z: tf.Tensor2D): tf.Scalar =>
    tf.mul(offDiagonalCovariance(z), settings.covarianceDivisor === 'code' ? (2 * width) / (width - 1) : 2);

  if (counts.length > 1) {
    add('referenceSeparation', -w1 * settings.separationWeight, () =>
      separation(reference, choices.reference, group, counts.length),
    );
  }
  add('referenceSpread', 1 - w1, () => inverse(deviations(reference)));
  add('referenceCompactness', 1, () => groupCompactness(reference, member));
  if (width > 1) add('referenceCovariance', w2, () => covariance(reference));
  add('referenceSize', w3, () => meanSize(reference));
  add('querySpread', 1 - w1, () => inverse(deviations(query)));
  if (width > 1) add('queryCovariance', w2, () => covariance(query));
  add('querySize', w3, () => meanSize(query));
  add('neighbourCompactness', settings.neighbourWeight, () =>
    neighbourCompactness(query, withItself(choices.neighbours)),
  );

  const factor = anchorFactors(choices, settings);
  if (factor.some((f) => f > 0)) {
    const weights = tf.tensor2d(factor, [n, 1]);
    const centres = tf.div(
      matMulFast(member, reference, { transposeA: true }),
      tf.tensor2d(Float32Array.from(counts), [counts.length, 1]),
    ) as tf.Tensor2D;
    const distance = (to: tf.Tensor2D): tf.Tensor =>
      tf.div(tf.sum(tf.mul(tf.abs(tf.sub(query, to)), weights)), n * width);
    const partners = rowsOfOnes(anchors.partner, reference.shape[0]);
    add('anchorCell', 1, () => distance(tf.matMul(partners, reference)));
    add('anchorCentre', settings.centreWeight, () =>
      distance(tf.matMul(rowsOfOnes(anchors.type, counts.length), centres)),
    );
  }
  const anchored = renumbered(anchors.type);
  if (anchored.count > 1) {
    add('querySeparation', -w1 * settings.separationWeight, () =>
      separation(query, choices.query, anchored.group, anchored.count),
    );
  }
  add('batchMean', settings.batchMeanWeight, () => tf.mean(tf.abs(tf.sub(tf.mean(query, 0), tf.mean(reference, 0)))));
  add('batchSpread', settings.batchSpreadWeight, () =>
    tf.mean(tf.abs(tf.sub(deviations(query), deviations(reference)))),
  );
  return terms;
}

/** Which equation of the paper each encoding term belongs to: what progress shows. */
export const termGroups: Readonly<Record<string, string>> = {
  referenceSeparation: 'referenceEncoding',
  referenceSpread: 'referenceEncoding',
  referenceCompactness: 'referenceEncoding',
  referenceCovariance: 'referenceEncoding',
  referenceSize: 'referenceEncoding',
  querySpread: 'queryEncoding',
  queryCovariance: 'queryEncoding',
  querySize: 'queryEncoding',
  neighbourCompactness: 'queryEncoding',
  anchorCell: 'anchors',
  anchorCentre: 'anchors',
  querySeparation: 'querySeparation',
  batchMean: 'studies',
  batchSpread: 'studies',
};

/** One over the mean deviation, which is taken as at least 10⁻⁶, so that equal cells give a finite number. */
function inverse(deviation: tf.Tensor1D): tf.Tensor {
  return tf.div(1, tf.maximum(tf.mean(deviation), 1e-6));
}

/** How much each query cell is drawn to its anchor: [n]; 0 without one. */
function anchorFactors({ quantities, anchors }: EncodingChoices, settings: EncodingSettings): Float32Array {
  const of = { [NO_ANCHOR]: 0, [HIGH]: settings.highAnchorWeight, [LOW]: settings.lowAnchorWeight };
  return Float32Array.from(anchors.kind, (kind, cell) => {
    const bonus = quantities.rare[anchors.type[cell]!] === 1 ? settings.rareBonus : 1;
    return of[kind as keyof typeof of] * bonus;
  });
}

/** 1 at the column of each row, a row of zeros for column −1: [rows, columns]. */
function rowsOfOnes(columns: Int32Array, width: number): tf.Tensor2D {
  const values = new Float32Array(columns.length * width);
  columns.forEach((column, row) => {
    if (column >= 0) values[row * width + column] = 1;
  });
  return tf.tensor2d(values, [columns.length, width]);
}

function withItself(neighbours: readonly Int32Array[]): tf.Tensor2D {
  const n = neighbours.length;
  const values = new Float32Array(n * n);
  neighbours.forEach((near, cell) => {
    values[cell * n + cell] = 1;
    for (const other of near) values[cell * n + other] = 1;
  });
  return tf.tensor2d(values, [n, n]);
}

/** The numbers that occur (−1 aside) as 0, 1, …: group of each cell, and how many there are. */
function renumbered(type: Int32Array): { group: Int32Array; count: number } {
  const present = [...new Set(type)].filter((t) => t >= 0).sort((a, b) => a - b);
  const placeOf = new Map(present.map((t, place) => [t, place]));
  return { group: type.map((t) => placeOf.get(t) ?? -1), count: present.length };
}
