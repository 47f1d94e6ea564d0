import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { matMulFast, unitLength } from '#core/train/mat-mul-fast';
import { onEveryEngine } from '#test/support/tensor-engines';

type Expression = (...x: tf.Tensor[]) => tf.Tensor;

/** Operations with the shapes of their inputs; inputs are drawn from ±(0.3 … 1.5), positive where the name says so. */
const operations: Readonly<Record<string, { of: Expression; shapes: number[][]; positive?: boolean }>> = {
  'add, broadcast': { of: (a, b) => tf.add(a!, b!), shapes: [[3, 4], [4]] },
  'subtract, broadcast': { of: (a, b) => tf.sub(a!, b!), shapes: [[4], [3, 4]] },
  'multiply, broadcast': {
    of: (a, b) => tf.mul(a!, b!),
    shapes: [
      [3, 4],
      [3, 1],
    ],
  },
  'divide, broadcast': { of: (a, b) => tf.div(a!, b!), shapes: [[3, 4], [4]] },
  'squared difference': { of: (a, b) => tf.squaredDifference(a!, b!), shapes: [[3, 4], [4]] },
  maximum: {
    of: (a, b) => tf.maximum(a!, b!),
    shapes: [
      [3, 4],
      [3, 4],
    ],
  },
  minimum: {
    of: (a, b) => tf.minimum(a!, b!),
    shapes: [
      [3, 4],
      [3, 4],
    ],
  },
  'sum of many': {
    of: (a, b) => tf.addN([a!, b!, a!]),
    shapes: [
      [3, 4],
      [3, 4],
    ],
  },
  negate: { of: (a) => tf.neg(a!), shapes: [[3, 4]] },
  absolute: { of: (a) => tf.abs(a!), shapes: [[3, 4]] },
  square: { of: (a) => tf.square(a!), shapes: [[3, 4]] },
  'square root': { of: (a) => tf.sqrt(a!), shapes: [[3, 4]], positive: true },
  'inverse square root': { of: (a) => tf.rsqrt(a!), shapes: [[3, 4]], positive: true },
  reciprocal: { of: (a) => tf.reciprocal(a!), shapes: [[3, 4]] },
  exponential: { of: (a) => tf.exp(a!), shapes: [[3, 4]] },
  logarithm: { of: (a) => tf.log(a!), shapes: [[3, 4]], positive: true },
  'logarithm of 1 + x': { of: (a) => tf.log1p(a!), shapes: [[3, 4]], positive: true },
  tanh: { of: (a) => tf.tanh(a!), shapes: [[3, 4]] },
  sigmoid: { of: (a) => tf.sigmoid(a!), shapes: [[3, 4]] },
  relu: { of: (a) => tf.relu(a!), shapes: [[3, 4]] },
  softplus: { of: (a) => tf.softplus(a!), shapes: [[3, 4]] },
  'error function': { of: (a) => tf.erf(a!), shapes: [[3, 4]] },
  clip: { of: (a) => tf.clipByValue(a!, -0.9, 0.9), shapes: [[3, 4]] },
  softmax: { of: (a) => tf.softmax(a!), shapes: [[3, 4]] },
  'log-softmax': { of: (a) => tf.logSoftmax(a!), shapes: [[3, 4]] },
  'sum of columns': { of: (a) => tf.sum(a!, 0), shapes: [[3, 4]] },
  'sum of rows, kept': { of: (a) => tf.sum(a!, 1, true), shapes: [[3, 4]] },
  'mean of columns': { of: (a) => tf.mean(a!, 0), shapes: [[3, 4]] },
  'mean of all': { of: (a) => tf.mean(a!), shapes: [[3, 4]] },
  'maximum of rows': { of: (a) => tf.max(a!, 1), shapes: [[3, 4]] },
  reshape: { of: (a) => tf.reshape(a!, [2, 6]), shapes: [[3, 4]] },
  'expand dimensions': { of: (a) => tf.expandDims(a!, 1), shapes: [[3, 4]] },
  transpose: { of: (a) => tf.transpose(a!), shapes: [[3, 4]] },
  'transpose of three axes': { of: (a) => tf.transpose(a!, [2, 0, 1]), shapes: [[2, 3, 4]] },
  'concatenate rows': {
    of: (a, b) => tf.concat([a!, b!], 0),
    shapes: [
      [3, 4],
      [2, 4],
    ],
  },
  'concatenate columns': {
    of: (a, b) => tf.concat([a!, b!], 1),
    shapes: [
      [3, 4],
      [3, 2],
    ],
  },
  slice: { of: (a) => tf.slice(a!, [1, 1], [2, -1]), shapes: [[4, 3]] },
  'gather rows, one twice': { of: (a) => tf.gather(a!, tf.tensor1d([2, 0, 2], 'int32')), shapes: [[3, 4]] },
  select: {
    of: (a, b) => tf.where(tf.tensor2d([1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0], [3, 4], 'bool'), a!, b!),
    shapes: [
      [3, 4],
      [3, 4],
    ],
  },
  product: {
    of: (a, b) => tf.matMul(a!, b!),
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  'product, first turned': {
    of: (a, b) => tf.matMul(a!, b!, true),
    shapes: [
      [4, 3],
      [4, 2],
    ],
  },
  'product, second turned': {
    of: (a, b) => tf.matMul(a!, b!, false, true),
    shapes: [
      [3, 4],
      [2, 4],
    ],
  },
  'product, both turned': {
    of: (a, b) => tf.matMul(a!, b!, true, true),
    shapes: [
      [4, 3],
      [2, 4],
    ],
  },
  'product of stacks': {
    of: (a, b) => tf.matMul(a!, b!),
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
  },
  'fast product, turned': {
    of: (a, b) => matMulFast(a as tf.Tensor2D, b as tf.Tensor2D, { transposeA: true, transposeB: true }),
    shapes: [
      [4, 3],
      [2, 4],
    ],
  },
  'unit length': { of: (a) => unitLength(a as tf.Tensor2D), shapes: [[3, 4]] },
};

const STEP = 1 / 128;

onEveryEngine(() => {
  test.each(Object.entries(operations))('the derivative of %s agrees with finite differences', (_, operation) => {
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
  });

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
