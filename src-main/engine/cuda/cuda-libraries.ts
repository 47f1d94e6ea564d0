/** The libraries that libtensorflow 2.9.1 opens before it uses a card; without any one of them it silently takes the processor. */
const libraries: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    'libcuda.so.1',
    'libcudart.so.11.0',
    'libcublas.so.11',
    'libcublasLt.so.11',
    'libcufft.so.10',
    'libcurand.so.10',
    'libcusolver.so.11',
    'libcusparse.so.11',
    'libcudnn.so.8',
  ],
  win32: [
    'nvcuda.dll',
    'cudart64_110.dll',
    'cublas64_11.dll',
    'cublasLt64_11.dll',
    'cufft64_10.dll',
    'curand64_10.dll',
    'cusolver64_11.dll',
    'cusparse64_11.dll',
    'cudnn64_8.dll',
  ],
};

/** Those of the needed libraries that the loader of this system does not find. Loads the others: only for a process that starts CUDA. */
export function missingLibraries(names = libraries[process.platform] ?? []): readonly string[] {
  return names.filter((name) => !loads(name));
}

/** Asks the system's own loader, which knows every place it looks in. */
function loads(name: string): boolean {
  try {
    process.dlopen({ exports: {} }, name);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register'); // loaded; it is no module of Node
  }
}
