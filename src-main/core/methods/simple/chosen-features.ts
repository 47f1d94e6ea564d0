import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair, NetworkRows } from '../../data/aligned-pair.ts';
import { takeColumns } from '../../data/csr-matrix.ts';
import { mapRows } from '../../data/sparse-rows.ts';
import { featureMoments } from '../../prepare/feature-moments.ts';
import { logLevels } from '../cda-sc/dispersion.ts';

/**
 * Places of the `count` features of largest variance in the log-normalised reference, rising; of equal ones the first.
 * All places where there are no more features, or `count` is null. The query has no say.
 */
export async function variableFeatures(
  pair: AlignedPair,
  count: number | null,
  signal?: CancelSignal,
): Promise<Int32Array> {
  const all = Int32Array.from({ length: pair.features.length }, (_, place) => place);
  if (count === null || all.length <= count) return all;
  const { variance } = await featureMoments(await logLevels(pair.reference.counts, signal), signal);
  return all
    .sort((a, b) => variance[b]! - variance[a]! || a - b)
    .slice(0, count)
    .sort();
}

/** The rows with the features at these places alone: [cells, places]. */
export function chosenRows({ input, shift }: NetworkRows, places: Int32Array): NetworkRows {
  if (places.length === input.columns) return shift === undefined ? { input } : { input, shift };
  const chosen = mapRows(input, places.length, (block) => takeColumns(block, places));
  return shift === undefined
    ? { input: chosen }
    : { input: chosen, shift: Float32Array.from(places, (place) => shift[place]!) };
}

/**
 * A dense block of the chosen features as one of all features, zero elsewhere: [places, width] → [features, width].
 * A product with it takes rows as they are prepared.
 */
export function spreadRows(
  block: ArrayLike<number>,
  places: Int32Array,
  features: number,
  width: number,
): Float32Array {
  const out = new Float32Array(features * width);
  places.forEach((place, i) => {
    for (let j = 0; j < width; j++) out[place * width + j] = block[i * width + j]!;
  });
  return out;
}
