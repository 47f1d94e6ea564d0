/** Sharpest and flattest factor that is considered. */
const RANGE = [0.05, 20] as const;
const ROUNDS = 60;

/**
 * The factor β by which logits are multiplied so that the probabilities softmax(β·u) fit known labels best:
 * it minimises the mean of −Σ_k t_ik ln softmax(β u_i)_k, which is convex in β (golden-section search on ln β).
 *
 * The target of the true label is (n + 1)/(n + K) with n the cells of that label, the rest is spread evenly over the
 * other labels: without that prior a perfectly separated reference would ask for infinitely sharp probabilities.
 * One label, no cells or logits without any spread give 1. The most probable label never changes.
 *
 * Source: temperature scaling, Guo et al. 2017 (arXiv:1706.04599) Eq. 9 with β = 1/T; targets after Platt 1999.
 *
 * @param logits [cells, labels] row by row
 * @param label [cells] number of each cell's label
 */
export function calibrationFactor(logits: Float32Array, label: Int32Array, labels: number): number {
  if (labels < 2 || label.length === 0) return 1;
  const cells = new Float64Array(labels);
  for (const k of label) cells[k]!++;
  const loss = (logFactor: number): number => crossEntropy(logits, label, cells, Math.exp(logFactor));

  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(RANGE[0]), Math.log(RANGE[1])];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  if (lossLeft === lossRight && lossLeft === loss(0)) return 1; // flat: nothing to choose by
  for (let round = 0; round < ROUNDS && high - low > 1e-4; round++) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - golden * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + golden * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/** What `calibrationFactor` minimises, at a factor; 0 without cells. */
export function calibrationLoss(logits: Float32Array, label: Int32Array, labels: number, factor: number): number {
  if (label.length === 0) return 0;
  const cells = new Float64Array(labels);
  for (const k of label) cells[k]!++;
  return crossEntropy(logits, label, cells, factor);
}

/** Mean cross-entropy of softmax(factor · logits) with the smoothed targets; the row maximum is subtracted against overflow. */
function crossEntropy(logits: Float32Array, label: Int32Array, cells: Float64Array, factor: number): number {
  const labels = cells.length;
  let total = 0;
  for (let i = 0; i < label.length; i++) {
    const from = i * labels;
    let highest = -Infinity;
    let sumOfLogits = 0;
    for (let k = 0; k < labels; k++) {
      highest = Math.max(highest, logits[from + k]!);
      sumOfLogits += logits[from + k]!;
    }
    let sum = 0;
    for (let k = 0; k < labels; k++) sum += Math.exp(factor * (logits[from + k]! - highest));
    const own = label[i]!;
    const target = (cells[own]! + 1) / (cells[own]! + labels);
    const other = (1 - target) / (labels - 1);
    const wanted = target * logits[from + own]! + other * (sumOfLogits - logits[from + own]!);
    total += Math.log(sum) + factor * (highest - wanted);
  }
  return total / label.length;
}
