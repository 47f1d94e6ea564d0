import { countText } from '../../base/count-text.ts';
import * as tf from '@tensorflow/tfjs-core';
import { throwIfCancelled } from '../../base/cancel.ts';
import type { AlignedPair, PreparationNote } from '../../data/aligned-pair.ts';
import { rowsAt } from '../../data/sparse-rows.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { runIdentity } from '../../train/run-checkpoint.ts';
import { chosenRows, spreadRows, variableFeatures } from './chosen-features.ts';
import { choosePenalty, type PenaltyChoice, triedPenalties } from './choose-penalty.ts';
import { minimise } from './lbfgs.ts';
import { readSearch, writeSearch } from './linear-checkpoint.ts';
import { type LabelledRows, linearCurvature, type LinearLoss, linearObjective, linearStart } from './linear-fit.ts';
import { linearModel } from './linear-model.ts';
import { referencePart } from './reference-part.ts';

/** What both linear classifiers can be told. */
export interface LinearSettings {
  readonly variableFeatures: number | null;
  readonly referenceCells: number;
  /** C; null chooses it by cross-validation. */
  readonly penalty: number | null;
}

const ITERATIONS = 300;
const TOLERANCE = 1e-6;
/** The part of a training that the choice of C takes, about. */
const CHOICE = 0.85;

/**
 * Fits a linear classifier to the reference cells. The query is not looked at. C is chosen by threefold cross-validation
 * unless set. Each iteration of the fit is reported as a step with its loss. A checkpoint holds how far the choice of C has come;
 * the fit, which takes less, begins anew where training goes on, to the same bits.
 *
 * Softmax scores are probabilities as they are; scores of the squared hinge become probabilities by the sharpness that
 * fits the cells left out in the cross-validation best (1 where there was none).
 */
export async function trainLinear(
  methodId: string,
  loss: LinearLoss,
  pair: AlignedPair,
  settings: LinearSettings,
  { seed, signal, report, before, checkpoints }: TrainContext,
): Promise<TrainedModel> {
  throwIfCancelled(signal);
  const { features, labels } = pair;
  const K = labels.length;
  const places = await variableFeatures(pair, settings.variableFeatures, signal);
  const part = referencePart(pair.reference.label, K, settings.referenceCells, seed);
  const { input, shift } = chosenRows(pair.reference, places);
  const rows: LabelledRows = {
    matrix: await rowsAt(input, part),
    shift,
    label: Int32Array.from(part, (cell) => pair.reference.label[cell]!),
  };
  const tried = settings.penalty === null ? triedPenalties : [settings.penalty];
  const identity = runIdentity(pair, settings, seed);
  const stored = (await checkpoints?.load()) ?? null;
  let search = stored === null ? null : readSearch(methodId, identity, stored);
  const keep = async (): Promise<void> => checkpoints?.save(writeSearch(methodId, identity, search));
  const choice =
    tried.length > 1 || loss === 'squared-hinge'
      ? await choosePenalty(rows, K, loss, {
          ...{ tried, seed, signal, from: search },
          share: (share) => before?.(CHOICE * share, 'Choosing the penalty by cross-validation'),
          kept: (now) => {
            search = now;
            return keep();
          },
        })
      : null;
  const penalty = settings.penalty ?? choice!.penalty;

  const found = await minimise(linearObjective(rows, K, loss, penalty), linearStart(rows, K, loss), {
    iterations: ITERATIONS,
    tolerance: TOLERANCE,
    curvature: linearCurvature(rows, K, loss)(penalty),
    told: async (step, value, expected) => {
      report({ step, steps: ITERATIONS, expected, terms: { classification: value, total: value } });
      if (checkpoints !== undefined && step % checkpoints.every === 0) await keep();
      throwIfCancelled(signal);
      await tf.nextFrame();
    },
  });
  const notes: PreparationNote[] = [
    {
      step: 'train',
      severity: 'info',
      text: `Fitted to ${countText(part.length)} of ${countText(pair.reference.label.length)} reference cells and ${countText(places.length)} of ${countText(features.length)} features, C = ${penalty}${
        settings.penalty === null ? howChosen(choice!) : ''
      }.`,
    },
  ];
  return linearModel({
    methodId,
    labels,
    features,
    scores: {
      width: K,
      weights: spreadRows(found.x.subarray(0, places.length * K), places, features.length, K),
      bias: Float32Array.from(found.x.subarray(places.length * K)),
    },
    sharpness: loss === 'softmax' ? 1 : calibrationFactor(choice!.heldOut, choice!.label, K),
    penalty,
    steps: found.iterations,
    ended: found.converged ? 'early-stop' : 'all-steps',
    notes,
    settings: { ...settings, seed },
  });
}

/** Where C comes from that nobody set, for the note. */
function howChosen({ heldOut }: PenaltyChoice): string {
  return heldOut.length === 0
    ? ': one label or fewer than six cells leave nothing to choose it by'
    : ', chosen by threefold cross-validation in the reference';
}
