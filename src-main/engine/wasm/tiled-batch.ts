import type { SparseRows } from '#core/data/sparse-rows';
import type { CsrBatch } from '#core/train/csr-batch';
import type { KernelPool } from './kernel-pool.ts';
import { recordsOf, sizesOf } from './row-source.ts';

/** Addresses of a batch in tiles; see assembly/tiles.ts. */
export interface TiledBatch {
  readonly places: number;
  readonly values: number;
  readonly runs: number;
  readonly rows: number;
}

/** Groups of rows that are copied before their tiles are made, beside one per thread: few, so that a nearer cache still holds them then. */
const SPARE_SLOTS = 1;
/** Bytes behind a slot that kernels may look at, as they take many entries at once. */
const READ_BEHIND = 64;

interface Piece {
  readonly address: number;
  readonly bytes: number;
}

/**
 * Room for one batch in tiles at a time, which grows with the largest. Rows are copied in by this thread while the others make tiles
 * of those that were copied before.
 */
export class TileStage {
  readonly #pool: KernelPool;
  readonly #pieces = new Map<string, Piece>();

  constructor(pool: KernelPool) {
    this.#pool = pool;
  }

  /** Copies a batch in; the one before is overwritten. Rows that do not lie in memory must have records. */
  put(batch: CsrBatch<SparseRows>): TiledBatch {
    const { memory, kernels } = this.#pool;
    const tileRows = kernels.TILE_ROWS.value;
    const groups = Math.ceil(batch.rows / tileRows);
    const blocks = Math.ceil(batch.columns / kernels.TILE_FEATURES.value);
    const slots = Math.min(groups, this.#pool.threads + SPARE_SLOTS);
    const { starts: counted, largest } = sizesOf(batch, tileRows);
    const slotBytes = largest + READ_BEHIND;
    const stored = counted[batch.rows]!;

    const starts = this.#room('starts', 4 * counted.length);
    const rowPlaces = this.#room('rowPlaces', 12 * batch.rows);
    const copied = this.#room('copied', slots * slotBytes);
    const places = this.#room('places', stored);
    const values = this.#room('values', 4 * stored);
    const runs = this.#room('runs', 4 * groups * (blocks * tileRows + 1));
    const made = this.#room('made', 4 * (groups + 1));
    memory.put(starts, counted);

    const flags = new Int32Array(memory.memory.buffer, made, groups + 1).fill(0);
    const ready = made + 4 * groups;
    const args = [ready, made, rowPlaces, starts, batch.rows, batch.columns, places, values, runs];
    const lie = memory.words(rowPlaces, 3 * batch.rows);
    const bytes = memory.bytes(copied, slots * slotBytes);
    this.#pool.runWhile('makeTiles', groups, args, (claim) => {
      const rows = recordsOf(batch);
      let row = 0;
      try {
        for (let group = 0; group < groups; group++) {
          // the slot is free once the tiles of the group that lay there are made
          while (group >= slots && Atomics.load(flags, group - slots) === 0) claim(group);
          let at = (group % slots) * slotBytes;
          for (const end = Math.min(batch.rows, row + tileRows); row < end; row++) {
            const record = rows.next().value!;
            record.copy(bytes, at);
            lie[3 * row] = copied + at;
            lie[3 * row + 1] = copied + at + record.valuesAt;
            lie[3 * row + 2] = record.lie;
            at += record.bytes;
          }
          Atomics.store(flags, groups, group + 1);
        }
      } finally {
        // nobody waits for rows that did not come: what lies in the first slot is taken, and of what is made of it nothing is used
        for (; row < batch.rows; row++) lie.set([copied, copied, 0x44], 3 * row);
        Atomics.store(flags, groups, groups);
      }
    });
    return { places, values, runs, rows: batch.rows };
  }

  free(): void {
    for (const { address } of this.#pieces.values()) this.#pool.memory.free(address);
    this.#pieces.clear();
  }

  /** Room for so many bytes under a name. */
  #room(name: string, bytes: number): number {
    const piece = this.#pieces.get(name);
    if (piece !== undefined && piece.bytes >= bytes) return piece.address;
    if (piece !== undefined) this.#pool.memory.free(piece.address);
    const roomy = Math.ceil(bytes * 1.1);
    const address = this.#pool.memory.allocate(roomy);
    this.#pieces.set(name, { address, bytes: roomy });
    return address;
  }
}
