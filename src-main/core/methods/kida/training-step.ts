import * as tf from '@tensorflow/tfjs-core';
import { derivatives } from '../../train/derivatives.ts';
import { crossEntropy, oneHotRows } from '../../train/losses/cross-entropy.ts';
import { named, under } from '../../train/network-arrays.ts';
import { type NamedTensors, optimiserStep } from '../../train/optimisers.ts';
import { tidied } from '../../train/tidied.ts';
import { Dropout } from './dropout.ts';
import type { KidaParameters, NetworkShape } from './network.ts';
import type { KidaSettings } from './settings.ts';
import { clustering, distillation, meanEntropy } from './student-losses.ts';
import type { TokenBatch } from './token-batch.ts';
import { forward, type Forward } from './transformer.ts';

/** The cells of one step of the teacher or the student. */
export interface StepBatch {
  readonly cells: TokenBatch;
  readonly dropoutSeed: number;
  /** What the network is to say of them: labels of reference cells, or [cells, K] logits of the teacher for query cells. */
  readonly wanted:
    | { readonly round: 'teacher'; readonly labels: Int32Array }
    | { readonly round: 'student'; readonly logits: Float32Array; readonly clustered: boolean };
}

/** The state as tensors by name: `parameter/…`, `first-moment/…`, with Adam `second-moment/…`. */
export type KidaState = NamedTensors;

/** The rate that both rounds share and how far the present one has come. */
export interface StepPhase {
  /** 0-based within the round */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * One training step of either round: forward, all derivatives, the optimiser. All tensors of the result are new; those of `state`
 * stay and are the caller's to dispose.
 *
 * Teacher: `classification` (L_T), and with the weights of the released code `entropy` and `clustering`. Student: `distillation`
 * (α L_kd) and `clustering` (β L_ada).
 */
export function trainingStep(
  state: KidaState,
  batch: StepBatch,
  shape: NetworkShape,
  settings: KidaSettings,
  phase: StepPhase,
): { state: KidaState; names: readonly string[]; terms: tf.Tensor1D } {
  return tidied(() => {
    const parameters = under(state, 'parameter') as KidaParameters;
    const { terms, gradients } = derivatives(parameters, () => {
      const dropout = new Dropout(batch.dropoutSeed, settings.dropout, settings.pathDropout);
      const found = forward(parameters, shape, batch.cells, dropout);
      return { terms: termsOf(found, batch.wanted, settings), others: {} };
    });
    const { optimiser, momentum, weightDecay } = settings;
    const moved = optimiserStep(
      parameters,
      gradients,
      { first: under(state, 'first-moment'), second: under(state, 'second-moment') },
      { optimiser, learningRate: phase.learningRate, momentum, weightDecay },
      phase.step,
    );
    return {
      names: Object.keys(terms),
      terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
      state: {
        ...named('parameter', moved.parameters),
        ...named('first-moment', moved.state.first),
        ...named('second-moment', moved.state.second),
      },
    };
  });
}

function termsOf(
  { logits, embedding }: Forward,
  wanted: StepBatch['wanted'],
  settings: KidaSettings,
): Record<string, tf.Scalar> {
  const K = logits.shape[1];
  const terms: Record<string, tf.Scalar> = {};
  if (wanted.round === 'teacher') {
    terms['classification'] = crossEntropy(logits, oneHotRows(wanted.labels, K));
    if (settings.meanEntropyWeight !== 0) terms['entropy'] = tf.mul(meanEntropy(logits), settings.meanEntropyWeight);
    if (settings.teacherClusteringWeight > 0 && K > 1) {
      terms['clustering'] = tf.mul(
        clustering(logits, embedding, settings.clusteringForm),
        settings.teacherClusteringWeight,
      );
    }
    return terms;
  }
  const teacher = tf.tensor2d(wanted.logits, [wanted.logits.length / K, K]);
  terms['distillation'] = tf.mul(distillation(logits, teacher, settings), settings.distillationWeight);
  if (wanted.clustered) {
    terms['clustering'] = tf.mul(clustering(logits, embedding, settings.clusteringForm), settings.clusteringWeight);
  }
  return terms;
}

/**
 * Learning rate of a step: constant, or η₀·((1 + cos(π e/E))/2·(1 − 0.01) + 0.01) in pass e of E, as the released code has it.
 * @param passes E, of the round
 */
export function scheduledRate(
  { learningRate, schedule }: Pick<KidaSettings, 'learningRate' | 'schedule'>,
  pass: number,
  passes: number,
): number {
  if (schedule === 'constant') return learningRate;
  return learningRate * (((1 + Math.cos((Math.PI * pass) / passes)) / 2) * (1 - 0.01) + 0.01);
}
