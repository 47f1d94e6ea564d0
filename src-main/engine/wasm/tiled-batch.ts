import type { CsrMatrix } from '#core/data/csr-matrix';
import type { CsrBatch } from '#core/train/csr-batch';
import { bytesOf } from './kernel-memory.ts';
import type { KernelPool } from './kernel-pool.ts';

/** Addresses of a batch in tiles; see assembly/tiles.ts. */
export interface TiledBatch {
  readonly places: number;
  readonly values: number;
  readonly runs: number;
  readonly rows: number;
}

/** Groups of rows that are copied before their tiles are made, beside one per thread: few, so that a nearer cache still holds them then. */
const SPARE_SLOTS = 1;

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

  /** Copies a batch in; the one before is overwritten. */
  put(batch: CsrBatch): TiledBatch {
    const { memory, kernels } = this.#pool;
    const tileRows = kernels.TILE_ROWS.value;
    const groups = Math.ceil(batch.rows / tileRows);
    const blocks = Math.ceil(batch.columns / kernels.TILE_FEATURES.value);
    const counted = startsOf(batch);
    const slots = Math.min(groups, this.#pool.threads + SPARE_SLOTS);
    let slotEntries = 0;
    for (let group = 0; group < groups; group++) {
      const end = Math.min(batch.rows, (group + 1) * tileRows);
      slotEntries = Math.max(slotEntries, counted[end]! - counted[group * tileRows]!);
    }
    slotEntries += 8; // kernels take eight at once
    const stored = counted[batch.rows]!;

    const starts = this.#room('starts', 4 * counted.length);
    const columns = this.#room('columns', 4 * slots * slotEntries);
    const copied = this.#room('copied', 4 * slots * slotEntries);
    const places = this.#room('places', stored);
    const values = this.#room('values', 4 * stored);
    const runs = this.#room('runs', 4 * groups * (blocks * tileRows + 1));
    const made = this.#room('made', 4 * (groups + 1));
    memory.put(starts, counted);

    const flags = new Int32Array(memory.memory.buffer, made, groups + 1).fill(0);
    const ready = made + 4 * groups;
    const slotsAt = [slots, slotEntries, columns, copied];
    const args = [ready, made, ...slotsAt, starts, batch.rows, batch.columns, places, values, runs];
    const room = [columns, copied].map((address) => memory.bytes(address, 4 * slots * slotEntries)) as [Buffer, Buffer];
    this.#pool.runWhile('makeTiles', groups, args, (claim) => {
      const rows = rowsOf(batch);
      try {
        for (let group = 0; group < groups; group++) {
          // the slot is free once the tiles of the group that lay there are made
          while (group >= slots && Atomics.load(flags, group - slots) === 0) claim(group);
          copyRows(rows, Math.min(tileRows, batch.rows - group * tileRows), room, (group % slots) * slotEntries);
          Atomics.store(flags, groups, group + 1);
        }
      } finally {
        Atomics.store(flags, groups, groups); // so that nobody waits for rows that did not come
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

/** Copies the next rows into a slot, one after the other. @param at entries before the slot */
function copyRows(
  rows: Iterator<BatchRow, void>,
  count: number,
  [columns, values]: [Buffer, Buffer],
  at: number,
): void {
  let filled = 4 * at;
  for (let row = 0; row < count; row++) {
    const { matrix, source, bytes } = rows.next().value!;
    const [begin, end] = [4 * matrix.indptr[source]!, 4 * matrix.indptr[source + 1]!];
    bytes.indices.copy(columns, filled, begin, end);
    bytes.values.copy(values, filled, begin, end);
    filled += end - begin;
  }
}

/** How many values are stored before each row of a batch, and in all: [rows + 1]. */
function startsOf({ rows: all, parts }: CsrBatch): Uint32Array {
  const starts = new Uint32Array(all + 1);
  let row = 0;
  for (const { matrix, rows } of parts) {
    for (const source of rows) {
      starts[row + 1] = starts[row]! + (matrix.indptr[source + 1]! - matrix.indptr[source]!);
      row++;
    }
  }
  return starts;
}

interface BatchRow {
  readonly matrix: CsrMatrix;
  /** Number of the row in its matrix. */
  readonly source: number;
  readonly bytes: { readonly indices: Buffer; readonly values: Buffer };
}

/** The rows of a batch in order. */
function* rowsOf(batch: CsrBatch): Generator<BatchRow, void> {
  for (const { matrix, rows } of batch.parts) {
    const bytes = { indices: bytesOf(matrix.indices), values: bytesOf(matrix.values) };
    for (const source of rows) yield { matrix, source, bytes };
  }
}
