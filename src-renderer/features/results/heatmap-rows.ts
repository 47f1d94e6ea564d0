import type { RunResult } from '#contract/run-result';
import type { DeterminantFeature } from '#core/interpret/determinant-feature';
import { chosenFeatures } from '#core/figures/chosen-features';

/** The best determinant features of each label, each once, with the colour of the label it stands for. */
export function heatmapRows(
  markers: readonly DeterminantFeature[],
  labels: readonly string[],
  perLabel: number,
  colours: ReadonlyMap<string, string>,
): readonly { readonly name: string; readonly colour: string }[] {
  const features = [...new Set(markers.map((marker) => marker.feature))];
  return chosenFeatures(markers, labels, features, perLabel).map(({ feature, label }) => ({
    name: feature,
    colour: colours.get(labels[label]!)!,
  }));
}

/**
 * The cells in the order of the heatmap, as the services have it: by most probable label, within a label by falling confidence.
 * @param order numbers of all labels in the order in which their cells stand
 * @returns confidence [cells] in that order, and where each label that has cells begins and ends
 */
export function heatmapOrder(
  { labels, query }: Pick<RunResult, 'labels' | 'query'>,
  colours: ReadonlyMap<string, string>,
  order: readonly number[] = [...labels.keys()],
): {
  readonly confidence: Float32Array;
  readonly spans: readonly {
    readonly name: string;
    readonly colour: string;
    readonly from: number;
    readonly to: number;
  }[];
} {
  const place = new Uint32Array(labels.length);
  for (const [at, label] of order.entries()) place[label] = at;
  const counts = new Uint32Array(labels.length + 1);
  for (const label of query.predicted) counts[place[label]! + 1]!++;
  for (let at = 0; at < labels.length; at++) counts[at + 1]! += counts[at]!;
  const confidence = new Float32Array(query.predicted.length);
  const next = counts.slice();
  query.predicted.forEach((label, cell) => {
    confidence[next[place[label]!]!++] = query.confidence[cell]!;
  });
  const spans = order.flatMap((label, at) => {
    const name = labels[label]!;
    const [from, to] = [counts[at]!, counts[at + 1]!];
    confidence.subarray(from, to).sort().reverse();
    return to > from ? [{ name, colour: colours.get(name)!, from, to }] : [];
  });
  return { confidence, spans };
}

/**
 * The cells along the heatmap, in the very order in which the services count them into columns: by most probable label,
 * within a label by falling confidence, then by place.
 * @param order numbers of all labels in the order in which their cells stand; left out, their own
 * @returns [cells] places of query cells
 */
export function heatmapCells(
  { predicted, confidence }: Pick<RunResult['query'], 'predicted' | 'confidence'>,
  order?: readonly number[],
): Uint32Array {
  // the bits of a number from 0 to 1 rise with it and stay below 2³⁰: with a place below 2²² they are one exact number
  const bits = new Uint32Array(Float32Array.from(confidence).buffer);
  const places: number[][] = [];
  for (const [cell, label] of predicted.entries()) (places[label] ??= []).push(cell);
  const cells = new Uint32Array(predicted.length);
  let at = 0;
  for (const own of order === undefined ? places : order.map((label) => places[label])) {
    const keys = Float64Array.from(own ?? [], (cell) => (2 ** 30 - bits[cell]!) * 2 ** 22 + cell).sort();
    for (const key of keys) cells[at++] = key % 2 ** 22;
  }
  return cells;
}
