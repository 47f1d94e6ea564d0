import { type Stage, stages } from '#contract/run-events';
import { type Costs, laterStages } from './stage-costs.ts';
import { type Moment, Slowdown } from './slowdown.ts';

/** What a finished run tells of the next one. */
export interface FinishedTimes {
  /** How long the main thread was on the processor in each stage, in milliseconds of a processor of the speed 1. */
  readonly took: Readonly<Partial<Record<Stage, number>>>;
  /** What `stageCosts` said of it for its size. */
  readonly expected: Readonly<Partial<Record<Stage, number>>>;
}

export interface TimeLeftOptions {
  /** What the stages after training take, by the cells of both sides, on a processor that does nothing else. */
  costs(cells: number): Costs;
  readonly finished: readonly FinishedTimes[];
  /** So long after the first step nothing is told: until the code is compiled, steps take several times as long. Half a second without it. */
  readonly settlingMs?: number;
}

/** The moving average remembers about this many steps; before that it is the plain average. */
const memory = 100;
const SETTLING_MS = 500;

/**
 * Tells how long the whole run will still take. Of the training that is the pace of its latest steps. Of the stages after it
 * it is what they cost by the size of the studies, corrected by the median of finished runs of the project, times how
 * much the load of the computer slows this run down lately (`Slowdown`): neither the method, nor another number of steps or
 * cells, nor other work that comes or goes leads astray. Once these stages go on, the share that is done counts as well.
 */
export class TimeLeft {
  readonly #options: TimeLeftOptions;
  readonly #slowdown = new Slowdown();
  #cells: number | null = null;
  /** The main thread waits for a graphics card while training. */
  #waits = false;
  #now: Stage | null = null;
  #begunAt = 0;
  #trainingAt: number | null = null;
  /** What was told last before the first step, and when. */
  #before: { remainingMs: number; at: number } | null = null;
  #firstStepAt: number | null = null;
  #lastStep: { step: number; at: number } | null = null;
  #msPerStep: number | null = null;
  #steps = 0;
  /** The next interval is the second one. */
  #second = false;

  constructor(options: TimeLeftOptions) {
    this.#options = options;
  }

  /** @param cells of both sides together */
  size(cells: number): void {
    this.#cells = cells;
  }

  /** @param waits whether the main thread waits for a graphics card while it trains */
  engine(waits: boolean): void {
    this.#waits = waits;
  }

  /**
   * A stage begins, with the fraction 0, or goes on. Training begins again after the trials of tuning, whose time says nothing
   * of the pace of its steps. Gives the time left from the end of training on, null before and where it cannot be told.
   */
  stage(stage: Stage, moment: Moment, fraction = 0): number | null {
    const later = laterStages.includes(stage);
    // stages after training wait for threads and the disk: how much they are slowed down was seen before
    this.#slowdown.look(moment, later || (this.#now === 'train' && this.#waits));
    if (stage !== this.#now) [this.#now, this.#begunAt] = [stage, moment.at];
    if (stage === 'train' && fraction === 0 && this.#lastStep === null) {
      this.#trainingAt = moment.at;
      this.#before = null;
    }
    if (!later || this.#cells === null) return null;
    const passed = moment.at - this.#begunAt;
    const expected = Math.max(0, this.#later([stage]) - passed);
    const byShare = fraction > 0 ? (passed * (1 - fraction)) / fraction : expected;
    return (1 - fraction) * expected + fraction * byShare + this.#later(stages.slice(stages.indexOf(stage) + 1));
  }

  /** Time left while a method does something before its first step. @param share of the whole training that is done */
  beforeSteps(share: number, moment: Moment): number | null {
    this.#slowdown.look(moment, this.#waits);
    if (this.#cells === null || this.#trainingAt === null || share <= 0) return null;
    const remainingMs = ((moment.at - this.#trainingAt) * (1 - share)) / share + this.#later(laterStages);
    this.#before = { remainingMs, at: moment.at };
    return remainingMs;
  }

  /**
   * Pace and time left after a step; the first step of a process gives a pace only if the beginning of training was told. As
   * soon as there is a second one the first does not count: much else may be done before it. While the first steps settle,
   * the time left is what `beforeSteps` told last, running on since; no time left where it told none.
   *
   * @param steps that training is expected to take
   */
  step(step: number, steps: number, moment: Moment): { stepsPerSecond: number; remainingMs: number | null } {
    this.#slowdown.look(moment, this.#waits);
    const now = moment.at;
    const since = this.#lastStep ?? (this.#trainingAt === null ? null : { step: step - 1, at: this.#trainingAt });
    if (since !== null && step > since.step) {
      const latest = (now - since.at) / (step - since.step);
      this.#steps = this.#second ? 1 : Math.min(this.#steps + 1, memory);
      this.#second = this.#msPerStep === null && this.#lastStep === null;
      this.#msPerStep = (this.#msPerStep ?? 0) + (latest - (this.#msPerStep ?? 0)) / this.#steps;
    }
    this.#lastStep = { step, at: now };
    this.#firstStepAt ??= now;
    const pace = this.#msPerStep;
    if (pace === null || pace <= 0) return { stepsPerSecond: 0, remainingMs: null };
    const settled = now - this.#firstStepAt >= (this.#options.settlingMs ?? SETTLING_MS);
    if (!settled) return { stepsPerSecond: 1000 / pace, remainingMs: this.#runningOn(now) };
    const remainingMs = this.#cells === null ? null : Math.max(0, pace * (steps - step)) + this.#later(laterStages);
    return { stepsPerSecond: 1000 / pace, remainingMs };
  }

  /** What was told before the steps, less the time since. */
  #runningOn(now: number): number | null {
    return this.#before === null ? null : Math.max(0, this.#before.remainingMs - (now - this.#before.at));
  }

  /** How long some of the later stages will take by the clock. */
  #later(which: readonly Stage[]): number {
    const costs = this.#options.costs(this.#cells!);
    const sum = which.reduce((all, stage) => all + costs[stage] * this.#correction(stage), 0);
    return sum * this.#slowdown.factor;
  }

  /** How many times as much as expected a stage took in finished runs. */
  #correction(stage: Stage): number {
    const seen = this.#options.finished.flatMap((run) => {
      const [took, expected] = [run.took[stage] ?? 0, run.expected[stage] ?? 0];
      return took > 0 && expected > 0 ? [took / expected] : [];
    });
    return seen.length === 0 ? 1 : median(seen);
  }
}

/** The middle value, or the mean of the two in the middle. @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
