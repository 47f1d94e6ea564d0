import { symmetricEigen } from '../prepare/symmetric-eigen.ts';

/** How the cells of an embedding fill its dimensions. */
export interface EmbeddingSpread {
  /** Mean over dimensions of the mean distance from the dimension's mean. */
  readonly deviation: number;
  /** exp of the entropy of the eigenvalues of the covariance over their sum: 1 (a line) … width (equally wide in every direction); 0 where all cells lie in one point. */
  readonly effectiveRank: number;
  /** Mean size of the covariances of two different dimensions; 0 for a single one. */
  readonly offDiagonalCovariance: number;
  /** The same of correlations, which do not follow the size of the embedding; a dimension without spread counts 0. */
  readonly offDiagonalCorrelation: number;
}

/**
 * Spread, effective rank and correlation of an embedding; covariances are unbiased.
 * Source of the effective rank: Roy & Vetterli 2007 (EUSIPCO).
 *
 * @param embedding [cells, width] row by row, at least two cells
 */
export function embeddingSpread(embedding: Float32Array, width: number): EmbeddingSpread {
  const cells = width === 0 ? 0 : embedding.length / width;
  if (!Number.isInteger(cells) || cells < 2) {
    throw new RangeError(`embeddingSpread: ${embedding.length} numbers are no rows of ${width}, or fewer than two`);
  }
  const mean = new Float64Array(width);
  embedding.forEach((value, i) => (mean[i % width]! += value / cells));
  let deviation = 0;
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let cell = 0; cell < cells; cell++) {
    for (let j = 0; j < width; j++) {
      centred[j] = embedding[cell * width + j]! - mean[j]!;
      deviation += Math.abs(centred[j]!);
    }
    for (let j = 0; j < width; j++) {
      for (let k = 0; k <= j; k++) covariance[j * width + k]! += (centred[j]! * centred[k]!) / (cells - 1);
    }
  }
  const pairs = (width * (width - 1)) / 2;
  let [covariances, correlations] = [0, 0];
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < j; k++) {
      const value = covariance[j * width + k]!;
      const scale = Math.sqrt(covariance[j * width + j]! * covariance[k * width + k]!);
      covariance[k * width + j] = value;
      covariances += Math.abs(value);
      if (scale > 0) correlations += Math.abs(value) / scale;
    }
  }
  return {
    deviation: deviation / embedding.length,
    effectiveRank: effectiveRank(covariance, width),
    offDiagonalCovariance: pairs === 0 ? 0 : covariances / pairs,
    offDiagonalCorrelation: pairs === 0 ? 0 : correlations / pairs,
  };
}

function effectiveRank(covariance: Float64Array, width: number): number {
  const values = symmetricEigen(covariance, width).values.map((value) => Math.max(0, value));
  const sum = values.reduce((a, b) => a + b, 0);
  if (sum === 0) return 0;
  return Math.exp(
    values.reduce((entropy, value) => (value === 0 ? entropy : entropy - (value / sum) * Math.log(value / sum)), 0),
  );
}
