import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../base/random.ts';
import type { NamedTensors } from './optimisers.ts';

export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Arrays by name, row by row: the state of a network outside the engine. */
export type NetworkArrays = Readonly<Record<string, NamedArray>>;

/** Weights or biases of a layer with `inputs` inputs before training: uniform in ±1/√inputs. */
export function uniformArray(random: Random, shape: readonly number[], inputs: number): NamedArray {
  const bound = 1 / Math.sqrt(inputs);
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * random.uniform() - 1)) };
}

/** An array of one number. */
export function filledArray(shape: readonly number[], value: number): NamedArray {
  return { shape, values: new Float32Array(sizeOf(shape)).fill(value) };
}

/** Parameters under `parameter/`, and the zero moments an optimiser starts with under `first-moment/` and `second-moment/`. */
export function parametersWithMoments(parameters: NetworkArrays, optimiser: 'sgd' | 'adam'): NetworkArrays {
  const arrays: Record<string, NamedArray> = {};
  for (const [name, array] of Object.entries(parameters)) {
    arrays[`parameter/${name}`] = array;
    arrays[`first-moment/${name}`] = filledArray(array.shape, 0);
    if (optimiser === 'adam') arrays[`second-moment/${name}`] = filledArray(array.shape, 0);
  }
  return arrays;
}

/** Copies of the arrays on the engine. */
export function tensorsOf(arrays: NetworkArrays): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [name, tf.tensor(values.slice(), [...shape])]),
  );
}

/** Copies of the tensors outside the engine. */
export async function arraysOf(tensors: NamedTensors): Promise<Record<string, NamedArray>> {
  const arrays: Record<string, NamedArray> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    arrays[name] = { shape: tensor.shape, values: Float32Array.from(await tensor.data<'float32'>()) };
  }
  return arrays;
}

/** The entries whose name begins with `prefix/`, without it. */
export function under<T>(named: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value]),
  );
}

/** The entries with `prefix/` before each name. */
export function named<T>(prefix: string, entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${prefix}/${name}`, value]));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
