import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type {
  NeighbourDistance,
  NeighbourSearch,
  NeighbourSearchOptions,
  NeighboursWithDistances,
} from '#core/prepare/neighbour-search';
import type { KernelPool } from '../wasm/kernel-pool.ts';
import { learnMiddles, nearestMiddles } from './nearest-middles.ts';
import { rankCandidates } from './rank-candidates.ts';

/** Cells of a group, about. */
const PER_GROUP = 2000;
/** Groups whose cells a cell may be compared with: more find more of the true neighbours and take longer. */
const GROUPS_LOOKED_AT = 10;
/** The kernels compare in float32; among this many more candidates the order is settled in float64. */
const SPARE = 8;
/** Cells that are compared between two looks at the cancel signal. */
const ROUND = 512;

/** For the Methods text. */
export const groupedSearch = 'approximate search (within groups of like cells)';

/**
 * Nearest neighbours among more cells than can all be compared with each other. Cells are sorted into groups of about 2 000
 * around middles (k-means), and each cell is compared, exactly, with all cells that have its group among their ten nearest.
 * That is a search with inverted lists (Jégou et al. 2011, doi:10.1109/TPAMI.2010.57, without its compression), carried out
 * for a whole group at once. Time grows with the cells, at about 20 000 comparisons each; memory is the answer and one group.
 */
export function groupedNeighbours(pool: KernelPool, perGroup = PER_GROUP): NeighbourSearch {
  return {
    describe: () => groupedSearch,
    search: (values, width, k, distance, options = {}) =>
      searchInGroups(pool, values, width, k, distance, perGroup, options),
  };
}

async function searchInGroups(
  pool: KernelPool,
  values: Float32Array,
  width: number,
  k: number,
  distance: NeighbourDistance,
  perGroup: number,
  { seed = 0, signal, progress }: NeighbourSearchOptions,
): Promise<NeighboursWithDistances> {
  const cells = values.length / width;
  if (!Number.isInteger(cells)) throw new RangeError(`groupedNeighbours: ${values.length} values, width ${width}`);
  if (!(k >= 1 && k < cells)) throw new RangeError(`groupedNeighbours: ${k} neighbours of ${cells} cells`);
  const pause = async (): Promise<void> => {
    await setImmediate();
    throwIfCancelled(signal);
  };
  const count = Math.max(1, Math.round(cells / perGroup));
  const middles = await learnMiddles(pool, values, width, count, seed, pause);
  await progress?.(0.05);
  const looked = Math.min(GROUPS_LOOKED_AT, count);
  const near = await nearestMiddles(pool, values, width, middles, looked, pause);
  await progress?.(0.1);

  const groups = new Groups(near, looked, count);
  const answer = { k, indices: new Int32Array(cells * k), distances: new Float32Array(cells * k) };
  let done = 0;
  for (let group = 0; group < count; group++) {
    const { own, compared } = groups.members(group, k);
    if (own === 0) continue;
    await compareGroup(pool, { values, width, distance }, compared, own, answer, async (cells) => {
      done += cells;
      await progress?.(0.1 + (0.9 * done) / (near.length / looked));
      await pause();
    });
  }
  return answer;
}

/** Finds the neighbours of the first `own` of the cells `compared` among all of them. */
async function compareGroup(
  pool: KernelPool,
  { values, width, distance }: { values: Float32Array; width: number; distance: NeighbourDistance },
  compared: Int32Array,
  own: number,
  { k, indices, distances }: NeighboursWithDistances,
  told: (cells: number) => Promise<void>,
): Promise<void> {
  const { memory, kernels } = pool;
  const size = compared.length;
  const candidates = Math.min(k + SPARE, size - 1);
  const pieces = [(size + 3) * width, Math.ceil(size / 8) * 8 * width, ROUND * candidates, ROUND * candidates].map(
    (length) => memory.allocate(4 * length),
  );
  const [rows, panels, found, apart] = pieces as [number, number, number, number];
  try {
    const gathered = memory.floats(rows, (size + 3) * width).fill(0, size * width);
    compared.forEach((cell, i) => gathered.set(values.subarray(cell * width, (cell + 1) * width), i * width));
    pool.run('panel', Math.ceil(size / 8), rows, panels, size, width);
    for (let from = 0; from < own; from += ROUND) {
      const to = Math.min(own, from + ROUND);
      const items = Math.ceil((to - from) / kernels.COMPARED_CELLS.value);
      const metric = distance === 'manhattan' ? 1 : 0;
      pool.run('nearestCells', items, rows, panels, size, width, from, to, candidates, found, apart, metric);
      const places = memory.words(found, (to - from) * candidates);
      const near = Int32Array.from(places, (place) => compared[place]!);
      for (let i = from; i < to; i++) {
        const cell = compared[i]!;
        const of = near.subarray((i - from) * candidates, (i - from + 1) * candidates);
        const ranked = rankCandidates(values, width, cell, of, distance);
        for (let at = 0; at < k; at++) {
          indices[cell * k + at] = ranked[at]!.other;
          distances[cell * k + at] = ranked[at]!.apart;
        }
      }
      await told(to - from);
    }
  } finally {
    for (const address of pieces) memory.free(address);
  }
}

/** Which cells lie in a group, and which look at it. */
class Groups {
  readonly #near: Int32Array;
  readonly #looked: number;
  /** [groups + 1] where the cells of each group begin in `#cells`: those of its own first, then the others that look at it. */
  readonly #starts: Int32Array;
  readonly #own: Int32Array;
  readonly #cells: Int32Array;

  /** @param near [cells, looked] nearest groups of each cell, nearest first */
  constructor(near: Int32Array, looked: number, count: number) {
    this.#near = near;
    this.#looked = looked;
    this.#starts = new Int32Array(count + 1);
    this.#own = new Int32Array(count);
    for (let i = 0; i < near.length; i++) {
      this.#starts[near[i]! + 1]!++;
      if (i % looked === 0) this.#own[near[i]!]!++;
    }
    for (let group = 0; group < count; group++) this.#starts[group + 1]! += this.#starts[group]!;
    this.#cells = new Int32Array(near.length);
    const nextOwn = this.#starts.slice(0, count);
    const nextOther = nextOwn.map((start, group) => start + this.#own[group]!);
    for (let i = 0; i < near.length; i++) {
      const next = i % looked === 0 ? nextOwn : nextOther;
      this.#cells[next[near[i]!]!++] = Math.floor(i / looked);
    }
  }

  /** The cells of a group, and after them others to compare them with: more than k in all. */
  members(group: number, k: number): { own: number; compared: Int32Array } {
    const own = this.#own[group]!;
    const all = this.#cells.subarray(this.#starts[group]!, this.#starts[group + 1]!);
    if (own === 0 || all.length > k) return { own, compared: all };
    // a group far from all others: nobody looks at it, so its cells look at the groups nearest to them
    const first = all[0]! * this.#looked;
    const others = this.#near.subarray(first + 1, first + this.#looked);
    const wider = new Set(all);
    for (const other of others) {
      for (let i = 0; i < this.#own[other]!; i++) wider.add(this.#cells[this.#starts[other]! + i]!);
    }
    for (let cell = 0; wider.size <= k; cell++) wider.add(cell);
    return { own, compared: Int32Array.from(wider) };
  }
}
