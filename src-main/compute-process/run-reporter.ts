import type { TrainProgress } from '#core/train/method';
import type { RunEvent, Stage } from '#contract/run-events';
import type { FormingView } from '#core/train/onlooker';
import type { Moment } from './slowdown.ts';
import { TimeLeft, type TimeLeftOptions } from './time-left.ts';

/** At most one event in this time, a new stage excepted: ten in a second are all that an eye can follow. */
const quietMs = 100;

type Untold = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'runId' | 'seq' | 'elapsedMs'> : never) : never;

export interface ReporterOptions extends TimeLeftOptions {
  readonly runId: string;
  readonly firstSeq: number;
  readonly send: (event: RunEvent) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds for which the main thread was on the processor. */
  readonly busy: () => number;
  readonly residentBytes: () => number;
}

/**
 * Turns what a run reports into events: numbered, timed, and no more of them than can be shown. The latest step and the
 * latest fraction are never lost: they are sent when the quiet time is over or when something else is.
 */
export class RunReporter {
  readonly #options: ReporterOptions;
  readonly #begunAt: number;
  readonly #timeLeft: TimeLeft;
  readonly #stageTimes = new Map<Stage, number>();
  readonly #stageBusy = new Map<Stage, number>();
  #seq: number;
  #sentAt = -Infinity;
  #held: Untold | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stage: Stage | null = null;
  #stageAt: Moment;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#seq = options.firstSeq;
    this.#stageAt = this.#moment();
    this.#begunAt = this.#stageAt.at;
    this.#timeLeft = new TimeLeft(options);
  }

  /** @param card whether that is a graphics card, which the process waits for */
  engine(description: string, card: boolean): void {
    this.#timeLeft.engine(card);
    this.#sendNow({ kind: 'started', engine: description });
  }

  stage(stage: Stage, fraction: number, text: string): void {
    const moment = this.#moment();
    const share = Math.min(1, Math.max(0, fraction));
    const remainingMs = this.#timeLeft.stage(stage, moment, share);
    const event: Untold = {
      kind: 'stage',
      stage,
      fraction: share,
      text,
      ...(remainingMs === null ? {} : { remainingMs }),
    };
    if (stage === this.#stage) return this.#sendSoon(event);
    this.#closeStage(moment);
    this.#stage = stage;
    this.#sendNow(event);
  }

  /** @param share of the training that is done before its first step */
  beforeSteps(share: number, text: string): void {
    const remainingMs = this.#timeLeft.beforeSteps(share, this.#moment());
    this.#sendSoon({
      kind: 'stage',
      stage: 'train',
      fraction: share,
      text,
      ...(remainingMs === null ? {} : { remainingMs }),
    });
  }

  /** @param cells of both sides together */
  size(cells: number): void {
    this.#timeLeft.size(cells);
  }

  /** A sample of the query as the method sees it now; comes seldom, so it is sent at once. */
  forming({ step, labels, places, predicted, confidence }: FormingView): void {
    const thousandths = (values: Float32Array): number[] => Array.from(values, (value) => Math.round(1000 * value));
    this.#sendNow({
      kind: 'forming',
      step,
      labels: [...labels],
      places: thousandths(places),
      predicted: [...predicted],
      confidence: thousandths(confidence),
    });
  }

  step({ step, steps, expected = steps, terms }: TrainProgress): void {
    const pace = this.#timeLeft.step(step, expected, this.#moment());
    // a term that is not a number has no place on a curve, and JSON has no word for it
    const finite = Object.fromEntries(Object.entries(terms).filter(([, value]) => Number.isFinite(value)));
    this.#sendSoon({ kind: 'step', step, steps, terms: finite, ...pace, residentBytes: this.#options.residentBytes() });
  }

  /** Sends what is held back and gives the time of each stage so far, in the order in which they came. */
  end(): { stage: Stage; elapsedMs: number }[] {
    this.#sendHeld();
    this.#closeStage(this.#moment());
    this.#stage = null;
    return Array.from(this.#stageTimes, ([stage, elapsedMs]) => ({ stage, elapsedMs }));
  }

  /** How long the main thread was on the processor in each stage that has ended. */
  get busy(): ReadonlyMap<Stage, number> {
    return this.#stageBusy;
  }

  #closeStage(now: Moment): void {
    if (this.#stage !== null) {
      const add = (to: Map<Stage, number>, ms: number): Map<Stage, number> =>
        to.set(this.#stage!, (to.get(this.#stage!) ?? 0) + ms);
      add(this.#stageTimes, now.at - this.#stageAt.at);
      add(this.#stageBusy, now.busy - this.#stageAt.busy);
    }
    this.#stageAt = now;
  }

  #moment(): Moment {
    return { at: this.#options.now(), busy: this.#options.busy() };
  }

  #sendSoon(event: Untold): void {
    if (this.#held !== null && this.#held.kind !== event.kind) this.#sendHeld();
    const wait = this.#sentAt + quietMs - this.#options.now();
    if (wait <= 0) return this.#sendNow(event);
    this.#held = event;
    this.#timer ??= setTimeout(() => this.#sendHeld(), wait).unref();
  }

  #sendHeld(): void {
    const held = this.#held;
    if (held !== null) this.#send(held);
  }

  #sendNow(event: Untold): void {
    if (this.#held?.kind === 'step') this.#sendHeld();
    this.#send(event);
  }

  #send(event: Untold): void {
    this.#held = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sentAt = this.#options.now();
    const told = { ...event, runId: this.#options.runId, seq: this.#seq++, elapsedMs: this.#sentAt - this.#begunAt };
    this.#options.send(told as RunEvent);
  }
}
