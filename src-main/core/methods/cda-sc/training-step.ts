import * as tf from '@tensorflow/tfjs-core';
import { batchNorm, updatedStatistics } from '../../train/batch-norm.ts';
import type { CsrBatch } from '../../train/csr-batch.ts';
import { csrMatMul } from '../../train/csr-mat-mul.ts';
import { derivatives } from '../../train/derivatives.ts';
import { gradientReversal } from '../../train/gradient-reversal.ts';
import { binaryCrossEntropy } from '../../train/losses/binary-cross-entropy.ts';
import { crossEntropy, oneHotRows } from '../../train/losses/cross-entropy.ts';
import { supervisedContrastive } from '../../train/losses/supervised-contrastive.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import { named, under } from '../../train/network-arrays.ts';
import { type NamedTensors, type OptimiserSettings, optimiserStep } from '../../train/optimisers.ts';
import { tidied } from '../../train/tidied.ts';
import { withoutGradient } from '../../train/without-gradient.ts';
import type { CdaScParameters } from './network.ts';
import { surePredictions } from './sure-predictions.ts';
import type { CdaScSettings } from './settings.ts';

/** The cells of one step. */
export interface StepBatch {
  /** Source rows, below them target rows */
  readonly cells: CsrBatch;
  /** [source rows] label of each */
  readonly labels: Int32Array;
}

/** What changes from step to step besides the cells. */
export interface StepPhase {
  /** 0-based */
  readonly step: number;
  /** λ of the gradient reversal */
  readonly reversal: number;
  /** Whether target cells take part in the contrastive term. */
  readonly pseudoLabels: boolean;
}

/** The parts of the network behind the encoder. */
export type HeadParameters = Pick<
  CdaScParameters,
  'classifier' | 'classifierBias' | 'domainHidden' | 'domainHiddenBias' | 'domainOutput' | 'domainOutputBias'
>;

type HeadSettings = Pick<
  CdaScSettings,
  'adversarialStrength' | 'contrastiveWeight' | 'contrastiveReduction' | 'temperature'
>;

/**
 * The terms of the objective of CDA-SC, L = L_cls + L_dom + β L_con:
 *
 * - L_cls: cross-entropy of the source cells
 * - L_dom: binary cross-entropy of "is a target cell", over all cells; the discriminator follows its derivative, the embedding
 *   λ times the opposite (`gradientReversal`)
 * - L_con: `supervisedContrastive` over the source cells and the target cells that have a label in `targetLabels`
 *
 * Source: CDA-SC. Its objective prints λ once more in front of L_dom; together with the reversal that would be λ², so
 * λ is applied once.
 *
 * @param z [source + target rows, m]  @param sourceLabels [source rows, K], 1 at the label of each
 * @param targetLabels [target rows, K], a row of zeros for a cell without a label; null leaves all of them out
 */
export function headTerms(
  z: tf.Tensor2D,
  parameters: HeadParameters,
  sourceLabels: tf.Tensor2D,
  targetLabels: tf.Tensor2D | null,
  reversal: number,
  settings: HeadSettings,
): Record<string, tf.Scalar> {
  const [rows, m] = z.shape;
  const sources = sourceLabels.shape[0];
  const source = tf.slice(z, [0, 0], [sources, m]);
  const terms: Record<string, tf.Scalar> = {
    classification: crossEntropy(linear(source, parameters.classifier, parameters.classifierBias), sourceLabels),
  };
  if (settings.adversarialStrength > 0) {
    const seen = gradientReversal(z, reversal);
    const hidden = tf.relu(linear(seen, parameters.domainHidden, parameters.domainHiddenBias));
    const logits = linear(hidden, parameters.domainOutput, parameters.domainOutputBias);
    const isTarget: tf.Tensor1D = tf.concat([tf.zeros([sources]), tf.ones([rows - sources])]);
    terms['domain'] = binaryCrossEntropy(tf.reshape(logits, [rows]), isTarget);
  }
  if (settings.contrastiveWeight > 0) {
    const options = { temperature: settings.temperature, reduction: settings.contrastiveReduction };
    const loss =
      targetLabels === null
        ? supervisedContrastive(source, sourceLabels, options)
        : supervisedContrastive(z, tf.concat([sourceLabels, targetLabels]), options);
    terms['contrastive'] = tf.mul(loss, settings.contrastiveWeight);
  }
  return terms;
}

/** The state as tensors by name: `parameter/…`, `first-moment/…`, `second-moment/…`, `running/…`. */
export type CdaScState = NamedTensors;

/**
 * One training step: forward, all derivatives, Adam, and the running statistics of batch norm, which is computed over source
 * and target together. All tensors of the result are new; those of `state` stay and are the caller's to dispose.
 */
export function trainingStep(
  state: CdaScState,
  batch: StepBatch,
  settings: CdaScSettings,
  phase: StepPhase,
): Told & { state: CdaScState } {
  return tidied(() => {
    const parameters = under(state, 'parameter') as CdaScParameters;
    const running = under(state, 'running');
    const depth = Object.keys(running).length / 2;

    const { terms, others, gradients } = derivatives(parameters, () => {
      const entering: Record<string, tf.Tensor> = {};
      let x: tf.Tensor2D | null = null;
      for (let layer = 0; layer < depth; layer++) {
        const weights = parameters[`layer${layer}Weights`] as tf.Tensor2D;
        const before: tf.Tensor2D = x === null ? csrMatMul(batch.cells, weights) : tf.matMul(x, weights);
        entering[`layer${layer}`] = before;
        const scale = parameters[`layer${layer}Scale`] as tf.Tensor1D;
        x = tf.relu(batchNorm(before, scale, parameters[`layer${layer}Shift`] as tf.Tensor1D));
      }
      const { terms, pseudoLabelled } = losses(x!, parameters, batch.labels, settings, phase);
      return { terms, others: { ...entering, pseudoLabelled } };
    });

    const moved = optimiserStep(
      parameters,
      gradients,
      { first: under(state, 'first-moment'), second: under(state, 'second-moment') },
      adam(settings),
      phase.step,
    );
    return {
      names: Object.keys(terms),
      terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
      pseudoLabelled: others['pseudoLabelled'] as tf.Scalar,
      state: {
        ...named('parameter', moved.parameters),
        ...named('first-moment', moved.state.first),
        ...named('second-moment', moved.state.second),
        ...named('running', followed(running, others, depth)),
      },
    };
  });
}

/** What a step tells besides the state: terms in the order of `names`, and how many target cells took part with a predicted label. */
interface Told {
  readonly names: readonly string[];
  readonly terms: tf.Tensor1D;
  readonly pseudoLabelled: tf.Scalar;
}

/**
 * The part of `trainingStep` behind the encoder, for engines that carry out the encoder by themselves: all terms from the embedding,
 * their derivative by it, and Adam for the heads. All tensors of the result are new.
 *
 * @param z [source + target rows, m]  @param state parameters and moments of the heads
 * @param labels [source rows] label of each
 */
export function headStep(
  z: tf.Tensor2D,
  state: CdaScState,
  labels: Int32Array,
  settings: CdaScSettings,
  phase: StepPhase,
): Told & { state: CdaScState; dz: tf.Tensor2D } {
  return tidied(() => {
    const parameters = under(state, 'parameter') as HeadParameters & NamedTensors;
    const { terms, others, gradients } = derivatives({ ...parameters, z }, () => {
      const { terms, pseudoLabelled } = losses(z, parameters, labels, settings, phase);
      return { terms, others: { pseudoLabelled } };
    });
    const { z: dz, ...ofHeads } = gradients;
    const moments = { first: under(state, 'first-moment'), second: under(state, 'second-moment') };
    const moved = optimiserStep(parameters, ofHeads, moments, adam(settings), phase.step);
    return {
      names: Object.keys(terms),
      terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
      pseudoLabelled: others['pseudoLabelled'] as tf.Scalar,
      dz: dz as tf.Tensor2D,
      state: {
        ...named('parameter', moved.parameters),
        ...named('first-moment', moved.state.first),
        ...named('second-moment', moved.state.second),
      },
    };
  });
}

/** How the method's parameters are moved. */
function adam({ learningRate, weightDecay }: CdaScSettings): OptimiserSettings {
  return { optimiser: 'adam', learningRate, momentum: 0, weightDecay };
}

/** The terms of a step from its embedding, target cells with the labels predicted for them where it is time. */
function losses(
  z: tf.Tensor2D,
  parameters: HeadParameters,
  labels: Int32Array,
  settings: CdaScSettings,
  phase: StepPhase,
): { terms: Record<string, tf.Scalar>; pseudoLabelled: tf.Scalar } {
  const sourceLabels = oneHotRows(labels, parameters.classifierBias.size);
  const targetLabels = phase.pseudoLabels ? predictedLabels(z, parameters, labels.length, settings) : null;
  return {
    terms: headTerms(z, parameters, sourceLabels, targetLabels, phase.reversal, settings),
    pseudoLabelled: targetLabels === null ? tf.scalar(0) : tf.sum(targetLabels),
  };
}

/** The labels of the sure target cells of this step, from its own forward pass; constants. */
function predictedLabels(
  z: tf.Tensor2D,
  { classifier, classifierBias }: HeadParameters,
  sources: number,
  { pseudoLabelConfidence }: CdaScSettings,
): tf.Tensor2D {
  return withoutGradient(() => {
    const target = tf.slice(z, [sources, 0]) as tf.Tensor2D;
    return surePredictions(tf.softmax(linear(target, classifier, classifierBias)), pseudoLabelConfidence);
  });
}

/** Running statistics of every layer after this batch. */
function followed(running: NamedTensors, entering: NamedTensors, depth: number): NamedTensors {
  const next: Record<string, tf.Tensor> = {};
  for (let layer = 0; layer < depth; layer++) {
    const before = {
      mean: running[`layer${layer}Mean`] as tf.Tensor1D,
      variance: running[`layer${layer}Variance`] as tf.Tensor1D,
    };
    const after = updatedStatistics(before, entering[`layer${layer}`] as tf.Tensor2D);
    next[`layer${layer}Mean`] = after.mean;
    next[`layer${layer}Variance`] = after.variance;
  }
  return next;
}
