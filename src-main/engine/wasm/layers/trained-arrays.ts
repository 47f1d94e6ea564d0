import type { NamedArray, NetworkArrays } from '#core/train/network-arrays';
import type { KernelMemory } from '../kernel-memory.ts';
import { inRows, type MatrixForm, putInto, takenFrom } from './matrix-form.ts';

/** Where a parameter lies, its moments and room for its gradient; all in one form. */
export interface Trained {
  readonly form: MatrixForm;
  readonly theta: number;
  readonly first: number;
  readonly second: number;
  /** 0 where the gradient is never written out. */
  readonly gradient: number;
}

/**
 * Arrays of a network in the memory of the kernels, with padding that is 0 and stays 0 as long as its derivatives are 0, and pieces of
 * working room; all freed together.
 */
export class TrainedArrays {
  readonly #memory: KernelMemory;
  readonly #start: NetworkArrays;
  readonly #placed = new Map<string, { shape: readonly number[]; form: MatrixForm; address: number }>();
  readonly #given: number[] = [];

  constructor(memory: KernelMemory, start: NetworkArrays) {
    this.#memory = memory;
    this.#start = start;
  }

  /** Puts a parameter that Adam trains and its moments in place. @param written whether there is room for its gradient */
  trained(name: string, form: MatrixForm, written: boolean): Trained {
    return {
      form,
      theta: this.array(`parameter/${name}`, form),
      first: this.array(`first-moment/${name}`, form),
      second: this.array(`second-moment/${name}`, form),
      gradient: written ? this.floats(form.length) : 0,
    };
  }

  /** Puts one array in place. @throws Error where the state has none of this name */
  array(name: string, form: MatrixForm = inRows(1, this.#named(name).values.length)): number {
    const { shape, values } = this.#named(name);
    const address = this.floats(form.length);
    putInto(form, this.#memory.floats(address, form.length), values);
    this.#placed.set(name, { shape, form, address });
    return address;
  }

  /** Room for so many float32 numbers or uint32 words, all 0. */
  floats(length: number): number {
    const address = this.#memory.allocate(4 * length);
    this.#memory.words(address, length).fill(0);
    this.#given.push(address);
    return address;
  }

  /** Copies of the arrays whose names are wanted. */
  copies(wanted: (name: string) => boolean): Record<string, NamedArray> {
    const copies: Record<string, NamedArray> = {};
    for (const [name, { shape, form, address }] of this.#placed) {
      if (wanted(name)) copies[name] = { shape, values: takenFrom(form, this.#memory.floats(address, form.length)) };
    }
    return copies;
  }

  free(): void {
    for (const address of this.#given.splice(0)) this.#memory.free(address);
  }

  #named(name: string): NamedArray {
    const found = this.#start[name];
    if (found === undefined) throw new Error(`TrainedArrays: no array "${name}"`);
    return found;
  }
}
