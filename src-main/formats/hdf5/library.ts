import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as h5wasm from 'h5wasm/node';

/** The compiled HDF5 library: its functions on file numbers and paths, and its memory. */
export type Hdf5Library = Awaited<typeof h5wasm.ready>;
export type Hdf5Api = typeof h5wasm;

/** One running copy of the library. */
export interface Hdf5 {
  readonly library: Hdf5Library;
  readonly api: Hdf5Api;
  /** Runs a call that cleans up after itself and tells failure by a negative number; throws what the library complained of. */
  readonly checked: (call: () => number) => void;
}

/** What the library complained of when a call failed. */
export class Hdf5CallFailed extends Error {
  override readonly name = 'Hdf5CallFailed';
}

let current: Promise<Hdf5> | undefined;
let copies = 0;

/**
 * Loads the HDF5 library, one copy for all files: it throws its errors instead of printing them, and knows the filters
 * lzf, zstd, blosc, lz4, bitshuffle and bzip2 beside its own gzip and szip.
 */
export function loadHdf5(): Promise<Hdf5> {
  current ??= load();
  return current;
}

/**
 * Leaves this copy of the library to the files that are open in it; the next file gets a fresh one. Needed after an
 * error was thrown through the library, which then never lets go of the file: opening the mended file in the same copy
 * would show the damaged one.
 */
export function retireHdf5(): void {
  current = undefined;
}

async function load(): Promise<Hdf5> {
  // Electron's main process has a `navigator`, which the library takes for a web page without a disk.
  const navigator = process.versions.electron ? Object.getOwnPropertyDescriptor(globalThis, 'navigator') : undefined;
  if (navigator?.configurable) Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true });
  try {
    const address = import.meta.resolve('h5wasm/node');
    const api = (await import(copies === 0 ? address : `${address}?copy=${copies}`)) as Hdf5Api;
    copies++;
    const library = await api.ready;
    const plugins = join(dirname(createRequire(import.meta.url).resolve('h5wasm-plugins')), 'plugins');
    library.insert_plugin_search_path(plugins, 0);
    library.activate_throwing_error_handler();
    return { library, api, checked: checkedCalls(library) };
  } finally {
    if (navigator?.configurable) Object.defineProperty(globalThis, 'navigator', navigator);
  }
}

/** Where the library's own messages go; the part of its file system that is used here. */
interface FileSystem {
  write: (stream: { fd: number }, buffer: Int8Array, offset: number, length: number, position?: number) => number;
}

function checkedCalls(library: Hdf5Library): Hdf5['checked'] {
  let printed = '';
  const files = library.FS as unknown as FileSystem;
  const writeToDisk = files.write;
  const decoder = new TextDecoder();
  files.write = (stream, buffer, offset, length, position) => {
    if (stream.fd !== 2) return writeToDisk(stream, buffer, offset, length, position);
    printed += decoder.decode(buffer.slice(offset, offset + length));
    return length;
  };
  return (call) => {
    printed = '';
    library.deactivate_throwing_error_handler();
    try {
      if (call() < 0) throw new Hdf5CallFailed(printed);
    } finally {
      library.activate_throwing_error_handler();
    }
  };
}
