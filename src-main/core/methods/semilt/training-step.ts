import * as tf from '@tensorflow/tfjs-core';
import type { CellEmbedding } from '../../data/study.ts';
import type { CsrBatch } from '../../train/csr-batch.ts';
import { csrMatMul, csrMatMulWeightGradient } from '../../train/csr-mat-mul.ts';
import { derivatives } from '../../train/derivatives.ts';
import { oneHotRows } from '../../train/losses/cross-entropy.ts';
import { l1, l1Gradient } from '../../train/losses/l1.ts';
import { linear } from '../../train/mat-mul-fast.ts';
import { named, under } from '../../train/network-arrays.ts';
import { type NamedTensors, optimiserStep } from '../../train/optimisers.ts';
import { tidied } from '../../train/tidied.ts';
import { batchNeighbours, chooseAnchors, HIGH, LOW } from './anchors.ts';
import { batchQuantities } from './batch-quantities.ts';
import { classificationLoss } from './classification-loss.ts';
import { type EncodingChoices, encodingTerms, termGroups } from './encoding-losses.ts';
import type { SemiLTParameters } from './network.ts';
import type { SemiLTSettings } from './settings.ts';

/** The cells of one step. */
export interface StepBatch {
  /** Reference rows, below them query rows */
  readonly cells: CsrBatch;
  /** [reference rows] label of each */
  readonly labels: Int32Array;
  /** [query rows, width] row by row: the query cells in their own, untrained space */
  readonly space: CellEmbedding;
}

/** The state as tensors by name: `parameter/…`, `first-moment/…`. */
export type SemiLTState = NamedTensors;

export interface StepResult {
  readonly state: SemiLTState;
  /** Terms as they enter the total, by the equations of the paper. */
  readonly terms: Readonly<Record<string, number>>;
  /** Shares of the query cells with an anchor of each kind. */
  readonly measures: { readonly highAnchors: number; readonly lowAnchors: number };
}

/**
 * One training step: embed the batch, choose neighbours and anchors from the values, take the derivatives of all terms, move
 * by SGD. The choices are made on the embeddings as numbers, the same way on every engine. All tensors of the result are new;
 * those of `state` stay and are the caller's to dispose.
 */
export async function trainingStep(
  state: SemiLTState,
  batch: StepBatch,
  settings: SemiLTSettings,
  step: number,
): Promise<StepResult> {
  const parameters = under(state, 'parameter') as SemiLTParameters;
  const embedded = tf.tidy(
    () => tf.add(csrMatMul(batch.cells, parameters.encoder), parameters.encoderBias) as tf.Tensor2D,
  );
  const choices = encodingChoices(
    await embedded.data<'float32'>(),
    embedded.shape[1],
    batch,
    parameters.classifierBias.size,
    settings,
  );
  const { next, names, terms } = tidied(() => moved(state, parameters, embedded, choices, batch, settings, step));
  embedded.dispose();
  const values = await terms.data<'float32'>();
  terms.dispose();
  const kinds = choices.anchors.kind;
  const shareOf = (kind: number): number => kinds.filter((k) => k === kind).length / kinds.length;
  return {
    state: next,
    terms: Object.fromEntries(names.map((name, i) => [name, values[i]!])),
    measures: { highAnchors: shareOf(HIGH), lowAnchors: shareOf(LOW) },
  };
}

/** What is chosen from the values of the embeddings: strengths, neighbours, anchors. */
function encodingChoices(
  values: Float32Array,
  width: number,
  { labels, space }: StepBatch,
  K: number,
  settings: SemiLTSettings,
): EncodingChoices {
  const quantities = batchQuantities(labels, {
    labels: settings.countedLabels === 'reference' ? K : null,
    bounded: settings.bounded,
  });
  const reference = values.subarray(0, labels.length * width);
  const query = values.subarray(labels.length * width);
  const most = Math.min(...quantities.counts);
  const neighbours = batchNeighbours(space.values, space.width, most, settings.neighbourCosine);
  const anchors = chooseAnchors(reference, query, width, quantities, neighbours, settings.anchorCosine);
  return { quantities, anchors, neighbours, reference, query };
}

function moved(
  state: SemiLTState,
  parameters: SemiLTParameters,
  embedded: tf.Tensor2D,
  choices: EncodingChoices,
  batch: StepBatch,
  settings: SemiLTSettings,
  step: number,
): { next: SemiLTState; names: readonly string[]; terms: tf.Tensor1D } {
  const { encoder, encoderBias, classifier, classifierBias } = parameters;
  const references = batch.labels.length;
  const known = oneHotRows(batch.labels, classifierBias.size);
  const found = derivatives({ embedded, classifier, classifierBias }, () => {
    const reference = tf.slice(embedded, [0, 0], [references, -1]) as tf.Tensor2D;
    const query = tf.slice(embedded, [references, 0]) as tf.Tensor2D;
    const classification = classificationLoss(
      linear(reference, classifier, classifierBias),
      known,
      settings.classification,
    );
    return { terms: { ...encodingTerms(reference, query, choices, settings), classification }, others: {} };
  });
  const dEmbedded = found.gradients['embedded'] as tf.Tensor2D;
  const gradients: Record<string, tf.Tensor> = {
    encoder: csrMatMulWeightGradient(batch.cells, dEmbedded),
    encoderBias: tf.sum(dEmbedded, 0),
    classifier: found.gradients['classifier']!,
    classifierBias: found.gradients['classifierBias']!,
  };
  const terms = grouped(found.terms);
  if (settings.l1Weight > 0) {
    const all = [encoder, encoderBias, classifier, classifierBias];
    terms['l1'] = tf.mul(l1(all), settings.l1Weight);
    for (const [name, theta] of Object.entries(parameters)) {
      gradients[name] = tf.add(gradients[name]!, tf.mul(l1Gradient(theta), settings.l1Weight));
    }
  }
  const { parameters: next, state: moments } = optimiserStep(
    parameters,
    gradients,
    { first: under(state, 'first-moment'), second: {} },
    { optimiser: 'sgd', learningRate: settings.learningRate, momentum: settings.momentum, weightDecay: 0 },
    step,
  );
  return {
    next: { ...named('parameter', next), ...named('first-moment', moments.first) },
    names: Object.keys(terms),
    terms: tf.stack(Object.values(terms)) as tf.Tensor1D,
  };
}

/** Terms summed by the equation they belong to. */
function grouped(terms: Readonly<Record<string, tf.Scalar>>): Record<string, tf.Scalar> {
  const sums: Record<string, tf.Scalar> = {};
  for (const [name, term] of Object.entries(terms)) {
    const group = termGroups[name] ?? name;
    sums[group] = sums[group] === undefined ? term : tf.add(sums[group], term);
  }
  return sums;
}
