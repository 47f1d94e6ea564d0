import { RAW_CELLS } from '#core/method-views';
import { type Stage, stages } from '#contract/run-events';

/** How long each stage of a finished run took, in milliseconds, and how large the run was where that is known. */
export interface FinishedTimes {
  readonly times: Readonly<Partial<Record<Stage, number>>>;
  /** Cells of both sides together. */
  readonly cells: number | null;
  /** Steps trained. */
  readonly steps: number | null;
}

export interface TimeLeftOptions {
  /** Training steps per second that the processor did when the engines were tried; null where they were not. */
  readonly processorStepsPerSecond?: () => number | null;
}

/** The moving average remembers about this many steps; before that it is the plain average. */
const memory = 100;

/**
 * What the stages after training cost on the processor per cell of both sides, in training steps of the trial of engines:
 * map of the learned space 0.13, attributions 0.016, figures and writing 0.005. Measured on the sample study.
 */
const STEPS_PER_CELL = 0.151;
/** The same for the map before training, per cell that is laid out. */
const STEPS_PER_CELL_BEFORE = 0.095;

/**
 * Tells from the pace of the training steps how long the whole run will still take. What comes after training is judged by
 * finished runs of the project: for each later stage the median of its time in training steps per cell, so that neither
 * other work on the computer nor another number of steps or cells leads astray. Before the first run has finished it is
 * judged by the number of cells and the speed of the processor; where neither is known it is taken to last as long as what
 * came before training, because both touch every cell once.
 */
export class TimeLeft {
  readonly #finished: readonly FinishedTimes[];
  readonly #options: TimeLeftOptions;
  #cells: number | null = null;
  #begunAt: number | null = null;
  #preparedAt: number | null = null;
  #trainingAt: number | null = null;
  #lastStep: { step: number; at: number } | null = null;
  #msPerStep: number | null = null;
  #steps = 0;

  constructor(finished: readonly FinishedTimes[], options: TimeLeftOptions = {}) {
    this.#finished = finished;
    this.#options = options;
  }

  /** @param cells of both sides together */
  size(cells: number): void {
    this.#cells = cells;
  }

  /**
   * A stage begins, with the fraction 0, or goes on at time `now`, in milliseconds of any clock. Training begins again after the
   * trials of tuning, whose time says nothing of the pace of its steps.
   */
  stage(stage: Stage, now: number, fraction = 0): void {
    this.#begunAt ??= now;
    if (stage !== 'train') return;
    this.#preparedAt ??= now;
    if (fraction === 0 && this.#lastStep === null) this.#trainingAt = now;
  }

  /** Pace and time left after a step; the first step of a process gives a pace only if the beginning of training was told. */
  step(step: number, steps: number, now: number): { stepsPerSecond: number; remainingMs: number | null } {
    const since = this.#lastStep ?? (this.#trainingAt === null ? null : { step: step - 1, at: this.#trainingAt });
    if (since !== null && step > since.step) {
      const latest = (now - since.at) / (step - since.step);
      this.#steps = Math.min(this.#steps + 1, memory);
      this.#msPerStep = (this.#msPerStep ?? 0) + (latest - (this.#msPerStep ?? 0)) / this.#steps;
    }
    this.#lastStep = { step, at: now };
    const pace = this.#msPerStep;
    if (pace === null || pace <= 0) return { stepsPerSecond: 0, remainingMs: null };
    const later = this.#afterTraining(pace, steps);
    return { stepsPerSecond: 1000 / pace, remainingMs: Math.max(0, pace * (steps - step)) + later };
  }

  /** @param pace milliseconds per step @param steps of the whole training */
  #afterTraining(pace: number, steps: number): number {
    const trained = this.#finished.filter(({ times }) => (times.train ?? 0) > 0);
    if (trained.length > 0) {
      const later = stages.slice(stages.indexOf('train') + 1);
      const inSteps = later.map((stage) => median(trained.map((run) => this.#inSteps(run, stage, steps))));
      return inSteps.reduce((sum, all) => sum + all, 0) * pace;
    }
    const speed = this.#options.processorStepsPerSecond?.() ?? null;
    if (speed !== null && this.#cells !== null) {
      const inSteps = this.#cells * STEPS_PER_CELL + Math.min(this.#cells, RAW_CELLS) * STEPS_PER_CELL_BEFORE;
      return (1000 * inSteps) / speed;
    }
    return (this.#preparedAt ?? 0) - (this.#begunAt ?? 0);
  }

  /** How many steps of this run a stage would take by the measure of a finished one. */
  #inSteps({ times, cells, steps }: FinishedTimes, stage: Stage, stepsNow: number): number {
    const shareOfTraining = (times[stage] ?? 0) / times.train!;
    const size = this.#cells === null || cells === null ? 1 : this.#cells / cells;
    return shareOfTraining * (steps ?? stepsNow) * size;
  }
}

/** The middle value, or the mean of the two in the middle. @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
