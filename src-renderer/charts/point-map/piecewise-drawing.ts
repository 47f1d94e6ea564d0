/** Milliseconds that drawing may take between two frames before fewer points are drawn at once, and below which more are. */
const SLOW_MS = 40;
const QUICK_MS = 20;
const FEWEST = 20_000;
/** While the map moves it is drawn afresh at every frame; so long after the last movement it is completed. */
const RESTS_MS = 90;

/** What is drawn piece by piece. */
export interface Pieces {
  readonly count: number;
  /** Whether what was drawn last is not finished yet. */
  readonly busy: boolean;
  clear(): void;
  draw(from: number, to: number): void;
}

/** Time and frames of a page. */
export interface FrameClock {
  /** Milliseconds. */
  now(): number;
  nextFrame(call: () => void): number;
  cancel(frame: number): void;
}

/**
 * Keeps a map of any number of points fluent on any machine. As many points as are drawn quickly are drawn at every frame
 * while something moves (a fair sample, see `drawingOrder`); when it rests, the others follow, a piece per frame, so that
 * no frame waits for all of them. How many are drawn quickly is measured as it goes: a card draws a million at once, a
 * program that pretends to be one some 30 000.
 */
export class PiecewiseDrawing {
  readonly #pieces: Pieces;
  readonly #clock: FrameClock;
  #atOnce = 60_000;
  #drawn = 0;
  #stale = true;
  #movedAt = -Infinity;
  #begun: { readonly at: number; readonly points: number } | null = null;
  #frame = 0;

  constructor(pieces: Pieces, clock: FrameClock) {
    this.#pieces = pieces;
    this.#clock = clock;
  }

  /** Points that are drawn in one frame at present. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** Whether everything is on the screen. */
  get complete(): boolean {
    return !this.#stale && this.#drawn >= this.#pieces.count && this.#begun === null;
  }

  /** The picture is out of date. @param moving whether more of this follows at once, as under a dragging hand */
  renew(moving: boolean): void {
    this.#stale = true;
    if (moving) this.#movedAt = this.#clock.now();
    this.#schedule();
  }

  stop(): void {
    this.#clock.cancel(this.#frame);
    this.#frame = 0;
  }

  #schedule(): void {
    this.#frame ||= this.#clock.nextFrame(() => {
      this.#frame = 0;
      this.#step();
      if (!this.complete) this.#schedule();
    });
  }

  #step(): void {
    if (this.#begun !== null) {
      if (this.#pieces.busy) return;
      this.#learn();
    }
    if (this.#stale) {
      this.#pieces.clear();
      this.#drawn = 0;
      this.#stale = false;
    } else if (this.#clock.now() - this.#movedAt < RESTS_MS) return;
    const to = Math.min(this.#pieces.count, this.#drawn + this.#atOnce);
    if (to === this.#drawn) return;
    this.#begun = { at: this.#clock.now(), points: to - this.#drawn };
    this.#pieces.draw(this.#drawn, to);
    this.#drawn = to;
  }

  #learn(): void {
    const { at, points } = this.#begun!;
    this.#begun = null;
    const took = this.#clock.now() - at;
    if (took > SLOW_MS) this.#atOnce = Math.max(FEWEST, Math.round(points * Math.max(0.5, SLOW_MS / took)));
    else if (took < QUICK_MS && points >= this.#atOnce) this.#atOnce = Math.round(this.#atOnce * 2);
  }
}
