import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import { rowsAt, type SparseRows } from '../../data/sparse-rows.ts';
import { rankLabeller } from '../../train/rank-labeller.ts';
import { affineRows } from './affine-rows.ts';
import { jointPca } from './joint-pca.ts';

/** Principal components in which cells of a label are grouped. */
const COMPONENTS = 20;
/** Cells of a label from which its groups are made at most; of more, cells at equal distances. */
const MOST_CELLS = 2500;

export interface Profiles {
  /** [profiles, places] mean values of the cells of a group */
  readonly values: Float32Array;
  /** [profiles] */
  readonly label: Int32Array;
}

/**
 * Mean profiles of groups of like cells within each label, as many groups as the square root of its cells: single cells are
 * too noisy to be ranked, and one mean per label hides what differs within it. Groups by k-means on principal components.
 *
 * Source: `aggregateReference` of SingleR.
 *
 * @param places features that the profiles hold, rising
 */
export async function labelProfiles(
  levels: SparseRows,
  label: Int32Array,
  labels: number,
  places: Int32Array,
  { seed, signal }: { readonly seed: number; readonly signal?: CancelSignal | undefined },
): Promise<Profiles> {
  const pca = await jointPca([{ input: levels }], COMPONENTS, { seed, signal });
  const columnOf = new Int32Array(levels.columns).fill(-1);
  places.forEach((place, i) => (columnOf[place] = i));
  const values: Float32Array[] = [];
  const own: number[] = [];
  for (let k = 0; k < labels; k++) {
    throwIfCancelled(signal);
    const all = Int32Array.from(label.keys()).filter((cell) => label[cell] === k);
    const step = Math.max(1, all.length / MOST_CELLS);
    const cells = Int32Array.from({ length: Math.min(all.length, MOST_CELLS) }, (_, i) => all[Math.floor(i * step)]!);
    const input = await rowsAt(levels, cells);
    const count = Math.max(1, Math.floor(Math.sqrt(cells.length)));
    const group = await rankLabeller().groups(await affineRows(pca, { input }, signal), pca.width, count);
    const sums = Array.from({ length: count }, () => new Float32Array(places.length));
    const sizes = new Float64Array(count);
    for (let row = 0; row < input.rows; row++) {
      const g = group[row]!;
      sizes[g]!++;
      for (let p = input.indptr[row]!; p < input.indptr[row + 1]!; p++) {
        const column = columnOf[input.indices[p]!]!;
        if (column !== -1) sums[g]![column]! += input.values[p]!;
      }
    }
    sums.forEach((sum, g) => {
      if (sizes[g] === 0) return;
      values.push(sum.map((total) => total / sizes[g]!));
      own.push(k);
    });
    await tf.nextFrame();
  }
  const out = new Float32Array(values.length * places.length);
  values.forEach((profile, i) => out.set(profile, i * places.length));
  return { values: out, label: Int32Array.from(own) };
}
