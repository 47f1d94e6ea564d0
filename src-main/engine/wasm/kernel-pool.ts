import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type JobName, jobKinds, type KernelExports } from './kernel-exports.ts';
import { KernelMemory, sharedMemory } from './kernel-memory.ts';
import { webAssembly } from './web-assembly.ts';
import { useWideRegisters } from './wide-registers.ts';

/** More threads than this gain little: the parts between the jobs run on one. */
const MOST_THREADS = 8;
const CONTROL_BYTES = 256;
const FIRST_ARGUMENT = 64;
const STOP = 20;
const BELL = 24;

/** The whole program of a helping thread. */
const HELPER = `const { module, memory, control, thread } = require('node:worker_threads').workerData;
new WebAssembly.Instance(module, { env: { memory } }).exports.help(control, thread);`;

/**
 * The compiled kernels and the threads that carry them out over one shared memory. A job is cut into items, each computed the same
 * way whoever computes it, so results do not depend on the number of threads.
 */
export class KernelPool {
  readonly threads: number;
  readonly memory: KernelMemory;
  readonly kernels: KernelExports;
  readonly #control: number;
  readonly #helpers: readonly Worker[];

  private constructor(memory: KernelMemory, kernels: KernelExports, control: number, helpers: readonly Worker[]) {
    this.memory = memory;
    this.kernels = kernels;
    this.#control = control;
    this.#helpers = helpers;
    this.threads = helpers.length + 1;
  }

  /**
   * Starts the threads: this one and as many helpers as the computer runs at the same time beside it.
   * @param threads 1 or more; all that pay unless told otherwise
   */
  static async start(threads = Math.min(MOST_THREADS, availableParallelism())): Promise<KernelPool> {
    if (!Number.isInteger(threads) || threads < 1) throw new RangeError(`KernelPool: ${threads} threads`);
    useWideRegisters();
    const module = await webAssembly.compile(await readFile(kernelFile()));
    const memory = sharedMemory();
    const { exports } = await webAssembly.instantiate(module, { env: { memory } });
    const pieces = new KernelMemory(memory, 1024);
    const control = pieces.allocate(CONTROL_BYTES);
    const helpers = Array.from({ length: threads - 1 }, (_, i) => {
      const worker = new Worker(HELPER, { eval: true, workerData: { module, memory, control, thread: i + 1 } });
      worker.unref();
      return worker;
    });
    return new KernelPool(pieces, exports as KernelExports, control, helpers);
  }

  /** Carries out items 0 … items−1 of a job; comes back when all are done. */
  run(job: JobName, items: number, ...args: number[]): void {
    if (items > 0) this.kernels.run(this.#control, this.#tell(job, args), items, this.#helpers.length);
  }

  /**
   * Carries out a job whose items become possible one after the other: lets the helping threads begin, does `work`, and helps with
   * what is left. `work` must make every item possible whatever the others do, and also where it fails; meanwhile `claim(limit)` carries out the next item
   * below `limit`, and says whether there was one that nobody had taken.
   */
  runWhile(
    job: JobName,
    items: number,
    args: readonly number[],
    work: (claim: (limit: number) => boolean) => void,
  ): void {
    if (items === 0) return;
    this.kernels.begin(this.#control, this.#tell(job, args), items, this.#helpers.length);
    try {
      work((limit) => this.kernels.claimBelow(this.#control, limit) !== 0);
    } finally {
      this.kernels.finish(this.#control, items);
    }
  }

  /** Writes down the arguments of a job; gives back its number. */
  #tell(job: JobName, args: readonly number[]): number {
    const { kind, floats } = jobKinds[job];
    const at = this.#control + FIRST_ARGUMENT;
    this.memory.words(at, args.length).set(args);
    for (const place of floats) this.memory.floats(at + 4 * place, 1)[0] = args[place]!;
    return kind;
  }

  /** Lets the helping threads go; the pool is of no use afterwards. */
  async stop(): Promise<void> {
    const words = new Int32Array(this.memory.memory.buffer as SharedArrayBuffer, this.#control, CONTROL_BYTES / 4);
    Atomics.store(words, STOP / 4, 1);
    Atomics.add(words, BELL / 4, 1);
    Atomics.notify(words, BELL / 4);
    await Promise.all(this.#helpers.map((helper) => helper.terminate()));
  }
}

/** `resources/kernels/kernels.wasm` beside the sources, beside the bundle, or in the installed application. */
function kernelFile(): string {
  const here = fileURLToPath(import.meta.url);
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'resources', 'kernels', 'kernels.wasm');
    if (existsSync(file)) return file;
  }
  throw new Error(`no resources/kernels/kernels.wasm above ${here}; \`node scripts/build-kernels.mjs\` compiles it`);
}
