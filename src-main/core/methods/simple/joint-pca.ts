import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import { Random } from '../../base/random.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { blocksOf } from '../../data/sparse-rows.ts';
import { orthonormalise, OVERSAMPLING, project, ROUNDS } from '../../prepare/randomised-svd.ts';
import { symmetricEigen } from '../../prepare/symmetric-eigen.ts';
import type { AffineMap } from './affine-rows.ts';

/** Rows between two turns of the event loop. */
const ROWS_PER_TURN = 2048;

/**
 * Principal components of the cells of several studies together, as the affine map z = (x − mean)·V that takes any row there.
 *
 * Subspace iteration on XᵀX (Halko, Martinsson & Tropp 2011, doi:10.1137/090771806), where X stacks the rows of all sides, each
 * with its own shift, and is centred over all of them. Every round goes once over the rows, wherever they lie, and makes nothing
 * larger than features × components. Same seed, same bits. The loading of largest size of each component is positive.
 *
 * @param sides rows with the same features, at least two cells together
 * @param components lowered to the number of features
 */
export async function jointPca(
  sides: readonly NetworkRows[],
  components: number,
  { seed, signal }: { readonly seed: number; readonly signal?: CancelSignal | undefined },
): Promise<AffineMap> {
  const features = sides[0]!.input.columns;
  const kept = Math.min(components, features);
  const width = Math.min(kept + OVERSAMPLING, features);
  const mean = await jointMean(sides, signal);
  const random = Random.forPurpose(seed, 'joint-pca');
  let basis: Float64Array = Float64Array.from({ length: features * width }, () => random.normal());
  basis = orthonormalise(basis, width);
  for (let round = 0; round < ROUNDS; round++) {
    const { product } = await passed(sides, mean, basis, width, signal);
    basis = orthonormalise(product, width);
  }
  const { gram } = await passed(sides, mean, basis, width, signal);
  const loadings = project(basis, symmetricEigen(gram, width).vectors, width, kept);
  turnPositive(loadings, kept);
  const bias = new Float64Array(kept);
  for (let j = 0; j < features; j++) for (let c = 0; c < kept; c++) bias[c]! -= mean[j]! * loadings[j * kept + c]!;
  return { width: kept, weights: Float32Array.from(loadings), bias: Float32Array.from(bias) };
}

/** Mean of each feature over the cells of all sides, shifts included: [features]. */
async function jointMean(sides: readonly NetworkRows[], signal: CancelSignal | undefined): Promise<Float64Array> {
  const mean = new Float64Array(sides[0]!.input.columns);
  let cells = 0;
  for (const { input, shift } of sides) {
    cells += input.rows;
    for await (const { matrix } of blocksOf(input, signal)) {
      const end = matrix.indptr[matrix.rows]!;
      for (let p = 0; p < end; p++) mean[matrix.indices[p]!]! += matrix.values[p]!;
    }
    shift?.forEach((by, j) => (mean[j]! += by * input.rows));
  }
  return mean.map((sum) => sum / Math.max(cells, 1));
}

/** XᵀX·basis [features, width] and (X·basis)ᵀ(X·basis) [width, width], in one pass over the rows. */
async function passed(
  sides: readonly NetworkRows[],
  mean: Float64Array,
  basis: Float64Array,
  width: number,
  signal: CancelSignal | undefined,
): Promise<{ product: Float64Array; gram: Float64Array }> {
  const product = new Float64Array(basis.length);
  const gram = new Float64Array(width * width);
  const place = new Float64Array(width);
  for (const { input, shift } of sides) {
    const offset = mean.map((m, j) => (shift?.[j] ?? 0) - m);
    const start = new Float64Array(width);
    offset.forEach((by, j) => {
      for (let c = 0; c < width; c++) start[c]! += by * basis[j * width + c]!;
    });
    const sums = new Float64Array(width);
    for await (const { matrix } of blocksOf(input, signal)) {
      const { rows, indptr, indices, values } = matrix;
      for (let row = 0; row < rows; row++) {
        place.set(start);
        const [from, to] = [indptr[row]!, indptr[row + 1]!];
        for (let p = from; p < to; p++) {
          const value = values[p]!;
          const at = indices[p]! * width;
          for (let c = 0; c < width; c++) place[c]! += value * basis[at + c]!;
        }
        for (let p = from; p < to; p++) {
          const value = values[p]!;
          const at = indices[p]! * width;
          for (let c = 0; c < width; c++) product[at + c]! += value * place[c]!;
        }
        for (let a = 0; a < width; a++) {
          sums[a]! += place[a]!;
          for (let b = 0; b < width; b++) gram[a * width + b]! += place[a]! * place[b]!;
        }
        if (row % ROWS_PER_TURN === ROWS_PER_TURN - 1) {
          throwIfCancelled(signal);
          await tf.nextFrame();
        }
      }
    }
    offset.forEach((by, j) => {
      for (let c = 0; c < width; c++) product[j * width + c]! += by * sums[c]!;
    });
  }
  throwIfCancelled(signal);
  await tf.nextFrame();
  return { product, gram };
}

function turnPositive(loadings: Float64Array, kept: number): void {
  for (let c = 0; c < kept; c++) {
    let extreme = 0;
    for (let i = c; i < loadings.length; i += kept) {
      if (Math.abs(loadings[i]!) > Math.abs(extreme)) extreme = loadings[i]!;
    }
    if (extreme < 0) for (let i = c; i < loadings.length; i += kept) loadings[i]! *= -1;
  }
}
