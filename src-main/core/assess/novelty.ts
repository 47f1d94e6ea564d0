/**
 * Chance that a positive cell scores above a negative one, ties counted half (area under the ROC curve, by ranks).
 *
 * @param score [cells] higher means more likely positive; finite
 * @param positive [cells]
 * @returns 0…1, or null when there is no positive or no negative cell
 */
export function auroc(score: ArrayLike<number>, positive: readonly boolean[]): number | null {
  const order = risingOrder(score);
  const positives = countTrue(positive);
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return null;
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && score[order[to]!] === score[order[from]!]) to++;
    const meanRank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (positive[order[i]!]) rankSum += meanRank;
    from = to;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * Average precision Σ (R_t − R_{t−1})·P_t over the distinct scores, highest first (area under precision–recall).
 *
 * @returns 0…1, or null without a positive cell
 */
export function averagePrecision(score: ArrayLike<number>, positive: readonly boolean[]): number | null {
  const positives = countTrue(positive);
  if (positives === 0) return null;
  const order = risingOrder(score).reverse();
  let found = 0;
  let sum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    const before = found;
    while (to < order.length && score[order[to]!] === score[order[from]!]) {
      if (positive[order[to]!]) found++;
      to++;
    }
    sum += ((found - before) / positives) * (found / to);
    from = to;
  }
  return sum;
}

/** Cells of shared labels, right or wrong, and cells of novel labels, each with its confidence. */
export interface OpenSet {
  /** [shared cells] */
  readonly sharedConfidence: ArrayLike<number>;
  /** [shared cells] */
  readonly sharedRight: readonly boolean[];
  /** [novel cells] */
  readonly novelConfidence: ArrayLike<number>;
}

/**
 * Open-set classification rate: area under CCR(t) over FPR(t), by trapezoids between the distinct confidences, where
 * CCR(t) is the share of shared cells that are right and at least t confident, and FPR(t) the share of novel cells that
 * are at least t confident. At most the closed-set accuracy; equal to the AUROC when every shared cell is right.
 * Source: Dhamija, Günther & Boult 2018 (arXiv:1811.04110).
 *
 * @returns null without shared or without novel cells
 */
export function oscr(cells: OpenSet): number | null {
  const shared = cells.sharedConfidence.length;
  const novel = cells.novelConfidence.length;
  if (shared === 0 || novel === 0) return null;
  const confidence = [...Array.from(cells.sharedConfidence), ...Array.from(cells.novelConfidence)];
  const order = risingOrder(confidence).reverse();
  let right = 0;
  let accepted = 0;
  let area = 0;
  for (let from = 0; from < order.length;) {
    const before = { right, accepted };
    let to = from;
    while (to < order.length && confidence[order[to]!] === confidence[order[from]!]) {
      const cell = order[to]!;
      if (cell >= shared) accepted++;
      else if (cells.sharedRight[cell]) right++;
      to++;
    }
    area += ((accepted - before.accepted) / novel) * ((right + before.right) / shared / 2);
    from = to;
  }
  return area;
}

/**
 * OSCR as the published code counts it, for comparison with printed values only: cells in rising confidence, ties in
 * input order with shared cells first; at cell k the false positives include cell k and the right ones do not, so the
 * two curves are one cell apart.
 *
 * @returns null without shared or without novel cells
 */
export function oscrReference(cells: OpenSet): number | null {
  const shared = cells.sharedConfidence.length;
  const novel = cells.novelConfidence.length;
  if (shared === 0 || novel === 0) return null;
  const order = risingOrder([...Array.from(cells.sharedConfidence), ...Array.from(cells.novelConfidence)]);
  let accepted = 0;
  let right = 0;
  const points: [number, number][] = [
    [0, 0],
    [0, 0],
    [1, 1],
  ];
  for (let k = order.length - 1; k >= 0; k--) {
    const cell = order[k]!;
    if (cell >= shared) accepted++;
    if (k < order.length - 1) points.push([accepted / novel, right / shared]);
    if (cell < shared && cells.sharedRight[cell]) right++;
  }
  points.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [highFpr, highCcr] = points[i - 1]!;
    const [lowFpr, lowCcr] = points[i]!;
    area += ((highFpr - lowFpr) * (highCcr + lowCcr)) / 2;
  }
  return area;
}

/** Places in rising order of the values; equal values keep their order. */
function risingOrder(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
}

function countTrue(flags: readonly boolean[]): number {
  return flags.reduce((sum, flag) => sum + (flag ? 1 : 0), 0);
}
