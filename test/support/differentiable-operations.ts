import * as tf from '@tensorflow/tfjs-core';
import { matMulFast, unitLength } from '#core/train/mat-mul-fast';

/** An operation with the shapes of its inputs. */
export interface DifferentiableOperation {
  readonly of: (...x: tf.Tensor[]) => tf.Tensor;
  readonly shapes: number[][];
  /** Whether it is defined for positive inputs only. */
  readonly positive?: boolean;
}

/** Every operation through which derivatives are taken, by what it does. */
export const differentiableOperations: Readonly<Record<string, DifferentiableOperation>> = {
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
