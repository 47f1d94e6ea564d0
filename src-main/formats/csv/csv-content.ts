import { type CsrMatrix, transpose } from '#core/data/csr-matrix';
import type { ReadOptions, RowSample } from '../text/row-source.ts';
import { cellsInColumns, cellsInFile, cellsInMemory, type CellSource } from './cell-sources.ts';
import type { CsvLayout } from './csv-layout.ts';
import { readWhole } from './read-whole.ts';
import { type LookOptions, readRowNames, type RowNames } from './row-names.ts';
import { RowParser } from './row-parser.ts';
import type { TableExtent } from './table-extent.ts';

/** Share of the work that going over the names of a large table takes; the rest is reading its numbers. */
const namesShare = 0.1;

interface Loaded {
  readonly rows: Omit<RowNames, 'places'>;
  readonly cells: CellSource;
}

/** The names and numbers of a table, read when they are asked for: what is small at once, what is large piece by piece. */
export class CsvContent {
  readonly #path: string;
  readonly #layout: CsvLayout;
  readonly #cellsInRows: boolean;
  readonly #options: LookOptions;
  #loading: Promise<Loaded> | null = null;
  #loaded: Loaded | null = null;

  /** @param options what reading the names takes along, whenever that is */
  constructor(path: string, layout: CsvLayout, cellsInRows: boolean, options: LookOptions) {
    this.#path = path;
    this.#layout = layout;
    this.#cellsInRows = cellsInRows;
    this.#options = options;
  }

  /** Rows of the table as known so far; `read` of it are those that can be read. */
  get extent(): TableExtent {
    return this.#loaded?.rows.extent ?? this.#layout.extent;
  }

  /** Rows of the table that can be read; before their names were read an estimate. */
  get rows(): number {
    return this.#loaded === null ? this.extent.estimated : this.extent.read;
  }

  /** Values that are not 0; null where the table was not read whole. */
  get stored(): number | null {
    return this.#loaded?.cells.stored ?? null;
  }

  /** Names and columns of text of the table's rows. The first call reads them; a small table is then read whole. */
  async names(): Promise<Pick<RowNames, 'names' | 'columns'>> {
    return (await this.#load()).rows;
  }

  /** Does the work of the first `read`, once. */
  async prepare(options: ReadOptions): Promise<void> {
    await (await this.#load()).cells.prepare(options);
  }

  /** Cells from … to−1: [to − from, features]. */
  async read(from: number, to: number): Promise<CsrMatrix> {
    const { cells } = await this.#load();
    const count = this.#cellsInRows ? this.rows : this.#layout.numberColumns.length;
    if (!(from >= 0 && from <= to && to <= count)) throw new RangeError(`rows ${from} to ${to} of ${count}`);
    return cells.read(from, to);
  }

  /** Some cells, as far as they can be seen in about `budgetMs`; null where `read` is quick anywhere. */
  async sample(count: number, budgetMs: number): Promise<RowSample | null> {
    return (await this.#load()).cells.sample(count, budgetMs);
  }

  close(): void {
    this.#loaded?.cells.close();
  }

  async #load(): Promise<Loaded> {
    if (this.#loaded !== null) return this.#loaded;
    this.#loading ??= this.#read();
    try {
      this.#loaded = await this.#loading;
      return this.#loaded;
    } finally {
      this.#loading = null;
    }
  }

  async #read(): Promise<Loaded> {
    const [path, layout] = [this.#path, this.#layout];
    const parser = new RowParser(path, layout, this.#cellsInRows ? 'cell' : 'feature');
    const whole = await readWhole(path, layout, parser, this.#options);
    if (whole !== null) {
      const { matrix, ...rows } = whole;
      if (this.#cellsInRows) return { rows, cells: cellsInMemory(matrix, 1) };
      return { rows, cells: cellsInMemory(transpose(matrix), rows.extent.read / rows.extent.estimated) };
    }
    const { progress } = this.#options;
    const rows = await readRowNames(path, layout, parser, {
      ...this.#options,
      progress: (fraction) => progress?.(namesShare * fraction),
    });
    const table = { path, layout, parser, rows };
    return { rows, cells: this.#cellsInRows ? cellsInFile(table) : cellsInColumns(table) };
  }
}
