import { countText } from '../../base/count-text.ts';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { CancelSignal } from '../../base/cancel.ts';
import { Random } from '../../base/random.ts';
import type { NetworkRows, PreparationNote } from '../../data/aligned-pair.ts';
import { isInMemory, selectRows } from '../../data/sparse-rows.ts';
import { batchPart } from '../../train/csr-batch.ts';
import { likeliest, macroF1, type splitByLabel } from '../../train/hold-out.ts';
import {
  arraysOf,
  named,
  type NetworkArrays,
  parametersWithMoments,
  tensorsOf,
  under,
} from '../../train/network-arrays.ts';
import { affordableCells, type NetworkNow } from '../../train/onlooker.ts';
import { ReadAhead } from '../../train/read-ahead.ts';
import { type RunIdentity, type RunProgress, writeRunCheckpoint } from '../../train/run-checkpoint.ts';
import { balancedRows } from '../../train/sampler.ts';
import type { Trainee } from '../../train/train-loop.ts';
import { type Anchors, chooseAnchors } from './anchors.ts';
import { type Entrance, type NetworkOfModel, seen } from './apply-network.ts';
import { labelShares } from './label-shares.ts';
import { kidaModel } from './model.ts';
import type { KidaSettings } from './settings.ts';
import { tokenBatch } from './token-batch.ts';
import { type KidaState, scheduledRate, type StepBatch, trainingStep } from './training-step.ts';

export const CHECKPOINT_KIND = 'kida-checkpoint-1';

/** What a checkpoint holds beside weights; the teacher of the second round lies among its arrays. */
export const Watch = z.strictObject({
  heldOutMacroF1: z.number().nullable(),
  /** How strongly the shares of the labels count since the end of the first round; null before and where they do not. */
  shareStrength: z.number().nullable(),
});
export type Watch = z.output<typeof Watch>;

/** Anchors of a predicted label without which clusters of it say nothing. */
const FEWEST_ANCHORS = 3;

/** Cells that a balanced reference has at most. Source: KIDA's released code. */
const MOST_BALANCED = 2_000_000;

export interface RunParts {
  readonly network: Omit<NetworkOfModel, 'parameters'>;
  /** Rows as they enter the network. */
  readonly reference: NetworkRows;
  readonly query: NetworkRows;
  /** [reference rows] */
  readonly label: Int32Array;
  readonly labels: number;
  /** For those who look at the network: names of the labels, and how rows of the query enter it. */
  readonly shown: { readonly labels: readonly string[]; readonly entrance: Entrance };
  readonly split: ReturnType<typeof splitByLabel>;
  readonly settings: KidaSettings;
  readonly seed: number;
  readonly identity: RunIdentity;
  readonly start: RunProgress<Watch>;
  /** The student that begins afresh. */
  studentStart(): NetworkArrays;
  readonly signal: CancelSignal | undefined;
}

/** What the second round works on. */
interface Second {
  readonly teacher: NetworkArrays;
  readonly anchors: Anchors;
  /** [anchors, labels] */
  readonly logits: Float32Array;
  readonly clustered: boolean;
}

/** One training run, both rounds: owns the state between two steps. */
export class KidaRun implements Trainee {
  readonly done: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly #parts: RunParts;
  readonly #teacherSteps: number;
  readonly #stepsPerPass: { readonly teacher: number; readonly student: number };
  #batches: ReadAhead<StepBatch>;
  #state: KidaState;
  #second: Second | null = null;
  #heldOutF1: number | null;
  #shareStrength: number | null;
  /** [training rows] */
  readonly #trained: Int32Array;

  constructor(parts: RunParts) {
    const { settings, split, label, labels, query, start } = parts;
    this.#trained = split.training.map((row) => label[row]!);
    this.#heldOutF1 = start.more.heldOutMacroF1;
    this.#shareStrength = start.more.shareStrength;
    const teacherPass = Math.ceil(cellsPerPass(this.#trained, labels, settings.balance) / settings.batchSize);
    const studentPass = Math.ceil((settings.anchorShare * query.input.rows) / settings.batchSize);
    this.#stepsPerPass = { teacher: teacherPass, student: Math.max(1, studentPass) };
    const asked = Math.max(settings.minTeacherSteps, settings.teacherPasses * teacherPass);
    this.#teacherSteps = Math.min(settings.maxTeacherSteps, asked);
    const second = settings.secondRound && query.input.rows >= settings.studentFrom;
    const studentSteps = Math.min(settings.maxStudentSteps, settings.studentPasses * this.#stepsPerPass.student);
    this.steps = this.#teacherSteps + (second ? studentSteps : 0);
    this.done = start.done;
    this.learningRate = settings.learningRate;
    this.#parts = parts;
    this.#state = tensorsOf(stateOf(start.state));
    this.#batches = this.#drawing(start.random, start.done > this.#teacherSteps);
  }

  /** To be awaited before the first step: finds the anchors again where training goes on in the second round. */
  async ready(): Promise<void> {
    const teacher = under(this.#parts.start.state, 'teacher');
    if (Object.keys(teacher).length > 0) this.#second = await this.#secondOf(teacher);
  }

  async step(step: number): ReturnType<Trainee['step']> {
    if (step === this.#teacherSteps) await this.#beginSecond();
    const { settings, network } = this.#parts;
    const student = step >= this.#teacherSteps;
    const within = student ? step - this.#teacherSteps : step;
    const stepsPerPass = student ? this.#stepsPerPass.student : this.#stepsPerPass.teacher;
    const planned = student ? this.steps - this.#teacherSteps : this.#teacherSteps;
    const passes = Math.ceil(planned / stepsPerPass); // fewer than asked for where the steps are limited
    const learningRate = scheduledRate(settings, Math.floor(within / stepsPerPass), passes);
    const batch = await this.#batches.next(step + 1 === this.#teacherSteps || step + 1 === this.steps);
    const before = this.#state;
    const next = trainingStep(before, batch, network.shape, settings, { step: within, learningRate });
    tf.dispose(before as Record<string, tf.Tensor>);
    this.#state = next.state;
    const values = await next.terms.data<'float32'>();
    next.terms.dispose();
    const last = step + 1 === this.#teacherSteps;
    if (!student && ((step + 1) % stepsPerPass === 0 || last)) await this.#look(last);
    return {
      terms: Object.fromEntries(next.names.map((name, i) => [name, values[i]!])),
      measures: {
        round: student ? 2 : 1,
        ...(this.#heldOutF1 === null ? {} : { heldOutMacroF1: this.#heldOutF1 }),
        ...(this.#second === null ? {} : { anchors: this.#second.anchors.rows.length }),
      },
    };
  }

  finished(): boolean {
    return false;
  }

  async checkpoint(done: number): ReturnType<Trainee['checkpoint']> {
    const teacher = this.#second === null ? {} : named('teacher', this.#second.teacher);
    const state = { ...(await arraysOf(this.#state)), ...teacher };
    const progress = { done, state, random: this.#batches.random, more: this.#watched() };
    return writeRunCheckpoint(CHECKPOINT_KIND, this.#parts.identity, progress);
  }

  #watched(): Watch {
    return { heldOutMacroF1: this.#heldOutF1, shareStrength: this.#shareStrength };
  }

  /** The weights as they stand. */
  async parameters(): Promise<NetworkArrays> {
    const weights = Object.entries(this.#state).filter(([name]) => name.startsWith('parameter/'));
    return under(await arraysOf(Object.fromEntries(weights)), 'parameter');
  }

  /** In the second round it is the student, which labels the query in the end. */
  async networkNow(): Promise<NetworkNow> {
    const { network, shown, settings } = this.#parts;
    const { labels, apply } = kidaModel({
      ...{ ...network, ...shown.entrance, labels: shown.labels, parameters: await this.parameters() },
      ...{ steps: 0, ended: 'all-steps', notes: [], settings: null },
    });
    return { labels, apply, cells: affordableCells(this.steps, settings.batchSize) };
  }

  /** What a person should know of the rounds. */
  notes(): PreparationNote[] {
    const counted = this.#shareStrength;
    if (counted === null) return this.#notesOfRounds();
    const text = `All labels were drawn equally often; their shares in the reference were then counted with strength ${counted}, which labels its held-out cells best.`;
    return [{ step: 'train', severity: 'info', text }, ...this.#notesOfRounds()];
  }

  #notesOfRounds(): PreparationNote[] {
    const { settings, query } = this.#parts;
    const info = (text: string): PreparationNote[] => [{ step: 'train', severity: 'info', text }];
    if (!settings.secondRound) return info('The second round was left out (KI): the teacher labelled the query.');
    if (this.#second === null) {
      return info(
        `The second round was left out: the query has ${query.input.rows} cells, and it is done from ${settings.studentFrom}.`,
      );
    }
    const { anchors, clustered } = this.#second;
    const predicted = anchors.perLabel.filter((count) => count > 0).length;
    const without = clustered ? '' : ' The adaptive clustering was left out: a label has too few of them.';
    return info(
      `The student learned from ${countText(anchors.rows.length)} query cells of ${predicted} labels.${without}`,
    );
  }

  dispose(): void {
    tf.dispose(this.#state as Record<string, tf.Tensor>);
  }

  async #beginSecond(): Promise<void> {
    if (this.#second !== null) return;
    const { settings, seed } = this.#parts;
    const teacher = await this.parameters();
    this.#second = await this.#secondOf(teacher);
    this.dispose();
    const first = settings.student === 'copy' ? teacher : this.#parts.studentStart();
    this.#state = tensorsOf(parametersWithMoments(first, settings.optimiser));
    this.#batches = this.#drawing(Random.forPurpose(seed, 'batches of the student'), true);
  }

  async #secondOf(teacher: NetworkArrays): Promise<Second> {
    const { network, query, labels, settings, seed, signal } = this.#parts;
    const of = { ...network, parameters: teacher };
    const [logits, probabilities] = await seen(
      of,
      query,
      [labels, labels],
      (found) => [found.logits, tf.softmax(found.logits)],
      signal,
    );
    const predicted = likeliest(probabilities!, labels);
    const random = Random.forPurpose(seed, 'anchors');
    const anchors = chooseAnchors(probabilities!, predicted, labels, settings.anchorShare, random);
    const ofAnchors = new Float32Array(anchors.rows.length * labels);
    anchors.rows.forEach((row, i) => ofAnchors.set(logits!.subarray(row * labels, (row + 1) * labels), i * labels));
    const found = anchors.perLabel.filter((count) => count > 0);
    const clustered = settings.clusteringWeight > 0 && found.length > 1 && Math.min(...found) >= FEWEST_ANCHORS;
    return { teacher, anchors, logits: ofAnchors, clustered };
  }

  /** Labels the held-out reference cells as the network stands, at the end of the first round with the shares of the labels. */
  async #look(last: boolean): Promise<void> {
    const { network, reference, label, labels, split, settings, signal } = this.#parts;
    if (split.heldOut.length === 0) return;
    const of = { ...network, parameters: await this.parameters() };
    const rows = { ...reference, input: selectRows(reference.input, split.heldOut) };
    const [found] = await seen(of, rows, [labels], (each) => [each.logits], signal);
    const known = split.heldOut.map((row) => label[row]!);
    let logits = found!;
    if (last && settings.balance && settings.labelShares) {
      const { strength, shift } = labelShares(logits, known, cellsOf(label, labels));
      this.#shiftLogits(shift);
      this.#shareStrength = strength;
      logits = logits.map((value, i) => value + shift[i % labels]!);
    }
    this.#heldOutF1 = macroF1(likeliest(logits, labels), known, labels);
  }

  /** Adds to the biases of the classifier. @param shift [labels] */
  #shiftLogits(shift: Float32Array): void {
    const before = this.#state['parameter/classifierBias']!;
    const after = tf.tidy(() => tf.add(before, tf.tensor1d(shift)));
    before.dispose();
    this.#state = { ...this.#state, 'parameter/classifierBias': after };
  }

  #drawing(random: Random, student: boolean): ReadAhead<StepBatch> {
    const { reference, query } = this.#parts;
    const stored = !isInMemory(student ? query.input : reference.input);
    return new ReadAhead((from) => (student ? this.#drawnAnchors(from) : this.#drawnLabels(from)), random, stored);
  }

  /** Reference cells with all labels equally often, or as they come. */
  async #drawnLabels(random: Random): Promise<StepBatch> {
    const { network, reference, label, labels, split, settings } = this.#parts;
    const { training } = split;
    const places = settings.balance
      ? balancedRows(random, this.#trained, labels, settings.batchSize)
      : random.sample(training.length, Math.min(settings.batchSize, training.length));
    const dropoutSeed = random.word();
    const rows = places.map((place) => training[place]!);
    return {
      cells: tokenBatch(network.mask, await batchPart(reference, rows)),
      dropoutSeed,
      wanted: { round: 'teacher', labels: rows.map((row) => label[row]!) },
    };
  }

  async #drawnAnchors(random: Random): Promise<StepBatch> {
    const { network, query, settings, labels } = this.#parts;
    const { anchors, logits, clustered } = this.#second!;
    const places = random.sample(anchors.rows.length, Math.min(settings.batchSize, anchors.rows.length));
    const dropoutSeed = random.word();
    const wanted = new Float32Array(places.length * labels);
    places.forEach((place, i) => wanted.set(logits.subarray(place * labels, (place + 1) * labels), i * labels));
    const rows = places.map((place) => anchors.rows[place]!);
    return {
      cells: tokenBatch(network.mask, await batchPart(query, rows)),
      dropoutSeed,
      wanted: { round: 'student', logits: wanted, clustered },
    };
  }
}

/** Cells that one pass of the teacher goes over: every label as often as the most common one, or all as they are. */
function cellsPerPass(label: Int32Array, labels: number, balanced: boolean): number {
  if (!balanced) return label.length;
  const cells = cellsOf(label, labels);
  const present = cells.filter((count) => count > 0).length;
  return present * Math.min(Math.max(...cells), Math.floor(MOST_BALANCED / present));
}

/** [labels] how many cells have each label */
function cellsOf(label: Int32Array, labels: number): Int32Array {
  const cells = new Int32Array(labels);
  for (const k of label) cells[k]!++;
  return cells;
}

/** The arrays that are trained, without the teacher that a checkpoint of the second round holds. */
function stateOf(arrays: NetworkArrays): NetworkArrays {
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => !name.startsWith('teacher/')));
}
