import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../../base/random.ts';
import type { AttentionParameters } from '../../train/attention-unit.ts';
import { initialStatistics, type RunningStatistics } from '../../train/batch-norm.ts';
import { initialOptimiserState, type OptimiserState } from '../../train/optimisers.ts';
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

/**
 * The network before training, the same for the same seed. Weights and biases of a layer with a inputs are uniform in ±1/√a,
 * batch norm starts as γ = 1, β = 0, centres are normal with variance 2/K (the released code's draw).
 */
export function initialState(
  { features, labels }: CellPredXSizes,
  settings: Pick<CellPredXSettings, 'embeddingWidth' | 'attentionWidth' | 'optimiser'>,
  seed: number,
): CellPredXState {
  const random = Random.forPurpose(seed, 'initial-weights');
  const { embeddingWidth: m, attentionWidth: h } = settings;
  const parameters: CellPredXParameters = {
    encoder: uniform(random, [features, m], features),
    encoderBias: uniform(random, [m], features),
    classifier: uniform(random, [m, labels], m),
    classifierBias: uniform(random, [labels], m),
    attentionUnit: uniform(random, [m, h], m),
    attentionUnitBias: uniform(random, [h], m),
    normScale: tf.ones([h]),
    normShift: tf.zeros([h]),
    attentionHeads: uniform(random, [h, 2 * m], h),
    attentionHeadsBias: uniform(random, [2 * m], h),
  };
  const spread = Math.sqrt(2 / labels);
  return {
    parameters,
    optimiser: initialOptimiserState(settings.optimiser, parameters),
    centres: tf.tensor2d(
      Float32Array.from({ length: labels * m }, () => spread * random.normal()),
      [labels, m],
    ),
    statistics: initialStatistics(h),
  };
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

function uniform<R extends tf.Rank>(random: Random, shape: tf.ShapeMap[R], inputs: number): tf.Tensor<R> {
  const bound = 1 / Math.sqrt(inputs);
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => bound * (2 * random.uniform() - 1)),
    shape,
  );
}
