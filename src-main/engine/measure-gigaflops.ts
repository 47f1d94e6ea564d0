import * as tf from '@tensorflow/tfjs-core';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { rowRange } from '#core/train/csr-batch';
import { csrMatMul } from '#core/train/csr-mat-mul';

/** Cells, features, stored values per cell and width of the timed product: a training batch of a middling study. */
const CELLS = 512;
const FEATURES = 8000;
const STORED = 640;
const WIDTH = 64;
const REPEATS = 5;

/**
 * Speed of the sparse product on the running engine, 10⁹ multiplications and additions a second, counting stored values only.
 * The best of five; the first, untimed one warms up.
 */
export async function measureGigaflops(): Promise<number> {
  const batch = rowRange(randomMatrix());
  const weights: tf.Tensor2D = tf.ones([FEATURES, WIDTH]);
  let best = Infinity;
  for (let i = 0; i <= REPEATS; i++) {
    const start = performance.now();
    const product = csrMatMul(batch, weights);
    await product.data();
    const ms = performance.now() - start;
    product.dispose();
    if (i > 0) best = Math.min(best, ms);
  }
  weights.dispose();
  return (2 * CELLS * STORED * WIDTH) / (best * 1e6);
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
