import type { EngineDriver } from '../engine-driver.ts';
import { newestDriver, whyNotWebGpu } from './why-not-webgpu.ts';

/** Any graphics card, without a toolkit: Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  title: 'Graphics card by WebGPU',
  trialSeconds: 40,
  whenTrialFails: newestDriver[process.platform] ?? null,
  whyNot: () => Promise.resolve(whyNotWebGpu()),
  start: async () => (await import('./start-webgpu.ts')).startWebGpu(),
};
