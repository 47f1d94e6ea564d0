import type { FragmentBlock } from '#core/chromatin/fragment-block';
import type { Interval } from '#core/chromatin/interval-index';

/** Enough to tell a share of 2 % from one of 1 % many times over. */
const mostKept = 100_000;

/** What lies on one contig: its number by first appearance, how many, and the furthest end. */
export interface ContigPlaces {
  readonly number: number;
  count: number;
  furthest: number;
}

/**
 * Where the fragments or peaks of a study lie: what a genome build is guessed from. Of the places an evenly spaced
 * sample is kept, all of the first 100 000 and never fewer than half of that, the same for the same data.
 */
export class PlaceSample {
  /** Contig, as it is written → what lies there. */
  readonly contigs = new Map<string, ContigPlaces>();
  /** Sampled places: numbers of contigs (in order of first appearance) and positions. */
  #contig = new Int32Array(mostKept);
  #position = new Int32Array(mostKept);
  #held = 0;
  /** Every `step`-th place is kept; `seen` counts all. */
  #step = 1;
  #seen = 0;

  /** Takes in fragments; the place of one is its start, an insertion. */
  add(block: FragmentBlock): void {
    const { contig, start, end, contigs, length } = block;
    for (let i = 0; i < length; i++) this.#note(contigs[contig[i]!]!, start[i]!, end[i]!);
  }

  /** Takes in peaks; the place of one is its middle. Features without an interval (null) are passed over. */
  addIntervals(intervals: Iterable<Interval | null>): void {
    for (const interval of intervals) {
      if (interval === null) continue;
      const { contig, start, end } = interval;
      this.#note(contig, Math.floor((start + end) / 2), end);
    }
  }

  /** How many places are kept. */
  get size(): number {
    return this.#held;
  }

  /** Calls `found` with contig and position of every place that is kept. */
  forEach(found: (contig: string, position: number) => void): void {
    const names = [...this.contigs.keys()];
    for (let i = 0; i < this.#held; i++) found(names[this.#contig[i]!]!, this.#position[i]!);
  }

  /** The contig of the place before, which is nearly always that of the next. */
  #name: string | null = null;
  #current: ContigPlaces = { number: -1, count: 0, furthest: 0 };

  #note(name: string, position: number, end: number): void {
    if (name !== this.#name) {
      this.#name = name;
      let current = this.contigs.get(name);
      if (current === undefined) {
        current = { number: this.contigs.size, count: 0, furthest: 0 };
        this.contigs.set(name, current);
      }
      this.#current = current;
    }
    this.#current.count++;
    if (end > this.#current.furthest) this.#current.furthest = end;
    if (this.#seen++ % this.#step !== 0) return;
    if (this.#held === this.#position.length) this.#thin();
    if ((this.#seen - 1) % this.#step !== 0) return;
    this.#contig[this.#held] = this.#current.number;
    this.#position[this.#held++] = position;
  }

  /** Keeps every second place. */
  #thin(): void {
    for (let i = 0; i < this.#held; i += 2) {
      this.#contig[i >> 1] = this.#contig[i]!;
      this.#position[i >> 1] = this.#position[i]!;
    }
    this.#held = Math.ceil(this.#held / 2);
    this.#step *= 2;
  }
}
