import * as tf from '@tensorflow/tfjs-core';
import type { CsrMatrix } from '../../data/csr-matrix.ts';
import type { SparseRows } from '../../data/sparse-rows.ts';
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
export interface StepBatch<Rows extends SparseRows = CsrMatrix> {
  /** [parts × n] reference rows, then query rows, then (where the contrastive term is on) their partners */
  readonly cells: CsrBatch<Rows>;
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
 *     L = w_CE L_CE + w_PR L_PR + λ_CL L_CL + λ_FA L_FA + λ_SC L_SC + w_L1 L_1
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
    const [reference, query, partners] = parts as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D | undefined];
    const known = oneHotRows(batch.labels, K);

    const withAttention = settings.sparseCentreWeight > 0 && settings.attentionOn;
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
    const centred = (weights: readonly (tf.Tensor2D | null)[]): CentredCells => {
      const ones: tf.Tensor1D = tf.ones([n]);
      const attended = weights.filter((weight) => weight !== null);
      const attention = attended.length === 0 ? null : tf.concat(attended);
      if (pseudo === null) return { embedding: reference, attention, labels: known, takesPart: ones };
      return {
        embedding: tf.concat([reference, query]),
        attention,
        labels: tf.concat([known, pseudo.labels]),
        takesPart: tf.concat([ones, pseudo.takesPart]),
      };
    };

    const weightedTerms = (): WeightedTerms => {
      const terms: Record<string, tf.Scalar> = {};
      const add = (name: string, weight: number, term: () => tf.Scalar): void => {
        if (weight > 0) terms[name] = tf.mul(term(), weight);
      };
      add('classification', settings.classificationWeight, () =>
        crossEntropy(linear(reference, parameters.classifier, parameters.classifierBias), known),
      );
      add('projection', settings.projectionWeight, () =>
        projectionRegularisation(reference, query, { symmetric: settings.projectionSymmetric }),
      );
      add('contrastive', settings.contrastiveWeight * (settings.contrastiveDoubled ? 2 : 1), () => {
        if (partners === undefined) throw new Error('objective: the contrastive term is on, the batch has no partners');
        return contrastive(query, partners, settings.temperature);
      });
      add('alignment', settings.alignmentWeight, () => featureAlignment(reference, query, aligned!, negatives));
      const taking = pseudo === null ? [reference] : [reference, query];
      const weights = withAttention ? taking.map((z) => attention(z, parameters)) : [];
      add('sparseCentre', settings.sparseCentreWeight, () => sparseCentre(centred(weights), state.centres));
      return { terms, weights };
    };

    const trained = ['classifier', 'classifierBias', ...(withAttention ? attentionNames : [])];
    const { terms, weights, dEmbedded, gradients } = derivatives(parameters, trained, parts, weightedTerms);
    gradients['encoder'] = csrMatMulWeightGradient(batch.cells, dEmbedded);
    gradients['encoderBias'] = tf.sum(dEmbedded, 0);
    if (settings.l1Weight > 0) terms['l1'] = tf.mul(l1(Object.values(parameters)), settings.l1Weight);
    for (const [name, theta] of Object.entries(parameters)) {
      gradients[name] = withL1(theta, gradients[name], settings.l1Weight);
    }

    const moves = settings.sparseCentreWeight > 0 && settings.centrePolicy === 'running';
    return {
      names: Object.keys(terms),
      terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
      meanAttention: weights.length === 0 ? tf.scalar(1) : (tf.mean(tf.concat([...weights])) as tf.Scalar),
      gradients,
      centres: moves ? movedCentres(centred(weights), state.centres, settings.centreRate) : tf.clone(state.centres),
      statistics: withAttention
        ? followed(state, pseudo === null ? [reference] : [reference, query])
        : copied(state.statistics),
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

/** Terms by name, and the attention weights that entered them. */
interface WeightedTerms {
  readonly terms: Record<string, tf.Scalar>;
  readonly weights: readonly tf.Tensor2D[];
}

/** Terms, and the derivatives of their sum with respect to the embeddings (stacked) and to the named parameters. */
function derivatives(
  parameters: CellPredXParameters,
  names: readonly string[],
  parts: readonly tf.Tensor2D[],
  weightedTerms: () => WeightedTerms,
): WeightedTerms & { dEmbedded: tf.Tensor2D; gradients: Record<string, tf.Tensor> } {
  const inputs = [...names.map((name) => parameters[name]!), ...parts];
  let found: WeightedTerms = { terms: {}, weights: [] };
  const total = (): tf.Scalar => {
    found = weightedTerms();
    for (const tensor of [...Object.values(found.terms), ...found.weights]) tf.keep(tensor); // they outlive the tape
    return tf.addN(Object.values(found.terms));
  };
  const { grads } = tf.engine().gradients(total, inputs, undefined, true); // a part that no term uses has no derivative
  const derivative = inputs.map((input, i) => grads[i] ?? tf.zerosLike(input));
  return {
    terms: Object.fromEntries(Object.entries(found.terms).map(([name, term]) => [name, handedOver(term)])),
    weights: found.weights.map(handedOver),
    dEmbedded: tf.concat(derivative.slice(names.length)) as tf.Tensor2D,
    gradients: Object.fromEntries(names.map((name, i) => [name, derivative[i]!])),
  };
}

/** A kept tensor as one that the surrounding tidy frees. */
function handedOver<T extends tf.Tensor>(kept: T): T {
  const own = tf.clone(kept);
  kept.dispose();
  return own;
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
