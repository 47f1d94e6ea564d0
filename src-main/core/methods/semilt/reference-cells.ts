import { calibrationFactor } from '../../train/calibration.ts';
import type { SemiLTModelData } from './model.ts';
import { centroidScores, type LabelledCells, mixedScores, neighbourScores } from './scores.ts';

/** Cells whose scores set the sharpness of confidences; more would cost time and change nothing. */
const CALIBRATED_ON = 5000;

/** `count` whole numbers of 0 … all − 1 at equal distances; all of them where there are no more. */
export function equallySpaced(all: number, count: number): Int32Array {
  if (all <= count) return Int32Array.from({ length: all }, (_, i) => i);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));
}

/**
 * What query cells are compared with: at most `most` reference cells at equal distances, and the mean unit row of each label
 * over all reference cells. A label without cells gets a centroid of zeros.
 * @param embedding [cells, width] unit rows  @param label [cells]
 */
export function labelledCells(
  embedding: Float32Array,
  width: number,
  label: Int32Array,
  labels: number,
  most: number,
): LabelledCells {
  const centroids = new Float64Array(labels * width);
  const counts = new Float64Array(labels);
  label.forEach((k, cell) => {
    counts[k]!++;
    for (let d = 0; d < width; d++) centroids[k * width + d]! += embedding[cell * width + d]!;
  });
  const kept = equallySpaced(label.length, most);
  const rows = new Float32Array(kept.length * width);
  kept.forEach((cell, i) => rows.set(embedding.subarray(cell * width, (cell + 1) * width), i * width));
  return {
    width,
    embedding: rows,
    label: Int32Array.from(kept, (cell) => label[cell]!),
    centroids: Float32Array.from(centroids, (sum, i) => sum / Math.max(counts[Math.floor(i / width)]!, 1)),
  };
}

/** The β for which softmax(β·score) fits the labels of reference cells, each scored without itself among its neighbours. */
export async function fittingSharpness(
  { reference, labels, scoring }: Pick<SemiLTModelData, 'reference' | 'labels' | 'scoring'>,
  signal: Parameters<typeof neighbourScores>[2]['signal'],
): Promise<number> {
  const { width, embedding, label } = reference;
  const cells = equallySpaced(label.length, CALIBRATED_ON);
  const rows = new Float32Array(cells.length * width);
  cells.forEach((cell, i) => rows.set(embedding.subarray(cell * width, (cell + 1) * width), i * width));
  const near = await neighbourScores(rows, reference, {
    k: scoring.neighbours,
    labels: labels.length,
    leftOut: cells,
    signal,
  });
  const scores = mixedScores(near, centroidScores(rows, reference), scoring.centroidShare);
  return calibrationFactor(
    scores,
    Int32Array.from(cells, (cell) => label[cell]!),
    labels.length,
  );
}
