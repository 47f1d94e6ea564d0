import type { AffineModel } from '../train/method.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';

/** The attributions of one cell. */
export interface CellAttributions {
  /** [stored values of the row] how much each feature raises the probability of the target label; they sum to the rise. */
  readonly attributions: Float64Array;
  /** Probability of the target label for the cell. */
  readonly probability: number;
  /** Probability of the target label for an all-zero cell. */
  readonly baseline: number;
  /** |Σ attributions − (probability − baseline)|: the error of the quadrature. */
  readonly gap: number;
}

/** Attributes the probability of `target` to the stored values of one row. */
export type Explain = (indices: Uint32Array, values: Float32Array, target: number) => CellAttributions;

const NODES = 50;

/** Steep paths get more nodes until the attributions sum to the rise within this. */
const TOLERANCE = 1e-6;
const MOST_NODES = 1600;

/**
 * Exact Integrated Gradients of an affine model, from the all-zero cell to the cell, at the cost of its stored values.
 *
 * With M = W·C [features, labels] the logits along the path αx are αs + r, s = xᵀM, r = bᵀC + c, and the gradient of
 * p_t is M·q(α), q_k = p_t([k = t] − p_k). M does not depend on α, so with g = ∫₀¹ q dα (50-node Gauss–Legendre)
 *
 *     IG_j(x) = x_j · (M_j · g)
 *
 * which equals the sum of the gradients at the 50 nodes term by term. Features without a value get no attribution.
 * Where s is so steep that 50 nodes miss the rise by more than 10⁻⁶ (Σ IG = s·g = F(x) − F(0) must hold), their number is doubled.
 *
 * Source: Sundararajan, Taly & Yan 2017 (arXiv:1703.01365) Eq. 1; CellPredX (PLoS Comput Biol 2026), interpreter.
 */
export function integratedGradients(model: AffineModel): Explain {
  const rules = new Map<number, Quadrature>();
  const ruleOf = (nodes: number): Quadrature => {
    const rule = rules.get(nodes) ?? gaussLegendre(nodes);
    rules.set(nodes, rule);
    return rule;
  };
  const labels = model.classifierBias.length;
  const slopes = featureSlopes(model);
  const intercepts = logitIntercepts(model);
  return (indices, values, target) => {
    const slope = new Float64Array(labels);
    for (let p = 0; p < indices.length; p++) {
      const from = indices[p]! * labels;
      for (let k = 0; k < labels; k++) slope[k]! += values[p]! * slopes[from + k]!;
    }
    const probability = softmaxAt(slope, intercepts, 1)[target]!;
    const baseline = softmaxAt(slope, intercepts, 0)[target]!;
    let nodes = NODES;
    let g = pathIntegral(slope, intercepts, target, ruleOf(nodes));
    while (Math.abs(dot(slope, g) - (probability - baseline)) > TOLERANCE && nodes < MOST_NODES) {
      nodes *= 2;
      g = pathIntegral(slope, intercepts, target, ruleOf(nodes));
    }
    const attributions = new Float64Array(indices.length);
    let sum = 0;
    for (let p = 0; p < indices.length; p++) {
      const from = indices[p]! * labels;
      let along = 0;
      for (let k = 0; k < labels; k++) along += slopes[from + k]! * g[k]!;
      attributions[p] = values[p]! * along;
      sum += attributions[p]!;
    }
    return { attributions, probability, baseline, gap: Math.abs(sum - (probability - baseline)) };
  };
}

/** M = W·C, by how much one unit of a feature raises each logit: [features, labels] row by row. */
export function featureSlopes({ width, encoder, classifier, classifierBias }: AffineModel): Float64Array {
  const labels = classifierBias.length;
  const features = encoder.length / width;
  const slopes = new Float64Array(features * labels);
  for (let k = 0; k < labels; k += 4) {
    // four labels at once, each summed in a variable of its own; labels beyond the last are those of 0
    const columns = Float64Array.from({ length: 4 * width }, (_, i) =>
      k + (i % 4) < labels ? classifier[Math.floor(i / 4) * labels + k + (i % 4)]! : 0,
    );
    for (let feature = 0; feature < features; feature++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = 0, at = feature * width; j < columns.length; j += 4, at++) {
        const w = encoder[at]!;
        s0 += w * columns[j]!;
        s1 += w * columns[j + 1]!;
        s2 += w * columns[j + 2]!;
        s3 += w * columns[j + 3]!;
      }
      const to = feature * labels + k;
      slopes[to] = s0;
      if (k + 1 < labels) slopes[to + 1] = s1;
      if (k + 2 < labels) slopes[to + 2] = s2;
      if (k + 3 < labels) slopes[to + 3] = s3;
    }
  }
  return slopes;
}

/** r = bᵀC + c, the logits of an all-zero cell: [labels]. */
export function logitIntercepts({ width, encoderBias, classifier, classifierBias }: AffineModel): Float64Array {
  const labels = classifierBias.length;
  const intercepts = Float64Array.from(classifierBias);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < labels; k++) intercepts[k]! += encoderBias[j]! * classifier[j * labels + k]!;
  }
  return intercepts;
}

/**
 * g = ∫₀¹ q(α) dα with q_k(α) = p_t(α)([k = t] − p_k(α)), p(α) = softmax(αs + r): [labels].
 * @param slope s [labels]  @param intercepts r [labels]
 */
export function pathIntegral(
  slope: Float64Array,
  intercepts: Float64Array,
  target: number,
  rule: Quadrature = gaussLegendre(NODES),
): Float64Array {
  const g = new Float64Array(slope.length);
  rule.nodes.forEach((alpha, i) => {
    const p = softmaxAt(slope, intercepts, alpha);
    const weight = rule.weights[i]! * p[target]!;
    for (let k = 0; k < g.length; k++) g[k]! += weight * ((k === target ? 1 : 0) - p[k]!);
  });
  return g;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** softmax(αs + r), with the largest logit subtracted against overflow: [labels]. */
function softmaxAt(slope: Float64Array, intercepts: Float64Array, alpha: number): Float64Array {
  const p = slope.map((s, k) => alpha * s + intercepts[k]!);
  const highest = p.reduce((most, u) => Math.max(most, u), -Infinity);
  let sum = 0;
  for (let k = 0; k < p.length; k++) {
    p[k] = Math.exp(p[k]! - highest);
    sum += p[k]!;
  }
  return p.map((raised) => raised / sum);
}
