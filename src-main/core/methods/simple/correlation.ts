import { z } from 'zod';
import { throwIfCancelled } from '../../base/cancel.ts';
import type { NetworkRows } from '../../data/aligned-pair.ts';
import { takeColumns, takeRows } from '../../data/csr-matrix.ts';
import { blocksOf, selectRows } from '../../data/sparse-rows.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import type { Method, NamedArrays, TrainedModel } from '../../train/method.ts';
import { rankLabeller, type RankReference } from '../../train/rank-labeller.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { requireColumns, softmaxRows } from './affine-rows.ts';
import { pairwiseMarkers } from './label-markers.ts';
import { labelProfiles } from './label-profiles.ts';
import { referencePart } from './reference-part.ts';
import { meta, simplePreparation, simpleScenarios, transformSetting } from './simple-settings.ts';

const settings = z.strictObject({
  transform: transformSetting.default('lognorm'),
  markers: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('Features that tell each pair of labels apart, in either direction.')
    .meta(meta('Features per pair of labels', 'Input', false)),
});
type Settings = z.output<typeof settings>;

const id = 'correlation';
const KIND = `${id}-model-1`;
/** Scores are multiplied by it before the sharpness is fitted, whose range is meant for logits. */
const LOGITS_PER_CORRELATION = 10;
/** Reference cells whose scores set the sharpness of confidences. */
const CALIBRATED_ON = 1000;
/** Cells labelled at once: what lies on the library's heap stays small. */
const ROWS_AT_ONCE = 4096;

interface Data {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  /** Features that are ranked, rising. */
  readonly places: Int32Array;
  readonly reference: RankReference;
  readonly sharpness: number;
  readonly settings: unknown;
}

/**
 * SingleR: the label whose profiles correlate best with the cell (Spearman, upper quantile), decided again and again among
 * the best labels by the features that tell just those apart. The labels it is run on are those of the reference, in
 * profiles of groups of like cells. Confidence is softmax(β·score), β fitted to reference cells; where fine-tuning chose
 * another label than the one of highest score, the two exchange their values.
 */
export const correlation: Method<Settings> = {
  id,
  group: 'simple',
  title: 'Correlation with fine-tuning (SingleR)',
  summary:
    'Ranks the genes of each cell and of the reference and compares the ranks, again among labels that are close.',
  source: {
    citation: 'Aran et al. 2019, SingleR, Nature Immunology; computed by scran.js',
    link: 'https://doi.org/10.1038/s41590-018-0276-y',
    differences:
      'Markers by pairwise t-tests; cells of a label are grouped into as many profiles as the square root of their number.',
  },
  scenarios: simpleScenarios,
  settings,
  preset: () => ({}),
  presets: {},
  preparation: simplePreparation,
  async train(pair, settings, { seed, signal }) {
    throwIfCancelled(signal);
    const { labels, features, reference } = pair;
    const K = labels.length;
    const ranked = await pairwiseMarkers(reference.input, reference.label, K, settings.markers, signal);
    const places = Int32Array.from(new Set(ranked.flat())).sort();
    const columnOf = new Map(Array.from(places, (place, i) => [place, i] as const));
    const profiles = await labelProfiles(reference.input, reference.label, K, places, { seed, signal });
    const data: Data = {
      labels,
      features,
      places,
      reference: {
        profiles: profiles.values,
        features: places.length,
        label: profiles.label,
        labels: K,
        markers: ranked.map((found) => found.map((place) => columnOf.get(place)!)),
      },
      sharpness: LOGITS_PER_CORRELATION,
      settings: { ...settings, seed },
    };
    const part = referencePart(reference.label, K, CALIBRATED_ON, seed);
    const { scores } = await labelled(data, { input: selectRows(reference.input, part) }, signal);
    const factor = calibrationFactor(
      scores.map((score) => LOGITS_PER_CORRELATION * score),
      Int32Array.from(part, (cell) => reference.label[cell]!),
      K,
    );
    return model({ ...data, sharpness: LOGITS_PER_CORRELATION * factor });
  },
  restore,
};

function model(data: Data): TrainedModel {
  const { labels, features, sharpness } = data;
  return {
    methodId: id,
    labels,
    features,
    steps: 0,
    ended: 'all-steps',
    affine: null,
    async apply(rows, signal) {
      requireColumns(rows, features.length);
      const { scores } = await labelled(data, rows, signal);
      const probabilities = softmaxRows(scores, labels.length, sharpness);
      return { width: labels.length, embedding: scores, probabilities, scores };
    },
    save: () => saved(data),
    dispose: () => undefined,
  };
}

/** Scores of each row, [rows, labels]; that of the fine-tuned label is the largest. */
async function labelled(
  { places, reference }: Data,
  { input }: NetworkRows,
  signal: Parameters<TrainedModel['apply']>[1],
): Promise<{ scores: Float32Array }> {
  const K = reference.labels;
  const out = new Float32Array(input.rows * K);
  if (K === 1 || places.length === 0) return { scores: out };
  for await (const { from, matrix } of blocksOf(input, signal)) {
    for (let row = 0; row < matrix.rows; row += ROWS_AT_ONCE) {
      throwIfCancelled(signal);
      const count = Math.min(ROWS_AT_ONCE, matrix.rows - row);
      const some = takeColumns(
        takeRows(
          matrix,
          Int32Array.from({ length: count }, (_, i) => row + i),
        ),
        places,
      );
      const { predicted, scores } = await rankLabeller().label(reference, some);
      for (let i = 0; i < count; i++) exchange(scores.subarray(i * K, (i + 1) * K), predicted[i]!);
      out.set(scores, (from + row) * K);
    }
  }
  return { scores: out };
}

/** Gives the chosen label the largest score of the row, and the label that had it the chosen one's. */
function exchange(row: Float32Array, chosen: number): void {
  const best = row.indexOf(row.reduce((most, score) => Math.max(most, score), -Infinity));
  [row[best], row[chosen]] = [row[chosen]!, row[best]!];
}

const Description = z.strictObject({
  ...savedModelFields,
  sharpness: z.number(),
  ranked: z.int().min(0),
  profiles: z.int().min(1),
  markers: z.array(z.array(z.int().min(0))),
});

function saved({ labels, features, places, reference, sharpness, settings }: Data): NamedArrays {
  const [ranked, profiles] = [places.length, reference.label.length];
  const { markers } = reference;
  return {
    kind: KIND,
    description: {
      ...{ labels, features, steps: 0, ended: 'all-steps', settings },
      ...{ sharpness, ranked, profiles, markers },
    },
    arrays: {
      places: { shape: [ranked], values: places },
      profiles: { shape: [profiles, ranked], values: reference.profiles },
      profileLabel: { shape: [profiles], values: reference.label },
    },
  };
}

function restore(stored: NamedArrays): TrainedModel {
  const { description, floats, integers } = readSavedModel(stored, KIND, Description);
  const { labels, features, settings, sharpness, ranked, profiles, markers } = description;
  return model({
    labels,
    features,
    settings,
    sharpness,
    places: integers('places', ranked),
    reference: {
      profiles: floats('profiles', profiles * ranked),
      features: ranked,
      label: integers('profileLabel', profiles),
      labels: labels.length,
      markers,
    },
  });
}
