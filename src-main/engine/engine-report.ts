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
  /** What to install so that it can, as a sentence; null where nothing would help or nothing is needed. */
  readonly whatToInstall: string | null;
  /**
   * Measured training steps per second: CellPredX, 256 cells of either study, 8000 features, 8 % non-zero. The engine with
   * the most is the fastest. null where it does not run.
   */
  readonly stepsPerSecond: number | null;
  /** Measured speed of a sparse product and its gradient, 10⁹ operations a second; null where it does not run. */
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

/** The engines that can run, that with the most training steps per second first. */
export function bySpeed(reports: readonly EngineReport[]): readonly EngineReport[] {
  return reports
    .filter((report) => report.canRun)
    .toSorted((a, b) => (b.stepsPerSecond ?? 0) - (a.stepsPerSecond ?? 0));
}
