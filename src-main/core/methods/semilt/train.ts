import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { AlignedPair, NetworkRows } from '../../data/aligned-pair.ts';
import { isInMemory, rowsAt } from '../../data/sparse-rows.ts';
import type { CellEmbedding } from '../../data/study.ts';
import { batchPart, csrBatch } from '../../train/csr-batch.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { arraysOf, tensorsOf, under } from '../../train/network-arrays.ts';
import { affordableCells, type NetworkNow } from '../../train/onlooker.ts';
import { ReadAhead } from '../../train/read-ahead.ts';
import {
  readRunCheckpoint,
  runIdentity,
  type RunIdentity,
  type RunProgress,
  writeRunCheckpoint,
} from '../../train/run-checkpoint.ts';
import { type Trainee, trainLoop } from '../../train/train-loop.ts';
import { embeddedRows, semiLTModel } from './model.ts';
import { initialArrays, type SemiLTParameters } from './network.ts';
import { querySpace } from './query-space.ts';
import { equallySpaced, fittingSharpness, labelledCells } from './reference-cells.ts';
import type { SemiLTSettings } from './settings.ts';
import { type SemiLTState, type StepBatch, trainingStep } from './training-step.ts';

export const CHECKPOINT_KIND = 'semilt-checkpoint-1';

/** Cells on each side that a standard deviation needs. */
const NEEDED = 2;

/**
 * Trains SemiLT on a prepared pair. The same pair, settings, seed and engine give the same bits, also when training was
 * interrupted and goes on from a checkpoint. Ends with `Cancelled` when the signal is aborted.
 */
export async function trainSemiLT(
  pair: AlignedPair,
  settings: SemiLTSettings,
  context: TrainContext,
): Promise<TrainedModel> {
  for (const side of ['reference', 'query'] as const) {
    const cells = pair[side].input.rows;
    if (cells < NEEDED) throw new AppError('training.too-few-cells', { side, cells, needed: NEEDED });
  }
  const { seed, signal } = context;
  const { labels, features } = pair;
  const space = await querySpace(pair, seed, signal);
  const identity = runIdentity(pair, settings, seed);
  const stored = (await context.checkpoints?.load()) ?? null;
  const start: RunProgress<null> =
    stored === null
      ? {
          done: 0,
          state: initialArrays(features.length, settings.embeddingWidth, labels.length, seed),
          random: Random.forPurpose(seed, 'batches'),
          more: null,
        }
      : readRunCheckpoint(CHECKPOINT_KIND, identity, stored, z.null());
  const run = new Run(pair, settings, identity, space, start, signal);
  try {
    const end = await trainLoop(run, context);
    const encoder = await run.encoder();
    const embedding = await embeddedRows(encoder, pair.reference, signal);
    const data = {
      ...end,
      ...encoder,
      labels,
      features,
      reference: labelledCells(
        embedding,
        settings.embeddingWidth,
        pair.reference.label,
        labels.length,
        settings.referenceCells,
      ),
      scoring: { neighbours: settings.labelNeighbours, centroidShare: settings.centroidShare, sharpness: null },
      settings: { ...settings, seed },
    };
    if (!settings.calibration) return semiLTModel(data);
    return semiLTModel({ ...data, scoring: { ...data.scoring, sharpness: await fittingSharpness(data, signal) } });
  } finally {
    run.dispose();
  }
}

/** One training run: owns the state between two steps. */
class Run implements Trainee {
  readonly done: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly #pair: AlignedPair;
  readonly #settings: SemiLTSettings;
  readonly #signal: CancelSignal | undefined;
  #shown: ShownReference | null = null;
  readonly #identity: RunIdentity;
  readonly #batches: ReadAhead<StepBatch>;
  #state: SemiLTState;

  constructor(
    pair: AlignedPair,
    settings: SemiLTSettings,
    identity: RunIdentity,
    space: CellEmbedding,
    start: RunProgress<null>,
    signal: CancelSignal | undefined,
  ) {
    const { reference, query } = pair;
    this.#pair = pair;
    this.#signal = signal;
    const stored = !(isInMemory(reference.input) && isInMemory(query.input));
    this.#batches = new ReadAhead((random) => drawn(pair, settings, space, random), start.random, stored);
    this.#settings = settings;
    this.#identity = identity;
    this.#state = tensorsOf(start.state);
    const stepsPerEpoch = Math.max(1, Math.floor(query.input.rows / settings.batchSize));
    this.steps = Math.max(settings.leastSteps, settings.epochs * stepsPerEpoch);
    this.done = start.done;
    this.learningRate = settings.learningRate;
  }

  async step(step: number): ReturnType<Trainee['step']> {
    const batch = await this.#batches.next(step + 1 === this.steps);
    const before = this.#state;
    const { state, terms, measures } = await trainingStep(before, batch, this.#settings, step);
    tf.dispose(before as Record<string, tf.Tensor>);
    this.#state = state;
    return { terms, measures };
  }

  finished(): boolean {
    return false;
  }

  async checkpoint(done: number): ReturnType<Trainee['checkpoint']> {
    const progress = { done, state: await arraysOf(this.#state), random: this.#batches.random, more: null };
    return writeRunCheckpoint(CHECKPOINT_KIND, this.#identity, progress);
  }

  async encoder(): Promise<{ encoder: Float32Array; encoderBias: Float32Array }> {
    const { encoder, encoderBias } = under(this.#state, 'parameter') as SemiLTParameters;
    return { encoder: await encoder.data<'float32'>(), encoderBias: await encoderBias.data<'float32'>() };
  }

  /** Labels as the trained model gives them, from some of the reference cells; confidences before calibration. */
  async networkNow(): Promise<NetworkNow> {
    const { reference, labels, features } = this.#pair;
    const settings = this.#settings;
    this.#shown ??= await shownReference(this.#pair);
    const encoder = await this.encoder();
    const embedding = await embeddedRows(encoder, this.#shown.rows, this.#signal);
    const label = this.#shown.places.map((place) => reference.label[place]!);
    const data = { ...encoder, labels, features, steps: 0, ended: 'all-steps' as const, settings: null };
    const { embeddingWidth, labelNeighbours, centroidShare } = settings;
    const { apply } = semiLTModel({
      ...data,
      reference: labelledCells(embedding, embeddingWidth, label, labels.length, settings.referenceCells),
      scoring: { neighbours: labelNeighbours, centroidShare, sharpness: null },
    });
    return { labels, apply, cells: affordableCells(this.steps, settings.batchSize) };
  }

  dispose(): void {
    tf.dispose(this.#state as Record<string, tf.Tensor>);
  }
}

/** Reference cells that those who look at the network see query cells compared with: every label by its share. */
interface ShownReference {
  readonly places: Int32Array;
  readonly rows: NetworkRows;
}
const SHOWN_REFERENCE = 500;

async function shownReference({ reference }: AlignedPair): Promise<ShownReference> {
  const byLabel = Int32Array.from(reference.label.keys()).sort(
    (a, b) => reference.label[a]! - reference.label[b]! || a - b,
  );
  const first = byLabel.filter((row, i) => i === 0 || reference.label[byLabel[i - 1]!] !== reference.label[row]);
  const spread = equallySpaced(byLabel.length, SHOWN_REFERENCE).map((i) => byLabel[i]!);
  const places = Int32Array.from(new Set([...first, ...spread])).sort();
  return { places, rows: { ...reference, input: await rowsAt(reference.input, places) } };
}

/** The cells of one step: of each study as many as a batch has, or as many as there are. */
async function drawn(
  { reference, query }: AlignedPair,
  { batchSize, replacement }: SemiLTSettings,
  space: CellEmbedding,
  random: Random,
): Promise<StepBatch> {
  const rowsOf = (cells: number): Int32Array =>
    replacement
      ? Int32Array.from({ length: batchSize }, () => random.below(cells))
      : random.sample(cells, Math.min(batchSize, cells));
  const referenceRows = rowsOf(reference.input.rows);
  const queryRows = rowsOf(query.input.rows);
  const values = new Float32Array(queryRows.length * space.width);
  queryRows.forEach((row, i) => {
    values.set(space.values.subarray(row * space.width, (row + 1) * space.width), i * space.width);
  });
  return {
    cells: csrBatch(await Promise.all([batchPart(reference, referenceRows), batchPart(query, queryRows)])),
    labels: referenceRows.map((row) => reference.label[row]!),
    space: { width: space.width, values },
  };
}
