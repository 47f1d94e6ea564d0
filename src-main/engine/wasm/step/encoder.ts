import type { SparseRows } from '#core/data/sparse-rows';
import type { CsrBatch } from '#core/train/csr-batch';
import type { KernelPool } from '../kernel-pool.ts';
import type { TiledBatch } from '../tiled-batch.ts';
import type { StepMemory } from './step-memory.ts';
import type { StepRoom, StepSizes } from './step-room.ts';

/** The sparse first layer of a step: batch → embedding, and its derivative straight into the optimiser. */
export class Encoder {
  readonly #pool: KernelPool;
  readonly #memory: StepMemory;
  /** float64 [blocks] */
  readonly #sizes: number;
  readonly #blocks: number;
  readonly #features: number;
  #room: { width: number; address: number } | null = null;
  #shifts: { arrays: readonly Float32Array[]; address: number } = { arrays: [], address: 0 };

  constructor(pool: KernelPool, memory: StepMemory, features: number) {
    this.#pool = pool;
    this.#memory = memory;
    this.#features = features;
    this.#blocks = Math.ceil(this.#features / pool.kernels.TILE_FEATURES.value);
    this.#sizes = memory.floats(2 * this.#blocks);
  }

  /**
   * z = X·W + b for the rows of a batch, with the shift of each part, from its distinct rows in tiles (`room.places` says which); which shift each part has is given back (−1 for none).
   * @throws RangeError where parts with shifts are not of n rows each
   */
  forward(
    batch: CsrBatch<SparseRows>,
    tiled: TiledBatch,
    room: StepRoom,
    { n, rows, width }: StepSizes,
  ): readonly number[] {
    const { memory, kernels } = this.#pool;
    const { theta } = this.#memory.parameter('encoder');
    const arrays = this.#place(batch);
    const ofPart = batch.parts.map(({ shift }) => (shift === undefined ? -1 : arrays.indexOf(shift)));
    const parts = arrays.length === 0 ? 1 : batch.parts.length;
    if (arrays.length > 0 && batch.parts.some(({ rows }) => rows.length !== n)) {
      throw new RangeError(`step: parts of ${batch.parts.map(({ rows }) => rows.length).join(', ')} rows, not ${n}`);
    }
    memory.floats(room.shiftProducts, 3 * width).fill(0);
    this.#pool.run(
      'shiftProduct',
      arrays.length,
      this.#shifts.address,
      this.#features,
      theta,
      width,
      room.shiftProducts,
    );
    const bias = memory.floats(this.#memory.parameter('encoderBias').theta, width);
    const products = memory.floats(room.shiftProducts, 3 * width);
    const base = memory.floats(room.base, 3 * width);
    for (let part = 0; part < parts; part++) {
      const shift = ofPart[part]!;
      for (let j = 0; j < width; j++) {
        base[part * width + j] = bias[j]! + (shift < 0 ? 0 : products[shift * width + j]!);
      }
    }
    const { places, values, runs, rows: encoded } = tiled;
    const items = Math.ceil(encoded / kernels.PRODUCT_ROWS.value) * kernels.PARTITIONS.value;
    this.#pool.run('tiledProduct', items, encoded, this.#features, places, values, runs, theta, width, room.partitions);
    const level = [room.base, parts === 1 ? 0 : n];
    const groups = Math.ceil(rows / kernels.TILE_ROWS.value);
    const sums = [rows, width, room.places, room.partitions, encoded];
    this.#pool.run('sumOfPartitions', groups, ...sums, room.z, ...level);
    return ofPart;
  }

  /** The gradient of the encoder from `dz`, which is used up, and its step, and the gradient of the bias; gives back the mean size of the weights before. */
  update(tiled: TiledBatch, shiftOfPart: readonly number[], room: StepRoom, { n, rows, width }: StepSizes): number {
    const { memory, kernels } = this.#pool;
    const { theta, first, second, size } = this.#memory.parameter('encoder');
    kernels.columnSums(room.dz, this.#memory.parameter('encoderBias').gradient, rows, width, 0);
    memory.floats(room.partSums, 3 * width).fill(0);
    shiftOfPart.forEach((shift, part) => {
      if (shift >= 0)
        kernels.columnSums(room.dz + 4 * part * n * width, room.partSums + 4 * shift * width, n, width, 1);
    });
    kernels.foldRows(room.dz, room.places, rows, width);
    const batch = [tiled.rows, this.#features, tiled.places, tiled.values, tiled.runs];
    const shifts = [this.#shifts.address, room.partSums, this.#shifts.arrays.length];
    const weights = [theta, first, second, room.rule, this.#sizes];
    const args = [...batch, room.dz, width, this.#turningRoom(width), ...shifts, ...weights];
    this.#pool.run('tiledGradientStep', this.#blocks, ...args);
    return memory.doubles(this.#sizes, this.#blocks).reduce((sum, part) => sum + part, 0) / size;
  }

  free(): void {
    if (this.#room !== null) this.#pool.memory.free(this.#room.address);
    this.#room = null;
    this.#freeShifts();
  }

  #freeShifts(): void {
    if (this.#shifts.arrays.length > 0) this.#pool.memory.free(this.#shifts.address);
    this.#shifts = { arrays: [], address: 0 };
  }

  /** Room in which each thread sorts entries. */
  #turningRoom(width: number): number {
    if (this.#room?.width !== width) {
      if (this.#room !== null) this.#pool.memory.free(this.#room.address);
      const bytes = this.#pool.threads * this.#pool.kernels.turningRoom(width);
      this.#room = { width, address: this.#pool.memory.allocate(bytes) };
    }
    return this.#room.address;
  }

  /** The different shifts of a batch, copied in at their first appearance. */
  #place(batch: CsrBatch<SparseRows>): readonly Float32Array[] {
    const arrays = [...new Set(batch.parts.flatMap(({ shift }) => (shift === undefined ? [] : [shift])))];
    const known = this.#shifts.arrays;
    if (arrays.length === known.length && arrays.every((array, i) => array === known[i])) return known;
    this.#freeShifts();
    if (arrays.length === 0) return arrays;
    const address = this.#pool.memory.allocate(4 * arrays.length * this.#features);
    arrays.forEach((array, i) => this.#pool.memory.put(address + 4 * i * this.#features, array));
    this.#shifts = { arrays, address };
    return arrays;
  }
}
