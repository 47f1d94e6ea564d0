import { AppError } from '#core/base/app-error';
import { Hdf5CallFailed } from './library.ts';

/** Filters of HDF5 by their registered number, in the words of a message. */
const filterNames: Readonly<Record<number, string>> = {
  1: 'gzip',
  4: 'szip',
  307: 'bzip2',
  32000: 'lzf',
  32001: 'blosc',
  32004: 'lz4',
  32008: 'bitshuffle',
  32013: 'zfp',
  32015: 'zstd',
  32017: 'sz',
  32024: 'sz3',
  32026: 'blosc2',
};

/** A failure of the library while opening a file, as an error of the catalogue. */
export function openingError(error: unknown, file: string, bytes: number): unknown {
  if (error instanceof AppError || !isLibraryError(error)) return error;
  const cut = /truncated file: eof = (\d+), sblock->base_addr = (\d+), stored_eof = (\d+)/.exec(error.message);
  if (cut !== null) {
    const expectedBytes = Number(cut[2]) + Number(cut[3]);
    return new AppError('reading.hdf5-truncated', { file, bytes, expectedBytes }, { cause: error });
  }
  return new AppError('reading.hdf5-damaged', { file, reason: reasonOf(error) }, { cause: error });
}

/** A failure of the library while reading a part of a file, as an error of the catalogue. @param filters numbers of the part's filters */
export function readingError(
  error: unknown,
  file: string,
  place: string,
  filters: readonly { id: number; name: string }[],
): unknown {
  if (error instanceof AppError || !isLibraryError(error)) return error;
  const foreign = filters.filter(({ id }) => id > 6);
  if (
    foreign.length > 0 &&
    /filter.*(not registered|not available|unavailable)|unable to load|can't open directory|plugin/i.test(error.message)
  ) {
    const filter = foreign.map(({ id, name }) => filterNames[id] ?? (name || `filter ${id}`)).join(', ');
    return new AppError('reading.compression-unavailable', { file, place, filter }, { cause: error });
  }
  return new AppError('reading.part-unreadable', { file, place, reason: reasonOf(error) }, { cause: error });
}

/** Whether the HDF5 library itself complained, as opposed to a fault of ours. */
export function isLibraryError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (/HDF5-DIAG|Error detected in HDF5|memory|error - name not defined/i.test(error.message) ||
      error instanceof Hdf5CallFailed ||
      error.name === 'RuntimeError')
  );
}

/** What the innermost step of the library complained of, e.g. "inflate() failed". */
export function reasonOf(error: Error): string {
  const steps = [...error.message.matchAll(/#\d+: \S+ line \d+ in [^:]+: (.+)/g)];
  const innermost = steps.at(-1)?.[1]?.trim();
  return innermost ?? error.message.split('\n')[0] ?? error.message;
}
