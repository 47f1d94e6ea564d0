import type { EngineDriver } from '../engine-driver.ts';
import { whyNotWebGpu } from './why-not-webgpu.ts';

/** Any graphics card, without a toolkit: Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS. */
export const webgpuDriver: EngineDriver = {
  name: 'webgpu',
  title: 'Graphics card by WebGPU',
  trialSeconds: 40,
  whyNot: () => Promise.resolve(whyNotWebGpu()),
  start: async () => (await import('./start-webgpu.ts')).startWebGpu(),
};
