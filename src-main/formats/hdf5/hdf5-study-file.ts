import { AppError } from '#core/base/app-error';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { CellEmbedding, CellTable, FeatureTable } from '#core/data/study';
import type { FormatName, MatrixSlot, SkippedPart } from '../study-file.ts';
import type { PreparedStudyFile, ReadOptions, RowSample } from '../text/row-source.ts';
import type { Hdf5File } from './hdf5-file.ts';

/** One matrix of an HDF5 file with what belongs to it; each call reads. */
export interface SlotReader {
  readonly slot: MatrixSlot;
  readonly cells: () => CellTable;
  readonly features: () => FeatureTable;
  readonly rows: (from: number, to: number) => CsrMatrix | Promise<CsrMatrix>;
  readonly embeddings: () => ReadonlyMap<string, CellEmbedding>;
  /** For a matrix whose rows do not lie in the file as rows. */
  readonly turning?: {
    readonly prepare: (options: ReadOptions) => Promise<void>;
    /** Null where the whole matrix is turned over as quickly. */
    readonly sample: (cells: number, budgetMs: number) => RowSample | Promise<RowSample> | null;
    readonly close: () => void;
  };
}

/** What was left out of a file, each place once. */
export class SkippedParts {
  readonly parts: SkippedPart[] = [];

  add(place: string, reason: string): void {
    if (!this.parts.some((part) => part.place === place)) this.parts.push({ place, reason });
  }

  /** The result, or undefined with the place added to the list where it cannot be read. Faults of ours go through. */
  attempt<T>(place: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.add(place, error.message);
      return undefined;
    }
  }
}

/** An open HDF5 file as a `StudyFile`. `skipped` grows as parts are read and found unreadable. */
export function hdf5StudyFile(parts: {
  readonly file: Hdf5File;
  readonly format: FormatName;
  readonly dialect: string;
  readonly readers: readonly SlotReader[];
  readonly skipped: SkippedParts;
}): PreparedStudyFile {
  const { file, format, dialect, readers, skipped } = parts;
  const readerOf = (slot: MatrixSlot): SlotReader => {
    const reader = readers.find((candidate) => candidate.slot.id === slot.id);
    if (reader === undefined) throw new Error(`${file.path} has no matrix ${slot.id}`);
    return reader;
  };
  return {
    format,
    dialect,
    path: file.path,
    slots: readers.map((reader) => reader.slot),
    skipped: skipped.parts,
    readCells: async (slot) => readerOf(slot).cells(),
    readFeatures: async (slot) => readerOf(slot).features(),
    readRows: async (slot, from, to) => {
      if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= slot.cells)) {
        throw new RangeError(`rows ${from} … ${to} of ${slot.cells}`);
      }
      return readerOf(slot).rows(from, to);
    },
    prepareRows: async (slot, options = {}) => readerOf(slot).turning?.prepare(options),
    sampleRows: async (slot, cells, budgetMs) => readerOf(slot).turning?.sample(cells, budgetMs) ?? null,
    readEmbeddings: async (slot) => readerOf(slot).embeddings(),
    close: () => {
      for (const reader of readers) reader.turning?.close();
      file.close();
    },
  };
}
