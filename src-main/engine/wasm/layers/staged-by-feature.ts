import type { CsrBatch } from '#core/train/csr-batch';
import type { KernelPool } from '../kernel-pool.ts';
import type { StagedBatch } from '../staged-batch.ts';

/** Addresses of a batch by feature; see assembly/strips.ts. */
export interface TurnedBatch {
  readonly firsts: number;
  readonly cells: number;
  readonly values: number;
  readonly shifts: number;
  readonly ends: number;
  readonly parts: number;
  /** [strips, parts + 1, 32] */
  readonly room: number;
}

/** What strips need of a batch besides its rows: its parts with their shifts, and the batch by feature. Grows with the largest. */
export class StagedByFeature {
  readonly #pool: KernelPool;
  readonly #pieces = new Map<string, { address: number; length: number }>();
  #shiftArrays: readonly (Float32Array | undefined)[] = [];
  /** [parts, features], 0 where no part has a shift. */
  shifts = 0;
  /** [parts] row after the last of each. */
  ends = 0;
  parts = 0;

  constructor(pool: KernelPool) {
    this.#pool = pool;
  }

  /** Takes the parts of a batch; shifts are copied in when they are others than before. */
  putParts({ parts, columns }: CsrBatch): void {
    const { memory } = this.#pool;
    this.parts = parts.length;
    this.ends = this.#piece('ends', parts.length);
    let row = 0;
    memory.put(
      this.ends,
      Uint32Array.from(parts, ({ rows }) => (row += rows.length)),
    );
    const known = this.#shiftArrays;
    if (parts.length === known.length && parts.every(({ shift }, i) => shift === known[i])) return;
    this.#shiftArrays = parts.map(({ shift }) => shift);
    this.shifts = 0;
    if (this.#shiftArrays.every((shift) => shift === undefined)) return;
    this.shifts = this.#piece('shifts', parts.length * columns);
    memory.floats(this.shifts, parts.length * columns).fill(0);
    parts.forEach(({ shift }, i) => shift !== undefined && memory.put(this.shifts + 4 * i * columns, shift));
  }

  /** Turns a staged batch; the one before is overwritten. */
  turn({ starts, columns, values, rows }: StagedBatch, features: number, strips: number): TurnedBatch {
    const { memory, kernels } = this.#pool;
    const stored = memory.words(starts + 4 * rows, 1)[0]!;
    const [firsts, cells] = [this.#piece('firsts', features + 2), this.#piece('cells', stored)];
    const turned = this.#piece('values', stored);
    kernels.turnBatch(starts, columns, values, rows, features, firsts, cells, turned);
    const room = this.#piece('room', strips * (this.parts + 1) * 32);
    return { firsts, cells, values: turned, shifts: this.shifts, ends: this.ends, parts: this.parts, room };
  }

  free(): void {
    for (const { address } of this.#pieces.values()) this.#pool.memory.free(address);
    this.#pieces.clear();
    this.#shiftArrays = [];
  }

  /** Room for so many numbers under a name. */
  #piece(name: string, length: number): number {
    const piece = this.#pieces.get(name);
    if (piece !== undefined && piece.length >= length) return piece.address;
    if (piece !== undefined) this.#pool.memory.free(piece.address);
    const roomy = Math.ceil(length * 1.1);
    const address = this.#pool.memory.allocate(4 * roomy);
    this.#pieces.set(name, { address, length: roomy });
    return address;
  }
}
