import { AppError } from '#core/base/app-error';
import type { EngineChoice, StartedEngine } from './engine-report.ts';
import { notHere } from './not-here.ts';
import { startWasm } from './wasm/start-wasm.ts';

export interface EngineOptions {
  /** Folder with the .wasm files of the WebAssembly backend; without it they are found beside its package. */
  readonly wasmFolder?: string;
}

/**
 * Starts what computes in this process and tells what it is and why it was taken. Must be awaited before any tensor is made.
 *
 * One engine per process: a second call gives the running one.
 * `auto` takes the fastest engine that can run here.
 */
export async function startEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<StartedEngine> {
  if (choice === 'webgpu' || choice === 'cuda') {
    throw new AppError('training.engine-not-here', { engine: choice, reason: notHere[choice].reason, running: 'wasm' });
  }
  started ??= start(options);
  const engine = await started;
  return choice === 'auto' ? { ...engine, reason: 'Taken by itself: it is the engine that can compute here.' } : engine;
}

let started: Promise<StartedEngine> | undefined;

async function start(options: EngineOptions): Promise<StartedEngine> {
  const { threads } = await startWasm(options.wasmFolder);
  return {
    name: 'wasm',
    description: `CPU by WebAssembly SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    reason: 'Chosen by name.',
  };
}
