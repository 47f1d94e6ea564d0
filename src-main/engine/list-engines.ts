import type { EngineReport } from './engine-report.ts';
import { measureGigaflops } from './measure-gigaflops.ts';
import { notHere } from './not-here.ts';
import { startEngine } from './start-engine.ts';

/**
 * Every engine with whether it can compute here, why, what to install, and how fast it is. Starts the engine that can run
 * in this process and times a short sparse product on it, which takes well under a second.
 */
export async function listEngines(): Promise<readonly EngineReport[]> {
  const { description } = await startEngine('wasm');
  return [
    {
      name: 'wasm',
      title: description,
      canRun: true,
      reason: 'WebAssembly is part of the application and runs on every computer.',
      whatToInstall: null,
      gigaflops: await measureGigaflops(),
    },
    { name: 'webgpu', ...notHere.webgpu, canRun: false, gigaflops: null },
    { name: 'cuda', ...notHere.cuda, canRun: false, gigaflops: null },
  ];
}
