import { type CsrMatrix, takeRows } from '#core/data/csr-matrix';
import { stackRows } from '../read-rows.ts';
import { TurnedRows } from '../spill/turned-rows.ts';
import { type ReadOptions, rowRange, type RowSample } from '../text/row-source.ts';
import type { CsvLayout } from './csv-layout.ts';
import { RowCursor } from './row-cursor.ts';
import type { RowNames } from './row-names.ts';
import type { RowParser } from './row-parser.ts';
import { sampleTable, turnTable } from './turn-table.ts';

/** Where the numbers of a table's cells come from. */
export interface CellSource {
  /** Values that are not 0, where they were counted. */
  readonly stored: number | null;
  /** Cells from … to−1: [to − from, features]. */
  read(from: number, to: number): Promise<CsrMatrix>;
  /** Does the work of the first `read`, once. */
  prepare(options: ReadOptions): Promise<void>;
  /** Some cells, as far as they can be seen in about `budgetMs`; null where `read` is quick anywhere. */
  sample(count: number, budgetMs: number): Promise<RowSample | null>;
  close(): void;
}

/** A table and what its rows are called. */
export interface NamedTable {
  readonly path: string;
  readonly layout: CsvLayout;
  readonly parser: RowParser;
  readonly rows: RowNames;
}

/**
 * A small table in memory.
 * @param share of the features that the cells were read with, 0 … 1
 */
export function cellsInMemory(matrix: CsrMatrix, share: number): CellSource {
  return {
    stored: matrix.values.length,
    read: (from, to) => Promise.resolve(rowRange(matrix, from, to)),
    prepare: () => Promise.resolve(),
    sample: (count) => {
      if (share === 1) return Promise.resolve(null);
      const step = Math.max(1, Math.ceil(matrix.rows / count));
      const spread = Uint32Array.from({ length: Math.ceil(matrix.rows / step) }, (_, i) => i * step);
      return Promise.resolve({ matrix: takeRows(matrix, spread), wholeRows: false, seen: share });
    },
    close: () => undefined,
  };
}

/** A large table of cells × features: cells are read where they lie. */
export function cellsInFile({ path, layout, parser, rows }: NamedTable): CellSource {
  const cursor = new RowCursor(path, layout, parser, rows.places);
  return {
    stored: null,
    read: (from, to) => cursor.read(from, to),
    prepare: () => Promise.resolve(),
    sample: async (count, budgetMs) => {
      if (rows.places.length > 0) return null;
      const started = performance.now();
      const wanted = Math.min(count, rows.names.length);
      const parts: CsrMatrix[] = [];
      for (let from = 0; from < wanted && (from === 0 || performance.now() - started < budgetMs); from += 20) {
        parts.push(await cursor.read(from, Math.min(wanted, from + 20)));
      }
      return { matrix: stackRows(parts, layout.numberColumns.length), wholeRows: true };
    },
    close: () => cursor.close(),
  };
}

/** A large table of features × cells: it is turned over when the first cells are read. */
export function cellsInColumns({ path, layout, parser, rows }: NamedTable): CellSource {
  const turned = new TurnedRows((options) => turnTable(path, layout, parser, rows.names.length, options));
  return {
    stored: null,
    read: (from, to) => turned.rows(from, to),
    prepare: (options) => turned.prepare(options),
    sample: (count, budgetMs) => sampleTable(path, layout, parser, rows.extent, { count, budgetMs }),
    close: () => turned.close(),
  };
}
