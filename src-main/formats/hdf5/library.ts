import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as h5wasm from 'h5wasm/node';

/** The compiled HDF5 library: its functions on file numbers and paths, and its memory. */
export type Hdf5Library = Awaited<typeof h5wasm.ready>;
export type Hdf5Api = typeof h5wasm;

let loaded: Promise<{ library: Hdf5Library; api: Hdf5Api }> | undefined;

/**
 * Loads the HDF5 library once per process: it throws its errors instead of printing them, and knows the
 * filters lzf, zstd, blosc, lz4, bitshuffle and bzip2 beside its own gzip and szip.
 */
export function loadHdf5(): Promise<{ library: Hdf5Library; api: Hdf5Api }> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<{ library: Hdf5Library; api: Hdf5Api }> {
  // Electron's main process has a `navigator`, which the library takes for a web page without a disk.
  const navigator = process.versions.electron ? Object.getOwnPropertyDescriptor(globalThis, 'navigator') : undefined;
  if (navigator?.configurable) Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true });
  try {
    const api = await import('h5wasm/node');
    const library = await api.ready;
    library.activate_throwing_error_handler();
    const plugins = join(dirname(createRequire(import.meta.url).resolve('h5wasm-plugins')), 'plugins');
    library.insert_plugin_search_path(plugins, 0);
    return { library, api };
  } finally {
    if (navigator?.configurable) Object.defineProperty(globalThis, 'navigator', navigator);
  }
}
