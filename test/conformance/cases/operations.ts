import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { Random } from '#core/base/random';
import { differentiableOperations } from '#test/support/differentiable-operations';
import { expectClose } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

/** Operations that are used and carry no derivative, or build what others work on. */
const plainOperations: Readonly<Record<string, () => tf.Tensor[]>> = {
  'largest place': () => [tf.argMax(table(), 1), tf.argMax(table(), 0)],
  'largest numbers, sorted': () => {
    const { values, indices } = tf.topk(tf.tensor1d([0.3, -1, 2, 0.7, 5, -0.2, 1.5]), 4);
    return [values, indices];
  },
  comparisons: () => [
    tf.equal(tf.tensor1d([1, 2, 3]), 2),
    tf.greater(tf.tensor1d([1, 2, 3]), 2),
    tf.greaterEqual(tf.tensor1d([1, 2, 3]), 2),
    tf.less(tf.tensor1d([1, 2, 3]), 2),
    tf.lessEqual(tf.tensor1d([1, 2, 3]), 2),
    tf.logicalAnd(tf.tensor1d([1, 1, 0], 'bool'), tf.tensor1d([1, 0, 0], 'bool')),
    tf.logicalOr(tf.tensor1d([1, 1, 0], 'bool'), tf.tensor1d([1, 0, 0], 'bool')),
  ],
  signs: () => [tf.sign(tf.tensor1d([-2, -1e-9, 0, 1e-12, 3])), tf.step(tf.tensor1d([-2, 0, 3]))],
  'kinds of number': () => [
    tf.cast(tf.tensor1d([0.2, 1.9]), 'int32'),
    tf.cast(tf.tensor1d([0, 3], 'int32'), 'float32'),
  ],
  'made from nothing': () => [
    tf.ones([2, 3]),
    tf.zeros([2]),
    tf.fill([3], 0.25),
    tf.range(0, 5, 1, 'int32'),
    tf.diag(tf.tensor1d([1, 2, 3])),
    tf.zerosLike(table()),
    tf.scalar(4),
  ],
  'put together and apart': () => [
    tf.stack([tf.scalar(1), tf.scalar(2)]),
    ...tf.split(table(), [1, 2], 0),
    tf.pad(table(), [
      [1, 0],
      [0, 2],
    ]),
    tf.clone(table()),
  ],
  'rows by number, also of numbers': () => [
    tf.gather(table(), tf.tensor1d([2, 0, 2, 1], 'int32')),
    tf.gather(tf.tensor1d([7, 8, 9], 'int32'), tf.tensor1d([2, 2, 0], 'int32')),
  ],
  'rows added up by number': () => [
    tf.scatterND(tf.tensor2d([[1], [3], [1], [1]], [4, 1], 'int32'), tf.ones([4, 3]), [5, 3]),
  ],
  'the sum of ten tensors': () => [tf.addN(Array.from({ length: 10 }, (_, i) => tf.fill([2, 2], i / 4)))],
  'a product with a long inner side': () => [
    tf.matMul(tf.fill([3, 2100], 0.5), tf.fill([2100, 4], 0.25)),
    tf.matMul(tf.fill([2100, 3], 0.5), tf.fill([2100, 4], 0.25), true),
  ],
};

function table(): tf.Tensor2D {
  return tf.tensor2d([0.5, -1, 2, 3, 0.25, -0.75], [3, 2]);
}

/** Every operation and its derivatives give what they give on the reference. */
export function operationCases(engine: TestedEngine): void {
  const { operation: tolerance } = tolerances[engine];

  test.each(Object.entries(plainOperations))('%s', async (name, work) => {
    const expected = await computed('cpu', work);
    const found = await computed(engine, work);
    expected.forEach((numbers, i) => expectClose(found[i]!, [...numbers], `${name} ${i}`, tolerance));
  });

  test.each(Object.entries(differentiableOperations))('%s, and its derivatives', async (name, operation) => {
    const random = new Random(11);
    const inputs = operation.shapes.map((shape) =>
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => {
        const size = 0.3 + 1.2 * random.uniform();
        return operation.positive === true || random.uniform() < 0.5 ? size : -size;
      }),
    );
    const work = (): tf.Tensor[] => {
      const tensors = inputs.map((values, i) => tf.tensor(values.slice(), operation.shapes[i]!));
      const y = operation.of(...tensors);
      const dy = tf.tensor(
        Float32Array.from({ length: y.size }, (_, i) => Math.sin(i + 1)),
        y.shape,
      );
      return [y, ...tf.grads(operation.of)(tensors, dy)];
    };
    const expected = await computed('cpu', work);
    const found = await computed(engine, work);
    expected.forEach((numbers, i) => expectClose(found[i]!, [...numbers], `${name} ${i}`, tolerance));
  });
}
