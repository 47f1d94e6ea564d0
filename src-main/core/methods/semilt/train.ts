import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import { isInMemory } from '../../data/sparse-rows.ts';
import type { CellEmbedding } from '../../data/study.ts';
import { batchPart, csrBatch } from '../../train/csr-batch.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { arraysOf, tensorsOf } from '../../train/network-arrays.ts';
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
import { initialArrays } from './network.ts';
import { querySpace } from './query-space.ts';
import { fittingSharpness, labelledCells } from './reference-cells.ts';
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
  const run = new Run(pair, settings, identity, space, start);
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
  readonly #settings: SemiLTSettings;
  readonly #identity: RunIdentity;
  readonly #batches: ReadAhead<StepBatch>;
  #state: SemiLTState;

  constructor(
    pair: AlignedPair,
    settings: SemiLTSettings,
    identity: RunIdentity,
    space: CellEmbedding,
    start: RunProgress<null>,
  ) {
    const { reference, query } = pair;
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
    const state = await arraysOf(this.#state);
    return {
      encoder: state['parameter/encoder']!.values,
      encoderBias: state['parameter/encoderBias']!.values,
    };
  }

  dispose(): void {
    tf.dispose(this.#state as Record<string, tf.Tensor>);
  }
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
