/** Engines that this version cannot use, and what that means for a person. */
export const notHere = {
  webgpu: {
    title: 'Graphics card by WebGPU',
    reason: 'this version has no WebGPU engine.',
    whatToInstall: null,
  },
  cuda: {
    title: 'NVIDIA graphics card by CUDA',
    reason: 'this version has no CUDA engine.',
    whatToInstall: null,
  },
} as const;
