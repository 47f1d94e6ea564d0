import { cudaDriver } from './cuda/cuda-driver.ts';
import type { EngineDriver } from './engine-driver.ts';
import type { EngineName } from './engine-report.ts';
import { webgpuDriver } from './webgpu/webgpu-driver.ts';

const wasmDriver: EngineDriver = {
  name: 'wasm',
  title: 'Processor by WebAssembly',
  trialSeconds: 30,
  whenTrialFails:
    'Set CELLPREDX_REGISTERS=128 in the environment and start the application again; if that does not help, install it again.',
  whyNot: () => Promise.resolve(null),
  async start(options) {
    const { startWasm } = await import('./wasm/start-wasm.ts');
    const { threads } = await startWasm(undefined, options?.threads);
    return {
      description: `CPU by WebAssembly SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      threads,
    };
  },
};

/** Every engine, in the order in which they are tried: a graphics card first, what runs everywhere last. */
export const engineDrivers: Readonly<Record<EngineName, EngineDriver>> = {
  cuda: cudaDriver,
  webgpu: webgpuDriver,
  wasm: wasmDriver,
};
