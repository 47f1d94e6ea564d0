/** The highest position that a fragment can have. */
export const lastPosition = 2 ** 31 - 2;

/**
 * One contig cut wherever an interval begins or ends: inside a stretch every position lies in the same intervals.
 * Stretch i is `cuts[i]` ≤ position < `cuts[i + 1]`; its intervals are `members[first[i] … first[i + 1] − 1]`, rising.
 */
export interface Stretches {
  /** [stretches + 1] rising; empty when there is no interval. */
  readonly cuts: Int32Array;
  readonly first: Int32Array;
  readonly members: Int32Array;
  /** Most intervals of one stretch. */
  readonly deepest: number;
  /** [bins] the stretch in which each bin of 2^`shift` positions begins, counted from the first cut. */
  readonly bins: Int32Array;
  readonly shift: number;
}

/**
 * Cuts a contig into stretches. Looking up a position then takes a step or two, in whatever order positions come, which
 * is what counting millions of insertions needs. Memory follows Σ over stretches of the intervals there.
 *
 * @param starts [intervals] first position; below 0 counts as 0
 * @param ends [intervals] position behind the last; beyond the last position that a fragment can have it is cut off
 * @param members [intervals] the number of each; an interval without a position is in no stretch
 */
export function stretchesOf(starts: ArrayLike<number>, ends: ArrayLike<number>, members: ArrayLike<number>): Stretches {
  const events: { at: number; member: number; opens: boolean }[] = [];
  for (let i = 0; i < members.length; i++) {
    const start = Math.max(0, starts[i]!);
    const end = Math.min(lastPosition + 1, ends[i]!);
    if (!(start < end)) continue;
    events.push({ at: start, member: members[i]!, opens: true }, { at: end, member: members[i]!, opens: false });
  }
  events.sort((a, b) => a.at - b.at);
  const cuts: number[] = [];
  const first: number[] = [];
  const lists = new GrowingNumbers();
  let open: number[] = [];
  let deepest = 0;
  for (let e = 0; e < events.length;) {
    const at = events[e]!.at;
    const closed = new Set<number>();
    for (; e < events.length && events[e]!.at === at; e++) {
      if (events[e]!.opens) open.push(events[e]!.member);
      else closed.add(events[e]!.member);
    }
    open = open.filter((member) => !closed.has(member)).sort((a, b) => a - b);
    deepest = Math.max(deepest, open.length);
    cuts.push(at);
    first.push(lists.length);
    for (const member of open) lists.push(member);
  }
  const places = Int32Array.from(cuts);
  return { cuts: places, first: Int32Array.from(first), members: lists.taken(), deepest, ...binsOf(places) };
}

/** The stretch that holds the position, −1 where there is none. */
export function stretchAt({ cuts, bins, shift }: Stretches, position: number): number {
  const last = cuts.length - 1;
  if (last < 1 || position < cuts[0]! || position >= cuts[last]!) return -1;
  let i = bins[(position - cuts[0]!) >>> shift]!;
  while (cuts[i + 1]! <= position) i++;
  return i;
}

/** About as many bins as there are stretches, at most 2²², each a power of two wide. */
function binsOf(cuts: Int32Array): { bins: Int32Array; shift: number } {
  if (cuts.length < 2) return { bins: new Int32Array(0), shift: 0 };
  const span = cuts.at(-1)! - cuts[0]!;
  const wanted = Math.min(2 ** 22, 2 * cuts.length);
  let shift = 0;
  while (span / 2 ** shift > wanted) shift++;
  const bins = new Int32Array(((span - 1) >>> shift) + 1);
  for (let bin = 0, i = 0; bin < bins.length; bin++) {
    const begin = cuts[0]! + bin * 2 ** shift;
    while (cuts[i + 1]! <= begin) i++;
    bins[bin] = i;
  }
  return { bins, shift };
}

/** A list of whole numbers that grows in one typed array. */
class GrowingNumbers {
  #held = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#held.length) {
      const wider = new Int32Array(this.length * 2);
      wider.set(this.#held);
      this.#held = wider;
    }
    this.#held[this.length++] = value;
  }

  taken(): Int32Array {
    return this.#held.slice(0, this.length);
  }
}
