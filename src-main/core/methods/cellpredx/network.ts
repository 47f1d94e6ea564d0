import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import type { AttentionParameters } from '../../train/attention-unit.ts';
import type { RunningStatistics } from '../../train/batch-norm.ts';
import type { OptimiserState } from '../../train/optimisers.ts';
import type { CellPredXSettings } from './settings.ts';

/** Everything that is trained. G features, m embedding width, K labels, h attention width. */
export interface CellPredXParameters extends AttentionParameters, Record<string, tf.Tensor> {
  /** W [G, m]: a cell's embedding is the sum of the rows of its features, times their values, plus the bias. */
  readonly encoder: tf.Tensor2D;
  /** b [m] */
  readonly encoderBias: tf.Tensor1D;
  /** C [m, K] */
  readonly classifier: tf.Tensor2D;
  /** c [K] */
  readonly classifierBias: tf.Tensor1D;
  readonly attentionUnit: tf.Tensor2D;
  readonly attentionUnitBias: tf.Tensor1D;
  readonly normScale: tf.Tensor1D;
  readonly normShift: tf.Tensor1D;
  readonly attentionHeads: tf.Tensor2D;
  readonly attentionHeadsBias: tf.Tensor1D;
}

/** All tensors that a step reads and replaces. */
export interface CellPredXState {
  readonly parameters: CellPredXParameters;
  readonly optimiser: OptimiserState;
  /** [K, m] centre of each label in the embedding */
  readonly centres: tf.Tensor2D;
  readonly statistics: RunningStatistics;
}

export interface CellPredXSizes {
  readonly features: number;
  readonly labels: number;
}

interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All arrays of a state by the names of `stateTensors`, row by row. */
export type StateArrays = Readonly<Record<string, NamedArray>>;

/**
 * The network before training, the same for the same seed. Weights and biases of a layer with a inputs are uniform in ±1/√a,
 * batch norm starts as γ = 1, β = 0, centres are normal with variance 2/K (the released code's draw), moments are 0.
 */
export function initialArrays(
  { features, labels }: CellPredXSizes,
  settings: Pick<CellPredXSettings, 'embeddingWidth' | 'attentionWidth' | 'optimiser'>,
  seed: number,
): StateArrays {
  const random = Random.forPurpose(seed, 'initial-weights');
  const { embeddingWidth: m, attentionWidth: h } = settings;
  const parameters = {
    encoder: uniform(random, [features, m], features),
    encoderBias: uniform(random, [m], features),
    classifier: uniform(random, [m, labels], m),
    classifierBias: uniform(random, [labels], m),
    attentionUnit: uniform(random, [m, h], m),
    attentionUnitBias: uniform(random, [h], m),
    normScale: filled([h], 1),
    normShift: filled([h], 0),
    attentionHeads: uniform(random, [h, 2 * m], h),
    attentionHeadsBias: uniform(random, [2 * m], h),
  };
  const arrays: Record<string, NamedArray> = {};
  for (const [name, array] of Object.entries(parameters)) {
    arrays[`parameter/${name}`] = array;
    arrays[`first-moment/${name}`] = filled(array.shape, 0);
    if (settings.optimiser === 'adam') arrays[`second-moment/${name}`] = filled(array.shape, 0);
  }
  const spread = Math.sqrt(2 / labels);
  return {
    ...arrays,
    centres: { shape: [labels, m], values: Float32Array.from({ length: labels * m }, () => spread * random.normal()) },
    'running-mean': filled([h], 0),
    'running-variance': filled([h], 1),
  };
}

/** `initialArrays` on the engine. */
export function initialState(...args: Parameters<typeof initialArrays>): CellPredXState {
  return stateFromArrays(initialArrays(...args));
}

/** The state with copies of these arrays, on the engine. */
export function stateFromArrays(arrays: StateArrays): CellPredXState {
  return stateFromTensors(
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, values }]) => [name, tf.tensor(values.slice(), [...shape])]),
    ),
  );
}

/** Every tensor of a state by a name of its own, e.g. `parameter/encoder`. */
export function stateTensors(state: CellPredXState): Record<string, tf.Tensor> {
  const named = (prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): [string, tf.Tensor][] =>
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]);
  return Object.fromEntries([
    ...named('parameter', state.parameters),
    ...named('first-moment', state.optimiser.first),
    ...named('second-moment', state.optimiser.second),
    ['centres', state.centres],
    ['running-mean', state.statistics.mean],
    ['running-variance', state.statistics.variance],
  ]);
}

/** The state whose tensors `stateTensors` named. */
export function stateFromTensors(tensors: Readonly<Record<string, tf.Tensor>>): CellPredXState {
  const under = (prefix: string): Record<string, tf.Tensor> =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(`${prefix}/`))
        .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
    );
  return {
    parameters: under('parameter') as CellPredXParameters,
    optimiser: { first: under('first-moment'), second: under('second-moment') },
    centres: tensors['centres'] as tf.Tensor2D,
    statistics: { mean: tensors['running-mean'] as tf.Tensor1D, variance: tensors['running-variance'] as tf.Tensor1D },
  };
}

function uniform(random: Random, shape: readonly number[], inputs: number): NamedArray {
  const bound = 1 / Math.sqrt(inputs);
  const values = Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * random.uniform() - 1));
  return { shape, values };
}

function filled(shape: readonly number[], value: number): NamedArray {
  return { shape, values: new Float32Array(sizeOf(shape)).fill(value) };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
