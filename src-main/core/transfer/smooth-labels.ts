import type { NeighbourGraph } from '../data/aligned-pair.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';

/**
 * The transfer with each query label replaced by the majority among the cell itself and its neighbours;
 * of labels with equally many votes the one with the smallest number. Probabilities and embeddings stay;
 * the confidence becomes the probability of the label given.
 *
 * Source: CellPredX, released code (10 nearest cells, the cell itself included, by L1 distance of `unitRows`).
 *
 * @param neighbours the nearest other query cells; 9 of them give the 10 of the source
 */
export function smoothLabels(transfer: LabelTransfer, neighbours: NeighbourGraph): LabelTransfer {
  const { predicted, probabilities } = transfer.query;
  const labels = transfer.labels.length;
  const votes = new Int32Array(labels);
  const smoothed = predicted.map((own, cell) => {
    votes.fill(0);
    votes[own]! += 1;
    for (let i = 0; i < neighbours.k; i++) votes[predicted[neighbours.indices[cell * neighbours.k + i]!]!]! += 1;
    return votes.indexOf(votes.reduce((most, count) => Math.max(most, count), 0));
  });
  const confidence = Float32Array.from(smoothed, (label, cell) => probabilities[cell * labels + label]!);
  return { ...transfer, query: { ...transfer.query, predicted: smoothed, confidence } };
}

/** The rows divided by their Euclidean length (at least 10⁻¹²): the space in which `smoothLabels` wants its neighbours. */
export function unitRows(embedding: Float32Array, width: number): Float32Array {
  const out = new Float32Array(embedding.length);
  for (let from = 0; from < embedding.length; from += width) {
    let square = 0;
    for (let j = from; j < from + width; j++) square += embedding[j]! * embedding[j]!;
    const length = Math.max(Math.sqrt(square), 1e-12);
    for (let j = from; j < from + width; j++) out[j] = embedding[j]! / length;
  }
  return out;
}
