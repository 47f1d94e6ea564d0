import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import type { AlignedPair, NetworkRows } from '../../data/aligned-pair.ts';
import { blocksOf } from '../../data/sparse-rows.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import type { Method, NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { requireColumns, softmaxRows } from './affine-rows.ts';
import { chosenRows, variableFeatures } from './chosen-features.ts';
import {
  recommendedFeatures,
  simplePreparation,
  simpleScenarios,
  transformSetting,
  variableFeaturesSetting,
} from './simple-settings.ts';

const settings = z.strictObject({ transform: transformSetting, variableFeatures: variableFeaturesSetting });
type Settings = z.output<typeof settings>;

const id = 'nearest-centroid';
const KIND = `${id}-model-1`;
/** Correlations are multiplied by it before the sharpness is fitted, whose range is meant for logits. */
const LOGITS_PER_CORRELATION = 10;
/** Rows between two turns of the event loop. */
const ROWS_PER_TURN = 2048;

interface Data {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** Features that are looked at, rising. */
  readonly places: Int32Array;
  /** [places, labels] profile of each label, mean 0 and length 1 over the places; all 0 for a label without spread */
  readonly profiles: Float32Array;
  /** β of softmax(β·correlation). */
  readonly sharpness: number;
  readonly settings: unknown;
}

/**
 * The label whose mean reference cell correlates best with the cell (Pearson). Confidence is softmax(β·correlation) with the
 * β that fits the labels of the reference cells.
 */
export const nearestCentroid: Method<Settings> = {
  id,
  group: 'simple',
  title: 'Nearest centroid',
  summary: 'Takes the label whose average reference cell correlates best with the cell; every label counts alike.',
  source: {
    citation: 'Tibshirani et al. 2002, PNAS, without shrinkage; correlation as in scmap (Kiselev et al. 2018)',
    link: 'https://doi.org/10.1073/pnas.082099299',
    differences:
      'Pearson correlation of scaled values; correlations become confidences by the sharpness that fits the reference.',
  },
  scenarios: simpleScenarios,
  settings,
  preset: recommendedFeatures,
  presets: {},
  preparation: simplePreparation,
  async train(pair, settings, { seed, signal }) {
    throwIfCancelled(signal);
    const places = await variableFeatures(pair, settings.variableFeatures, signal);
    const rows = chosenRows(pair.reference, places);
    const profiles = await labelProfiles(rows, pair.reference.label, pair.labels.length, signal);
    const found = await correlations(rows, profiles, pair.labels.length, signal);
    const sharpness =
      LOGITS_PER_CORRELATION *
      calibrationFactor(
        found.map((r) => LOGITS_PER_CORRELATION * r),
        pair.reference.label,
        pair.labels.length,
      );
    return model({ ...named(pair), places, profiles, sharpness, settings: { ...settings, seed } });
  },
  restore,
};

function named({ labels, features }: AlignedPair): Pick<Data, 'labels' | 'features'> {
  return { labels, features };
}

/** Mean row of each label, brought to mean 0 and length 1: [features, labels]. */
async function labelProfiles(
  { input, shift }: NetworkRows,
  label: Int32Array,
  labels: number,
  signal: CancelSignal | undefined,
): Promise<Float32Array> {
  const features = input.columns;
  const sums = new Float64Array(features * labels);
  const cells = new Float64Array(labels);
  for await (const { from, matrix } of blocksOf(input, signal)) {
    for (let row = 0; row < matrix.rows; row++) {
      const k = label[from + row]!;
      cells[k]!++;
      for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
        sums[matrix.indices[p]! * labels + k]! += matrix.values[p]!;
      }
    }
  }
  const out = new Float32Array(features * labels);
  for (let k = 0; k < labels; k++) {
    const profile = Float64Array.from(
      { length: features },
      (_, j) => sums[j * labels + k]! / Math.max(cells[k]!, 1) + (shift?.[j] ?? 0),
    );
    const mean = profile.reduce((sum, x) => sum + x, 0) / features;
    const length = Math.sqrt(profile.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    if (length > 0 && cells[k]! > 0) profile.forEach((x, j) => (out[j * labels + k] = (x - mean) / length));
  }
  return out;
}

/** Pearson correlation of each row with each profile: [rows, labels]; 0 for a row without spread. */
async function correlations(
  { input, shift }: NetworkRows,
  profiles: Float32Array,
  labels: number,
  signal: CancelSignal | undefined,
): Promise<Float32Array> {
  const features = input.columns;
  const out = new Float32Array(input.rows * labels);
  const start = new Float64Array(labels);
  let [shiftSum, shiftSquares] = [0, 0];
  shift?.forEach((by, j) => {
    shiftSum += by;
    shiftSquares += by * by;
    for (let k = 0; k < labels; k++) start[k]! += by * profiles[j * labels + k]!;
  });
  for await (const { from, matrix } of blocksOf(input, signal)) {
    for (let row = 0; row < matrix.rows; row++) {
      const score = start.slice();
      let [sum, squares] = [shiftSum, shiftSquares];
      for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
        const j = matrix.indices[p]!;
        const value = matrix.values[p]!;
        sum += value;
        squares += value * (value + 2 * (shift?.[j] ?? 0));
        for (let k = 0; k < labels; k++) score[k]! += value * profiles[j * labels + k]!;
      }
      const spread = squares - (sum * sum) / features;
      const length = spread > 1e-12 * squares ? Math.sqrt(spread) : Infinity;
      for (let k = 0; k < labels; k++) out[(from + row) * labels + k] = score[k]! / length;
      if (row % ROWS_PER_TURN === ROWS_PER_TURN - 1) {
        throwIfCancelled(signal);
        await tf.nextFrame();
      }
    }
  }
  return out;
}

function model(data: Data): TrainedModel {
  const { labels, features, places, profiles, sharpness } = data;
  return {
    methodId: id,
    labels,
    features,
    steps: 0,
    ended: 'all-steps',
    affine: null,
    async apply(rows, signal) {
      requireColumns(rows, features.length);
      const scores = await correlations(chosenRows(rows, places), profiles, labels.length, signal);
      const probabilities = softmaxRows(scores, labels.length, sharpness);
      return { width: labels.length, embedding: scores, probabilities, scores };
    },
    save: () => saved(data),
    dispose: () => undefined,
  };
}

const Description = z.strictObject({ ...savedModelFields, looked: z.int().min(1), sharpness: z.number() });

function saved({ labels, features, places, profiles, sharpness, settings }: Data): NamedArrays {
  return {
    kind: KIND,
    description: { labels, features, steps: 0, ended: 'all-steps', settings, looked: places.length, sharpness },
    arrays: {
      places: { shape: [places.length], values: places },
      profiles: { shape: [places.length, labels.length], values: profiles },
    },
  };
}

function restore(stored: NamedArrays): TrainedModel {
  const { description, floats, integers } = readSavedModel(stored, KIND, Description);
  const { labels, features, looked, sharpness, settings } = description;
  return model({
    labels,
    features,
    settings,
    sharpness,
    places: integers('places', looked),
    profiles: floats('profiles', looked * labels.length),
  });
}
