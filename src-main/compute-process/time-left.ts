import { type Stage, stages } from '#contract/run-events';

/** How long each stage of a finished run took, in milliseconds. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** The moving average remembers about this many steps; before that it is the plain average. */
const memory = 100;

/**
 * Tells from the pace of the training steps how long the whole run will still take. What comes after training is judged by
 * finished runs: for each later stage the median of its time as a share of training time. Without a finished run, what
 * comes after is taken to last as long as what came before training, because both touch every cell once.
 */
export class TimeLeft {
  readonly #finished: readonly StageTimes[];
  #begunAt: number | null = null;
  #trainingAt: number | null = null;
  #lastStep: { step: number; at: number } | null = null;
  #msPerStep: number | null = null;
  #steps = 0;

  constructor(finished: readonly StageTimes[]) {
    this.#finished = finished;
  }

  /** A stage begins or goes on at time `now`, in milliseconds of any clock. */
  stage(stage: Stage, now: number): void {
    this.#begunAt ??= now;
    if (stage === 'train') this.#trainingAt ??= now;
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
    const later = this.#afterTraining(pace * steps);
    return { stepsPerSecond: 1000 / pace, remainingMs: Math.max(0, pace * (steps - step)) + later };
  }

  #afterTraining(trainingMs: number): number {
    const trained = this.#finished.filter((times) => (times.train ?? 0) > 0);
    if (trained.length === 0) return (this.#trainingAt ?? 0) - (this.#begunAt ?? 0);
    const later = stages.slice(stages.indexOf('train') + 1);
    const shares = later.map((stage) => median(trained.map((times) => (times[stage] ?? 0) / times.train!)));
    return shares.reduce((sum, share) => sum + share, 0) * trainingMs;
  }
}

/** The middle value, or the mean of the two in the middle. @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
