import * as tf from '@tensorflow/tfjs-core';
import { attention, unitInput } from '../../train/attention-unit.ts';
import { type RunningStatistics, updatedStatistics } from '../../train/batch-norm.ts';
import type { CsrBatch } from '../../train/csr-batch.ts';
import { csrMatMul, csrMatMulWeightGradient } from '../../train/csr-mat-mul.ts';
import { contrastive } from '../../train/losses/contrastive.ts';
import { crossEntropy, oneHotRows } from '../../train/losses/cross-entropy.ts';
import { chooseAlignment, featureAlignment } from '../../train/losses/feature-alignment.ts';
import { l1, l1Gradient } from '../../train/losses/l1.ts';
import { projectionRegularisation } from '../../train/losses/projection-regularisation.ts';
import { type CentredCells, movedCentres, sparseCentre } from '../../train/losses/sparse-centre.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import { tidied } from '../../train/tidied.ts';
import { type NamedTensors, optimiserStep, steppedLearningRate } from '../../train/optimisers.ts';
import { choosePseudoLabels } from '../../train/pseudo-labels.ts';
import type { CellPredXParameters, CellPredXState } from './network.ts';
import type { CellPredXSettings } from './settings.ts';

/** The cells of one step and every random choice in it. */
export interface StepBatch {
  /** [parts × n] reference rows, then query rows, then (where the contrastive term is on) their partners */
  readonly cells: CsrBatch;
  /** [n] label of each reference row */
  readonly labels: Int32Array;
  /** [T] query rows 0 … n−1 paired with the aligned reference rows; unused without alignment negatives */
  readonly negatives: Int32Array;
}

/** One evaluation of the whole objective. */
export interface Objective {
  /** Names of the terms that are on. */
  readonly names: readonly string[];
  /** [terms] each as it enters the total */
  readonly terms: tf.Tensor1D;
  /** Mean attention over reference and query; 1 where attention or its term is off. */
  readonly meanAttention: tf.Scalar;
  /** Derivative of the total with respect to every parameter, by name. */
  readonly gradients: NamedTensors;
  readonly centres: tf.Tensor2D;
  readonly statistics: RunningStatistics;
}

/**
 * The objective of CellPredX and all its derivatives on given cells:
 *
 *     L = L_CE + w_PR L_PR + λ_CL L_CL + λ_FA L_FA + λ_SC L_SC + w_L1 L_1
 *
 * A weight of 0 leaves its term out altogether. Choices (matches, pseudo-labels) are made first, on values; they carry no gradient.
 * Centres and running statistics come back as they are after the step.
 *
 * Source: CellPredX (PLoS Comput Biol 2026) Eq. 1–10; see README.md for where paper and released code differ.
 *
 * @param step 0-based; query cells join the sparse centre term when it exceeds `centreStartStep`
 */
export function objective(
  state: CellPredXState,
  batch: StepBatch,
  settings: CellPredXSettings,
  step: number,
): Objective {
  return tidied(() => {
    const { parameters } = state;
    const n = batch.labels.length;
    const K = parameters.classifierBias.size;
    const m = parameters.encoderBias.size;
    const embedded = tf.add(csrMatMul(batch.cells, parameters.encoder), parameters.encoderBias) as tf.Tensor2D;
    const parts = Array.from({ length: embedded.shape[0] / n }, (_, i) => tf.slice(embedded, [i * n, 0], [n, m]));
    const [reference, query] = parts as [tf.Tensor2D, tf.Tensor2D];
    const known = oneHotRows(batch.labels, K);

    const aligned = settings.alignmentWeight > 0 ? chooseAlignment(reference, query, settings.alignmentShare) : null;
    const negatives =
      aligned !== null && settings.alignmentNegatives
        ? { rows: tf.tensor1d(batch.negatives, 'int32'), margin: settings.alignmentMargin }
        : null;
    const pseudo =
      settings.sparseCentreWeight > 0 && step > settings.centreStartStep
        ? choosePseudoLabels(
            linear(query, parameters.classifier, parameters.classifierBias),
            settings.pseudoLabelQuantile,
          )
        : null;

    /** Reference, and below it the query once it takes part. */
    const centred = (p: CellPredXParameters, a: tf.Tensor2D, b: tf.Tensor2D): CentredCells => {
      const weigh = (z: tf.Tensor2D): tf.Tensor2D | null => (settings.attentionOn ? attention(z, p) : null);
      const ones: tf.Tensor1D = tf.ones([n]);
      if (pseudo === null) return { embedding: a, attention: weigh(a), labels: known, takesPart: ones };
      const [ofA, ofB] = [weigh(a), weigh(b)];
      return {
        embedding: tf.concat([a, b]),
        attention: ofA === null || ofB === null ? null : tf.concat([ofA, ofB]),
        labels: tf.concat([known, pseudo.labels]),
        takesPart: tf.concat([ones, pseudo.takesPart]),
      };
    };

    const weightedTerms = (p: CellPredXParameters, z: readonly tf.Tensor2D[]): Record<string, tf.Scalar> => {
      const [a, b, partner] = z as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D | undefined];
      const terms: Record<string, tf.Scalar> = {
        classification: crossEntropy(linear(a, p.classifier, p.classifierBias), known),
      };
      const add = (name: string, weight: number, term: () => tf.Scalar): void => {
        if (weight > 0) terms[name] = tf.mul(term(), weight);
      };
      add('projection', settings.projectionWeight, () =>
        projectionRegularisation(a, b, { symmetric: settings.projectionSymmetric }),
      );
      add('contrastive', settings.contrastiveWeight * (settings.contrastiveDoubled ? 2 : 1), () => {
        if (partner === undefined) throw new Error('objective: the contrastive term is on, the batch has no partners');
        return contrastive(b, partner, settings.temperature);
      });
      add('alignment', settings.alignmentWeight, () => featureAlignment(a, b, aligned!, negatives));
      add('sparseCentre', settings.sparseCentreWeight, () => sparseCentre(centred(p, a, b), state.centres));
      return terms;
    };

    const withSparse = settings.sparseCentreWeight > 0 && settings.attentionOn;
    const { terms, dEmbedded, gradients } = derivatives(parameters, parts, withSparse, weightedTerms);
    gradients['encoder'] = csrMatMulWeightGradient(batch.cells, dEmbedded);
    gradients['encoderBias'] = tf.sum(dEmbedded, 0);
    if (settings.l1Weight > 0) terms['l1'] = tf.mul(l1(Object.values(parameters)), settings.l1Weight);
    for (const [name, theta] of Object.entries(parameters)) {
      gradients[name] = withL1(theta, gradients[name], settings.l1Weight);
    }

    const cells = settings.sparseCentreWeight > 0 ? centred(parameters, reference, query) : null;
    const moves = cells !== null && settings.centrePolicy === 'running';
    return {
      names: Object.keys(terms),
      terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
      meanAttention: cells?.attention == null ? tf.scalar(1) : (tf.mean(cells.attention) as tf.Scalar),
      gradients,
      centres: moves ? movedCentres(cells, state.centres, settings.centreRate) : tf.clone(state.centres),
      statistics: withSparse ? followed(state, [reference, query]) : copied(state.statistics),
    };
  });
}

/**
 * One training step: the objective, then the optimiser at the learning rate of this step. All tensors of the result are new;
 * those of `state` stay and are the caller's to dispose.
 */
export function trainingStep(
  state: CellPredXState,
  batch: StepBatch,
  settings: CellPredXSettings,
  step: number,
): { state: CellPredXState; names: readonly string[]; terms: tf.Tensor1D; meanAttention: tf.Scalar } {
  return tidied(() => {
    const { gradients, centres, statistics, ...reported } = objective(state, batch, settings, step);
    const moved = optimiserStep(
      state.parameters,
      gradients,
      state.optimiser,
      { ...settings, learningRate: steppedLearningRate(settings.learningRate, step, settings.steps) },
      step,
    );
    return { ...reported, state: { parameters: moved.parameters, optimiser: moved.state, centres, statistics } };
  });
}

const attentionNames = [
  'attentionUnit',
  'attentionUnitBias',
  'normScale',
  'normShift',
  'attentionHeads',
  'attentionHeadsBias',
] as const;

/** Terms, and the derivatives of their sum with respect to the embeddings (stacked) and to the small dense parameters. */
function derivatives(
  parameters: CellPredXParameters,
  parts: readonly tf.Tensor2D[],
  withAttention: boolean,
  weightedTerms: (p: CellPredXParameters, z: readonly tf.Tensor2D[]) => Record<string, tf.Scalar>,
): { terms: Record<string, tf.Scalar>; dEmbedded: tf.Tensor2D; gradients: Record<string, tf.Tensor> } {
  const names = ['classifier', 'classifierBias', ...(withAttention ? attentionNames : [])];
  let terms: Record<string, tf.Scalar> = {};
  const inputs = [...names.map((name) => parameters[name]!), ...parts];
  const total = (): tf.Scalar => {
    terms = weightedTerms(parameters, parts);
    for (const term of Object.values(terms)) tf.keep(term); // they outlive the tape
    return tf.addN(Object.values(terms));
  };
  const { grads } = tf.engine().gradients(total, inputs, undefined, true); // a part that no term uses has no derivative
  const derivative = inputs.map((input, i) => grads[i] ?? tf.zerosLike(input));
  for (const [name, term] of Object.entries(terms)) {
    terms[name] = tf.clone(term); // belongs to the caller's tidy
    term.dispose();
  }
  return {
    terms,
    dEmbedded: tf.concat(derivative.slice(names.length)) as tf.Tensor2D,
    gradients: Object.fromEntries(names.map((name, i) => [name, derivative[i]!])),
  };
}

function withL1(theta: tf.Tensor, gradient: tf.Tensor | undefined, weight: number): tf.Tensor {
  if (weight === 0) return gradient ?? tf.zerosLike(theta);
  const pull = tf.mul(l1Gradient(theta), weight);
  return gradient === undefined ? pull : tf.add(gradient, pull);
}

/** Running statistics after the batches, one after the other. */
function followed(state: CellPredXState, batches: readonly tf.Tensor2D[]): RunningStatistics {
  return batches.reduce(
    (statistics, z) => updatedStatistics(statistics, unitInput(z, state.parameters)),
    state.statistics,
  );
}

function copied(statistics: RunningStatistics): RunningStatistics {
  return { mean: tf.clone(statistics.mean), variance: tf.clone(statistics.variance) };
}
