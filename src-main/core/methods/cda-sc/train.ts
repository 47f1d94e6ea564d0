import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair, NetworkRows } from '../../data/aligned-pair.ts';
import { isInMemory, selectRows } from '../../data/sparse-rows.ts';
import { calibrationFactor } from '../../train/calibration.ts';
import { chosenColumns } from '../../train/chosen-columns.ts';
import { batchPart, csrBatch } from '../../train/csr-batch.ts';
import { reversalStrength } from '../../train/gradient-reversal.ts';
import { likeliest, macroF1, splitByLabel } from '../../train/hold-out.ts';
import type { TrainContext, TrainedModel } from '../../train/method.ts';
import { ReadAhead } from '../../train/read-ahead.ts';
import {
  readRunCheckpoint,
  runIdentity,
  type RunIdentity,
  type RunProgress,
  writeRunCheckpoint,
} from '../../train/run-checkpoint.ts';
import { type Trainee, trainLoop } from '../../train/train-loop.ts';
import { dispersedFeatures } from './dispersion.ts';
import { cdaScModel, type CdaScModelData } from './model.ts';
import { foldedLayers, initialArrays } from './network.ts';
import { peaksNote } from './peaks-note.ts';
import type { CdaScSettings } from './settings.ts';
import { stateGroups, type Stepper, stepperFor } from './stepper.ts';
import type { StepBatch } from './training-step.ts';

export const CHECKPOINT_KIND = 'cda-sc-checkpoint-1';

/** Strength of the reversal from which on the held-out cells can end training. */
const REVERSAL_GROWN = 0.9;

/** Cells on each side that batch norm needs. */
const NEEDED = 2;

/**
 * Trains CDA-SC on a prepared pair. The same pair, settings, seed and engine give the same bits, also when training was
 * interrupted and goes on from a checkpoint. Ends with `Cancelled` when the signal is aborted.
 */
export async function trainCdaSc(
  pair: AlignedPair,
  settings: CdaScSettings,
  context: TrainContext,
): Promise<TrainedModel> {
  for (const side of ['reference', 'query'] as const) {
    const cells = pair[side].input.rows;
    if (cells < NEEDED) throw new AppError('training.too-few-cells', { side, cells, needed: NEEDED });
  }
  const { seed, signal } = context;
  const sides =
    settings.transform === 'lognorm'
      ? ([pair.reference.input, pair.query.input] as const)
      : ([pair.reference.counts, pair.query.counts] as const);
  const chosen = await dispersedFeatures(sides, settings.variableFeatures ?? Infinity, signal);
  const split = splitByLabel(pair.reference.label, settings.validationShare, Random.forPurpose(seed, 'held-out'));

  const identity = runIdentity(pair, settings, seed);
  const stored = (await context.checkpoints?.load()) ?? null;
  const start =
    stored === null
      ? freshStart(chosen.length, pair.labels.length, settings, seed)
      : readRunCheckpoint(CHECKPOINT_KIND, identity, stored, Watch);
  const run = new Run(pair, settings, { identity, chosen, split, start, signal });
  try {
    const end = await trainLoop(run, context);
    const note = peaksNote(pair.features);
    const notes = note === null ? [] : [note];
    const data = { ...(await run.modelData()), ...end, notes, settings: { ...settings, seed } };
    return cdaScModel(settings.calibration ? await calibrated(data, pair, split.heldOut, signal) : data);
  } finally {
    run.dispose();
  }
}

/** How well the held-out cells were labelled so far. */
const Watch = z.strictObject({ best: z.number().nullable(), since: z.int().min(0), last: z.number().nullable() });
type Watch = z.output<typeof Watch>;

function freshStart(features: number, labels: number, settings: CdaScSettings, seed: number): RunProgress<Watch> {
  return {
    done: 0,
    state: initialArrays(features, labels, settings, seed),
    random: Random.forPurpose(seed, 'batches'),
    more: { best: null, since: 0, last: null },
  };
}

interface RunParts {
  readonly identity: RunIdentity;
  readonly chosen: Int32Array;
  readonly split: ReturnType<typeof splitByLabel>;
  readonly start: RunProgress<Watch>;
  readonly signal: CancelSignal | undefined;
}

/** One training run: owns the state between two steps. */
class Run implements Trainee {
  readonly done: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly #pair: AlignedPair;
  readonly #settings: CdaScSettings;
  readonly #parts: RunParts;
  readonly #batches: ReadAhead<StepBatch>;
  readonly #stepsPerPass: number;
  readonly #stepper: Stepper;
  #watch: Watch;

  constructor(pair: AlignedPair, settings: CdaScSettings, parts: RunParts) {
    const { training } = parts.split;
    const [reference, query] = [chosenColumns(pair.reference, parts.chosen), chosenColumns(pair.query, parts.chosen)];
    const sources = Math.min(settings.batchSize, training.length);
    const targets = Math.min(settings.batchSize, query.input.rows);
    const draw = async (random: Random): Promise<StepBatch> => {
      const sourceRows = random.sample(training.length, sources).map((place) => training[place]!);
      const targetRows = random.sample(query.input.rows, targets);
      const labels = sourceRows.map((row) => pair.reference.label[row]!);
      return {
        cells: csrBatch(await Promise.all([batchPart(reference, sourceRows), batchPart(query, targetRows)])),
        labels,
      };
    };
    const stored = !(isInMemory(reference.input) && isInMemory(query.input));
    this.#batches = new ReadAhead(draw, parts.start.random, stored);
    this.#stepsPerPass = Math.ceil(Math.max(training.length / sources, query.input.rows / targets));
    this.steps = Math.min(settings.maxSteps, settings.passes * this.#stepsPerPass);
    this.done = parts.start.done;
    this.learningRate = settings.learningRate;
    this.#pair = pair;
    this.#settings = settings;
    this.#parts = parts;
    this.#watch = parts.start.more;
    this.#stepper = stepperFor(parts.start.state, settings);
  }

  async step(step: number): ReturnType<Trainee['step']> {
    const settings = this.#settings;
    const progress = step / this.steps;
    const grown = reversalStrength(progress);
    const reversal = settings.adversarialStrength * grown;
    const batch = await this.#batches.next(step + 1 === this.steps);
    const { terms, pseudoLabelled } = await this.#stepper.step(batch, {
      step,
      reversal,
      pseudoLabels: settings.pseudoLabels && settings.contrastiveWeight > 0 && progress >= settings.pseudoLabelWarmUp,
    });
    if ((step + 1) % this.#stepsPerPass === 0) await this.#look(grown > REVERSAL_GROWN);
    const { last } = this.#watch;
    return {
      terms,
      measures: { reversal, pseudoLabelled, ...(last === null ? {} : { heldOutMacroF1: last }) },
    };
  }

  /** Labels the held-out cells as the network stands. @param counts whether what is found can end training */
  async #look(counts: boolean): Promise<void> {
    const { heldOut } = this.#parts.split;
    if (heldOut.length === 0 || this.#settings.patience === null) return;
    const labels = this.#pair.labels.length;
    const { probabilities } = await (
      await this.networkNow()
    ).apply(rowsOf(this.#pair.reference, heldOut), this.#parts.signal);
    const predicted = likeliest(probabilities, labels);
    const last = macroF1(
      predicted,
      heldOut.map((row) => this.#pair.reference.label[row]!),
      labels,
    );
    const { best, since } = this.#watch;
    if (!counts) this.#watch = { best, since, last };
    else if (best === null || last > best) this.#watch = { best: last, since: 0, last };
    else this.#watch = { best, since: since + 1, last };
  }

  async networkNow(): Promise<TrainedModel> {
    return cdaScModel({ ...(await this.modelData()), steps: 0, ended: 'all-steps', notes: [], settings: null });
  }

  finished(): boolean {
    return this.#settings.patience !== null && this.#watch.since >= this.#settings.patience;
  }

  async checkpoint(done: number): ReturnType<Trainee['checkpoint']> {
    const progress = {
      done,
      state: await this.#stepper.state(stateGroups),
      random: this.#batches.random,
      more: this.#watch,
    };
    return writeRunCheckpoint(CHECKPOINT_KIND, this.#parts.identity, progress);
  }

  /** The network as it stands. */
  async modelData(): Promise<Omit<CdaScModelData, 'steps' | 'ended' | 'notes' | 'settings'>> {
    const state = await this.#stepper.state(['parameter', 'running']);
    return {
      labels: this.#pair.labels,
      features: this.#pair.features,
      chosen: this.#parts.chosen,
      layers: foldedLayers(state),
      classifier: state['parameter/classifier']!.values,
      classifierBias: state['parameter/classifierBias']!.values,
    };
  }

  dispose(): void {
    this.#stepper.dispose();
  }
}

/** The model with its logits scaled so that probabilities fit the held-out cells, or the whole reference where none are. */
async function calibrated(
  data: CdaScModelData,
  pair: AlignedPair,
  heldOut: Int32Array,
  signal: CancelSignal | undefined,
): Promise<CdaScModelData> {
  const rows = heldOut.length > 0 ? heldOut : Int32Array.from(pair.reference.label.keys());
  const { probabilities } = await cdaScModel(data).apply(rowsOf(pair.reference, rows), signal);
  const logits = probabilities.map((p) => Math.log(Math.max(p, 1e-30))); // logits up to a constant per row, which changes nothing
  const factor = calibrationFactor(
    logits,
    rows.map((row) => pair.reference.label[row]!),
    pair.labels.length,
  );
  const scaled = (values: Float32Array): Float32Array => values.map((value) => value * factor);
  return { ...data, classifier: scaled(data.classifier), classifierBias: scaled(data.classifierBias) };
}

function rowsOf({ input, shift }: NetworkRows, rows: Int32Array): NetworkRows {
  return { input: selectRows(input, rows), ...(shift === undefined ? {} : { shift }) };
}
