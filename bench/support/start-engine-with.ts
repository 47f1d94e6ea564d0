import type { EngineName, StartedEngine } from '#engine/engine-report';
import { type EngineOptions, startEngine } from '#engine/start-engine';

/** Starts an engine with so many threads; without a number, with as many as pay. */
export async function startEngineWith(engine: EngineName, threads: number | undefined): Promise<StartedEngine> {
  const options: EngineOptions & { threads?: number } = threads === undefined ? {} : { threads };
  return startEngine(engine, options);
}
