import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { unitLength } from '#core/train/mat-mul-fast';
import { differentiableOperations } from '#test/support/differentiable-operations';
import { onEveryEngine } from '#test/support/tensor-engines';

const STEP = 1 / 128;

onEveryEngine(() => {
  test.each(Object.entries(differentiableOperations))(
    'the derivative of %s agrees with finite differences',
    (_, operation) => {
      const random = new Random(11);
      const drawn = operation.shapes.map((shape) =>
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
          const size = 0.3 + 1.2 * random.uniform();
          return operation.positive === true || random.uniform() < 0.5 ? size : -size;
        }),
      );
      /** A weighted sum of the result, so that no derivative is constant by accident. */
      const scalar = (...x: tf.Tensor[]): tf.Scalar => {
        const y = tf.reshape(operation.of(...x), [-1]);
        return tf.sum(tf.mul(y, tf.sin(tf.range(1, y.size + 1))));
      };
      const at = (values: Float32Array[]): number =>
        tf.tidy(() => scalar(...values.map((v, i) => tf.tensor(v, operation.shapes[i]!))).dataSync()[0]!);
      const found = tf.tidy(() =>
        tf
          .grads(scalar)(drawn.map((v, i) => tf.tensor(v, operation.shapes[i]!)))
          .map((gradient) => gradient.dataSync()),
      );
      drawn.forEach((values, input) => {
        values.forEach((_value, place) => {
          const moved = (by: number): Float32Array[] =>
            drawn.map((v, i) => (i === input ? v.map((x, p) => (p === place ? x + by : x)) : v));
          const difference = (at(moved(STEP)) - at(moved(-STEP))) / (2 * STEP);
          expect(Math.abs(found[input]![place]! - difference)).toBeLessThan(0.01 * Math.max(1, Math.abs(difference)));
        });
      });
    },
  );

  test('the derivative of a length is zero, not undefined, at a zero row', () => {
    const gradient = tf.tidy(() =>
      Array.from(
        tf
          .grad((z) => tf.sum(unitLength(z as tf.Tensor2D)))(tf.zeros([2, 3]))
          .dataSync(),
      ),
    );
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});
