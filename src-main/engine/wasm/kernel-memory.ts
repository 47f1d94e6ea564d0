import { webAssembly, type WasmMemory } from './web-assembly.ts';

const PAGE = 65_536;
/** 64 bytes: a line of the cache, so that no two pieces share one. */
const LINE = 64;

/**
 * The memory that all threads of the kernels share, given out in pieces. Addresses are bytes. It grows when asked for more and
 * never shrinks; 4 GiB at most. Views into it are made anew for each use, because growing replaces the buffer.
 */
export class KernelMemory {
  readonly memory: WasmMemory;
  /** Free pieces by address: [from, to), none touching another. */
  #free: { from: number; to: number }[];
  readonly #sizes = new Map<number, number>();

  constructor(memory: WasmMemory, from: number) {
    this.memory = memory;
    this.#free = [{ from, to: memory.buffer.byteLength }];
  }

  /** Room for `bytes` bytes, not cleared. @throws RangeError where 4 GiB do not suffice */
  allocate(bytes: number): number {
    const size = Math.max(LINE, Math.ceil(bytes / LINE) * LINE);
    let place = this.#free.find(({ from, to }) => to - from >= size);
    if (place === undefined) {
      this.#grow(size);
      place = this.#free.at(-1)!;
    }
    const address = place.from;
    place.from += size;
    if (place.from === place.to) this.#free.splice(this.#free.indexOf(place), 1);
    this.#sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new RangeError(`KernelMemory: nothing was given out at ${address}`);
    this.#sizes.delete(address);
    const piece = { from: address, to: address + size };
    const after = this.#free.findIndex(({ from }) => from > address);
    this.#free.splice(after === -1 ? this.#free.length : after, 0, piece);
    this.#free = this.#free.reduce<{ from: number; to: number }[]>((joined, next) => {
      const last = joined.at(-1);
      if (last !== undefined && last.to === next.from) last.to = next.to;
      else joined.push({ ...next });
      return joined;
    }, []);
  }

  /** Bytes given out at present. */
  used(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  words(address: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  doubles(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer as ArrayBuffer, address, length);
  }

  bytes(address: number, length: number): Buffer {
    return Buffer.from(this.memory.buffer as ArrayBuffer, address, length);
  }

  /** Copies numbers in. */
  put(address: number, values: Float32Array | Uint32Array | Int32Array): void {
    if (values instanceof Float32Array) this.floats(address, values.length).set(values);
    else this.words(address, values.length).set(values);
  }

  #grow(size: number): void {
    const end = this.memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const missing = size - (last?.to === end ? last.to - last.from : 0);
    // by a quarter at least, so that a batch that grows step by step does not grow the memory each time
    const pages = Math.ceil(Math.max(missing, Math.min(end / 4, 2 ** 28)) / PAGE);
    this.#growBy(pages, Math.ceil(missing / PAGE));
    const to = this.memory.buffer.byteLength;
    if (last?.to === end) last.to = to;
    else this.#free.push({ from: end, to });
  }

  #growBy(wished: number, needed: number): void {
    for (const pages of [wished, needed]) {
      try {
        this.memory.grow(pages);
        return;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        if (pages === needed) {
          const have = Math.round(this.memory.buffer.byteLength / 2 ** 20);
          throw new RangeError(`the kernels hold ${have} MiB and cannot have ${(pages * PAGE) / 2 ** 20} MiB more`, {
            cause: error,
          });
        }
      }
    }
  }
}

/** A shared memory as the compiled kernels import it. */
export function sharedMemory(): WasmMemory {
  return new webAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });
}

/** The bytes of an array: copying between buffers takes half the time of `set` where the target is shared. */
export function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
