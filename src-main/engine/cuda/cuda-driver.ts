import type { EngineDriver } from '../engine-driver.ts';
import { neededVersions, whyNotCuda } from './why-not-cuda.ts';

/** NVIDIA cards by libtensorflow 2.9.1; recent cards may not run it, so it is never the only way to a card. */
export const cudaDriver: EngineDriver = {
  name: 'cuda',
  title: 'NVIDIA graphics card by CUDA',
  trialSeconds: 60, // more than a gigabyte of libraries is read from disk
  whenTrialFails: `Install the newest driver of the NVIDIA card, ${neededVersions}; or choose the engine webgpu, which needs no more than the driver.`,
  whyNot: () => Promise.resolve(whyNotCuda()),
  start: async () => (await import('./start-cuda.ts')).startCuda(),
};
