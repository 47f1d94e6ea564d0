/** The engines a person can choose. */
export const engineNames = ['wasm', 'webgpu', 'cuda'] as const;
export type EngineName = (typeof engineNames)[number];
export type EngineChoice = 'auto' | EngineName;

/** What an engine is and whether it can compute here. */
export interface EngineReport {
  readonly name: EngineName;
  readonly title: string;
  readonly canRun: boolean;
  /** Why it can or cannot run, in one sentence. */
  readonly reason: string;
  /** What to install so that it can; null where nothing would help or nothing is needed. */
  readonly whatToInstall: string | null;
  /** Measured speed of a sparse product, 10⁹ operations a second; null where it does not run. */
  readonly gigaflops: number | null;
}

/** The engine that computes in this process. */
export interface StartedEngine {
  readonly name: EngineName;
  /** What a person reads in the engine chip, e.g. "CPU by WebAssembly SIMD, 1 thread". */
  readonly description: string;
  /** Why this engine was taken. */
  readonly reason: string;
}
