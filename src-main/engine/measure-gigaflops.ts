import * as tf from '@tensorflow/tfjs-core';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { rowRange } from '#core/train/csr-batch';
import { csrMatMul, csrMatMulWeightGradient } from '#core/train/csr-mat-mul';

/** Cells, features, stored values per cell and width of the timed product: a training batch of a middling study. */
const CELLS = 512;
const FEATURES = 8000;
const STORED = 640;
const WIDTH = 64;

/**
 * Speed of the sparse product and its weight gradient on the running engine, 10⁹ multiplications and additions a second, counting
 * stored values only. The best of as many repeats as fit into the time, at least two; the first, untimed one warms up.
 */
export async function measureGigaflops(seconds = 0.3): Promise<number> {
  const batch = rowRange(randomMatrix());
  const weights: tf.Tensor2D = tf.ones([FEATURES, WIDTH]);
  const dy: tf.Tensor2D = tf.ones([CELLS, WIDTH]);
  const once = async (): Promise<number> => {
    const start = performance.now();
    const numbers = tf.tidy(() => [
      tf.slice(csrMatMul(batch, weights), [0, 0], [1, 1]),
      tf.slice(csrMatMulWeightGradient(batch, dy), [0, 0], [1, 1]),
    ]);
    await Promise.all(numbers.map((number) => number.data())); // one number of each: work is timed, not the way back
    tf.dispose(numbers);
    return performance.now() - start;
  };
  await once();
  let best = Infinity;
  let spent = 0;
  for (let repeats = 0; repeats < 2 || spent < seconds * 1000; repeats++) {
    const ms = await once();
    best = Math.min(best, ms);
    spent += ms;
  }
  tf.dispose([weights, dy]);
  return (4 * CELLS * STORED * WIDTH) / (best * 1e6);
}

function randomMatrix(): CsrMatrix {
  const random = new Random(1);
  const indices = new Uint32Array(CELLS * STORED);
  for (let cell = 0; cell < CELLS; cell++) indices.set(random.sample(FEATURES, STORED).sort(), cell * STORED);
  return {
    rows: CELLS,
    columns: FEATURES,
    indptr: Float64Array.from({ length: CELLS + 1 }, (_, cell) => cell * STORED),
    indices,
    values: new Float32Array(indices.length).fill(1),
  };
}
