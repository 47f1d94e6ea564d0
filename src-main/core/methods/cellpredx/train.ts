import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import { EARLY_STOP_EVERY, looked, notStopped, shouldStop } from '../../train/early-stop.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { type Trainee, trainLoop } from '../../train/train-loop.ts';
import { Batches } from './batches.ts';
import { type Progress, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { cellPredXModel, type CellPredXModelData } from './model.ts';
import { initialArrays } from './network.ts';
import type { CellPredXSettings } from './settings.ts';
import { type Stepper, stepperFor } from './stepper.ts';

/**
 * Trains CellPredX on a prepared pair. The same pair, settings, seed and engine give the same bits, also when training was
 * interrupted and goes on from a checkpoint. Ends with `Cancelled` when the signal is aborted.
 */
export async function trainCellPredX(
  pair: AlignedPair,
  settings: CellPredXSettings,
  context: TrainContext,
): Promise<TrainedModel> {
  requireCells(pair);
  requireTerm(settings);
  const stored = (await context.checkpoints?.load()) ?? null;
  const start =
    stored === null ? freshStart(pair, settings, context.seed) : readCheckpoint(stored, pair, settings, context.seed);
  const run = new Run(pair, settings, context.seed, start);
  try {
    const end = await trainLoop(run, context);
    const trained = {
      ...end,
      width: settings.embeddingWidth,
      labels: pair.labels,
      features: pair.features,
      settings: { ...settings, seed: context.seed },
      ...(await run.affine()),
    };
    return cellPredXModel(settings.calibration ? await calibrated(trained, pair, context) : trained);
  } finally {
    run.dispose();
  }
}

/** The model with its logits scaled so that probabilities fit the labels of the reference; embeddings stay. */
async function calibrated(
  data: CellPredXModelData,
  pair: AlignedPair,
  context: TrainContext,
): Promise<CellPredXModelData> {
  const { embedding } = await cellPredXModel(data).apply(pair.reference, context.signal);
  const factor = calibrationFactor(logitsOf(data, embedding), pair.reference.label, pair.labels.length);
  const scaled = (values: Float32Array): Float32Array => values.map((value) => value * factor);
  return { ...data, classifier: scaled(data.classifier), classifierBias: scaled(data.classifierBias) };
}

/** u = z·C + c: [cells, labels]. */
function logitsOf({ width, classifier, classifierBias }: CellPredXModelData, embedding: Float32Array): Float32Array {
  const labels = classifierBias.length;
  const cells = embedding.length / width;
  const logits = new Float32Array(cells * labels);
  for (let cell = 0; cell < cells; cell++) {
    for (let k = 0; k < labels; k++) {
      let sum = classifierBias[k]!;
      for (let j = 0; j < width; j++) sum += embedding[cell * width + j]! * classifier[j * labels + k]!;
      logits[cell * labels + k] = sum;
    }
  }
  return logits;
}

/** Smallest number of cells on either side: a covariance needs two. */
const NEEDED = 2;

function requireCells(pair: AlignedPair): void {
  for (const side of ['reference', 'query'] as const) {
    const cells = pair[side].input.rows;
    if (cells < NEEDED) throw new AppError('training.too-few-cells', { side, cells, needed: NEEDED });
  }
}

/** With every term of the embedding off there is nothing to take a derivative of. */
function requireTerm(settings: CellPredXSettings): void {
  const weights = ['classification', 'projection', 'contrastive', 'alignment', 'sparseCentre'] as const;
  if (weights.some((term) => settings[`${term}Weight`] > 0)) return;
  throw new AppError('training.setting-out-of-range', {
    method: 'CellPredX',
    setting: 'classificationWeight',
    value: '0',
    allowed: 'a number above 0 where all other terms of the embedding are off',
  });
}

function freshStart(pair: AlignedPair, settings: CellPredXSettings, seed: number): Progress {
  const sizes = { features: pair.features.length, labels: pair.labels.length };
  return {
    done: 0,
    state: initialArrays(sizes, settings, seed),
    random: Random.forPurpose(seed, 'batches'),
    earlyStop: notStopped,
  };
}

/** One training run: owns the state between two steps. */
class Run implements Trainee {
  readonly done: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly #pair: AlignedPair;
  readonly #settings: CellPredXSettings;
  readonly #seed: number;
  readonly #batches: Batches;
  readonly #stepper: Stepper;
  #progress: Omit<Progress, 'state'>;

  constructor(pair: AlignedPair, settings: CellPredXSettings, seed: number, start: Progress) {
    this.#pair = pair;
    this.#settings = settings;
    this.#seed = seed;
    this.#stepper = stepperFor(start.state, settings);
    this.#batches = new Batches(pair, settings, start.random, (cells) => this.#stepper.fetch(cells));
    this.#progress = start;
    this.done = start.done;
    this.steps = settings.steps;
    this.learningRate = settings.learningRate;
  }

  async step(step: number): ReturnType<Trainee['step']> {
    const report = await this.#stepper.step(await this.#batches.next(step + 1 === this.steps), step);
    const sparse = report.terms['sparseCentre'];
    if (this.#settings.earlyStop && sparse !== undefined && (step + 1) % EARLY_STOP_EVERY === 0) {
      this.#progress = { ...this.#progress, earlyStop: looked(this.#progress.earlyStop, sparse) };
    }
    return report;
  }

  finished(): boolean {
    return this.#settings.earlyStop && shouldStop(this.#progress.earlyStop);
  }

  async checkpoint(done: number): ReturnType<Trainee['checkpoint']> {
    const progress = { ...this.#progress, random: this.#batches.random, state: await this.#stepper.state(), done };
    return writeCheckpoint(progress, this.#pair, this.#settings, this.#seed);
  }

  async networkNow(): Promise<TrainedModel> {
    const { labels, features } = this.#pair;
    const width = this.#settings.embeddingWidth;
    return cellPredXModel({
      steps: 0,
      ended: 'all-steps',
      width,
      labels,
      features,
      settings: null,
      ...(await this.affine()),
    });
  }

  async affine(): Promise<Record<'encoder' | 'encoderBias' | 'classifier' | 'classifierBias', Float32Array>> {
    const state = await this.#stepper.state();
    const values = (name: string): Float32Array => state[`parameter/${name}`]!.values;
    return {
      encoder: values('encoder'),
      encoderBias: values('encoderBias'),
      classifier: values('classifier'),
      classifierBias: values('classifierBias'),
    };
  }

  dispose(): void {
    this.#stepper.dispose();
  }
}
