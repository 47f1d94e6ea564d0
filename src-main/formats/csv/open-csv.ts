import type { CancelSignal } from '#core/base/cancel';
import { type Column, textAt } from '#core/data/column';
import type { CellEmbedding, FeatureTable } from '#core/data/study';
import { detectIdType } from '../detect/id-type.ts';
import type { MatrixSlot } from '../study-file.ts';
import type { PreparedStudyFile } from '../text/row-source.ts';
import { CsvContent } from './csv-content.ts';
import { csvLayout, type CsvLayout } from './csv-layout.ts';
import type { TableExtent } from './table-extent.ts';

export interface CsvOptions {
  /** The other orientation than the one the names speak for. */
  readonly transpose?: boolean;
  /** Read names for this time only, and what was named then; for a look at a large file. */
  readonly budgetMs?: number;
  /** Both belong to the reading of the names, which comes when they are asked for. */
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction of all reading done, 0 … 1. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

export interface CsvFile extends PreparedStudyFile {
  readonly layout: CsvLayout;
  readonly cellsInRows: boolean;
  /** Rows of the table: those that were read, and those that there are, extrapolated until all names have been read. */
  readonly extent: TableExtent;
}

/**
 * Opens a CSV or TSV (gzip or not) of cells × features or features × cells: names in the first row and first column.
 * Columns of text become columns of the cells (or features) in the rows.
 *
 * Opening looks at the first lines only. A table states neither its size nor its names at its start: when the names of
 * its rows are wanted, the beginnings of all lines are read, and until then the slot's size is an estimate. Rows are
 * parsed when they are read, block by block; features × cells are turned over on the first read, through a temporary
 * file where they do not fit into memory. A small table is read whole with its names, and kept.
 *
 * Throws what `csvLayout` throws. Reading throws, with the line: `reading.csv-ragged`, `reading.csv-not-a-number`,
 * `reading.csv-decimal-comma`, `reading.csv-quotes`, `reading.csv-no-name`, `reading.text-not-finite`.
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<CsvFile> {
  const layout = await csvLayout(path);
  const cellsInRows = layout.cellsInRows !== (options.transpose ?? false);
  const content = new CsvContent(path, layout, cellsInRows, options);
  const across = layout.numberColumns.map((column) => layout.header[column]!);
  const separator = { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'bar', ' ': 'blank' }[layout.delimiter];
  const slot: MatrixSlot = {
    id: 'matrix',
    modalityName: null,
    modality: null,
    get cells() {
      return cellsInRows ? content.rows : across.length;
    },
    get features() {
      return cellsInRows ? across.length : content.rows;
    },
    storage: 'text',
    get stored() {
      return content.stored;
    },
  };
  return {
    format: 'csv',
    dialect: `table separated by ${separator}, ${cellsInRows ? 'cells' : 'features'} in rows`,
    path,
    slots: [slot],
    skipped: [],
    layout,
    cellsInRows,
    get extent() {
      return content.extent;
    },
    readCells: async () => {
      if (!cellsInRows) return { ids: across, columns: new Map<string, Column>() };
      const { names, columns } = await content.names();
      return { ids: names, columns };
    },
    readFeatures: async () => {
      if (cellsInRows) return featureTable(across, new Map());
      const { names, columns } = await content.names();
      return featureTable(names, columns);
    },
    readRows: (_, from, to) => content.read(from, to),
    prepareRows: (_, reading = {}) => content.prepare(reading),
    sampleRows: (_, cells, budgetMs) => content.sample(cells, budgetMs),
    readEmbeddings: () => Promise.resolve(new Map<string, CellEmbedding>()),
    close: () => content.close(),
  };
}

/** A column of symbols beside Ensembl ids gives the names that people read. */
function featureTable(ids: readonly string[], columns: ReadonlyMap<string, Column>): FeatureTable {
  const { idType } = detectIdType(ids);
  const symbols = [...columns].find(([name, column]) => /symbol|gene_?name/i.test(name) && column.kind !== 'number');
  const names = ids.map((id, i) => (symbols === undefined ? id : (textAt(symbols[1], i) ?? id)));
  return { ids, names: idType === 'ensembl' ? names : ids, idType, columns };
}
