import type { StateArrays } from '#core/methods/cellpredx/network';
import type { KernelMemory } from '../kernel-memory.ts';

/** Where a trained array and what belongs to it lie. */
export interface Weights {
  readonly name: string;
  /** Numbers of the array itself, and with its padding. */
  readonly size: number;
  readonly padded: number;
  readonly theta: number;
  /** 0 for the encoder, whose gradient is never written out as a whole. */
  readonly gradient: number;
  readonly first: number;
  /** 0 where the optimiser has no second moment. */
  readonly second: number;
}

/** Smallest multiple of `step` that is not below `x`. */
export function upTo(x: number, step: number): number {
  return Math.ceil(x / step) * step;
}

/** A matrix (a vector is one row) and how long its rows and columns are with padding. */
interface Padding {
  readonly rows: number;
  readonly columns: number;
  readonly paddedRows: number;
  readonly stride: number;
}

interface Placed extends Padding {
  readonly shape: readonly number[];
  readonly address: number;
}

/**
 * The arrays of a training run in the memory of the kernels, and pieces of working room, all freed together.
 *
 * The embedding width is padded to a multiple of 8, the attention width and the labels to multiples of 4, with zeros that stay zeros:
 * padded weights are 0, so what is computed from them is 0, and so are their derivatives.
 */
export class StepMemory {
  readonly memory: KernelMemory;
  readonly weights: ReadonlyMap<string, Weights>;
  readonly #arrays = new Map<string, Placed>();
  readonly #given: number[] = [];

  constructor(memory: KernelMemory, start: StateArrays) {
    this.memory = memory;
    for (const [name, array] of Object.entries(start)) this.#arrays.set(name, this.#put(name, array));
    const weights = new Map<string, Weights>();
    for (const [key, { rows, columns, paddedRows, stride, address: theta }] of this.#arrays) {
      const [group, name] = key.split('/');
      if (group !== 'parameter' || name === undefined) continue;
      const padded = paddedRows * stride;
      weights.set(name, {
        name,
        size: rows * columns,
        padded,
        theta,
        gradient: name === 'encoder' ? 0 : this.floats(padded),
        first: this.array(`first-moment/${name}`),
        second: this.#arrays.get(`second-moment/${name}`)?.address ?? 0,
      });
    }
    this.weights = weights;
  }

  /** Room for `length` float32 numbers or uint32 words, all 0. */
  floats(length: number): number {
    const address = this.memory.allocate(4 * length);
    this.memory.words(address, length).fill(0);
    this.#given.push(address);
    return address;
  }

  parameter(name: string): Weights {
    const found = this.weights.get(name);
    if (found === undefined) throw new Error(`StepMemory: no parameter "${name}"`);
    return found;
  }

  /** Address of an array by the name it came with. */
  array(name: string): number {
    const found = this.#arrays.get(name);
    if (found === undefined) throw new Error(`StepMemory: no array "${name}"`);
    return found.address;
  }

  /** Copies of all arrays, without padding, by the names they came with. */
  copies(): StateArrays {
    const copies: Record<string, StateArrays[string]> = {};
    for (const [name, { shape, rows, columns, stride, address }] of this.#arrays) {
      const values = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        values.set(this.memory.floats(address + 4 * row * stride, columns), row * columns);
      }
      copies[name] = { shape, values };
    }
    return copies;
  }

  free(): void {
    for (const address of this.#given.splice(0)) this.memory.free(address);
  }

  #put(name: string, { shape, values }: StateArrays[string]): Placed {
    const padding = paddingOf(name.split('/').at(-1)!, shape);
    const { rows, columns, paddedRows, stride } = padding;
    const address = this.floats(paddedRows * stride);
    for (let row = 0; row < rows; row++) {
      this.memory.put(address + 4 * row * stride, values.subarray(row * columns, (row + 1) * columns));
    }
    return { ...padding, shape, address };
  }
}

/** Multiples to which rows and columns of an array are padded. */
function paddingOf(name: string, shape: readonly number[]): Padding {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
  const [ofRows, ofColumns] = multiples[name] ?? [1, 4];
  return { rows, columns, paddedRows: upTo(rows, ofRows), stride: upTo(columns, ofColumns) };
}

const multiples: Readonly<Record<string, readonly [number, number]>> = {
  encoder: [1, 8],
  encoderBias: [1, 8],
  classifier: [8, 4],
  attentionUnit: [8, 4],
  attentionHeads: [4, 16],
  attentionHeadsBias: [1, 16],
  centres: [1, 8],
};
