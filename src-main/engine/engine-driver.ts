import type { EngineName } from './engine-report.ts';

/**
 * What the ladder and the probe know of an engine. Each lies in a folder of its own; a driver imports nothing that could
 * fail or crash until `start` is called.
 */
export interface EngineDriver {
  readonly name: EngineName;
  /** What it is, before it has run: "Graphics card by WebGPU". */
  readonly title: string;
  /** Seconds that a trial may take from loading its parts to the end of the measurement. */
  readonly trialSeconds: number;
  /** What a person can do where it crashes, hangs, fails or computes something else in its trial, as a sentence; null where nothing would help. */
  readonly whenTrialFails: string | null;
  /** A look that takes milliseconds and loads no native code; null where starting it is worth a trial. */
  whyNot(): Promise<Hindrance | null>;
  /** Makes it compute in this process, kernels and gradients registered. Throws `CannotStart` where it cannot. */
  start(options?: StartOptions): Promise<RunningEngine>;
}

export interface StartOptions {
  /** Threads of an engine that runs on the processor; as many as pay unless told otherwise. */
  readonly threads?: number | undefined;
}

/** Why an engine cannot run, and what would help. */
export interface Hindrance {
  /** A sentence. */
  readonly reason: string;
  /** What a person can install or change, as a sentence; null where nothing would help. */
  readonly whatToInstall: string | null;
}

/** An engine that computes in this process. */
export interface RunningEngine {
  /** What a person reads in the engine chip, e.g. "CPU by WebAssembly SIMD, 2 threads". */
  readonly description: string;
  readonly threads?: number;
  /** Name of the graphics card. */
  readonly adapter?: string;
}

/** Thrown by a driver that finds while starting that it cannot run here. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
  readonly hindrance: Hindrance;

  constructor(hindrance: Hindrance, options?: ErrorOptions) {
    super(hindrance.reason, options);
    this.hindrance = hindrance;
  }
}
