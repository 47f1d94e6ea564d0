import type { Column } from '#core/data/column';
import type { CellEmbedding, CellTable, FeatureTable } from '#core/data/study';

/** Some rows of a column, in the order named. */
export function takeFromColumn(column: Column, which: ArrayLike<number>): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: Array.from(which, (i) => column.values[i]!) };
    case 'categories':
      return { ...column, codes: Int32Array.from(which, (i) => column.codes[i]!) };
    case 'number':
      return { kind: 'number', values: Float64Array.from(which, (i) => column.values[i]!) };
    case 'boolean':
      return { kind: 'boolean', values: Uint8Array.from(which, (i) => column.values[i]!) };
  }
}

/** Some cells of a table, in the order named. */
export function takeCells(cells: CellTable, which: ArrayLike<number>): CellTable {
  const columns = new Map<string, Column>();
  for (const [name, column] of cells.columns) columns.set(name, takeFromColumn(column, which));
  return { ids: Array.from(which, (i) => cells.ids[i]!), columns };
}

/** Some features of a table, in the order named. */
export function takeFeatures({ ids, names, idType, columns }: FeatureTable, which: ArrayLike<number>): FeatureTable {
  const taken = new Map<string, Column>();
  for (const [name, column] of columns) taken.set(name, takeFromColumn(column, which));
  return {
    ids: Array.from(which, (i) => ids[i]!),
    names: Array.from(which, (i) => names[i]!),
    idType,
    columns: taken,
  };
}

/** Some rows of an embedding: [which.length, width]. */
export function takeFromEmbedding({ width, values }: CellEmbedding, which: ArrayLike<number>): CellEmbedding {
  const taken = new Float32Array(which.length * width);
  for (let i = 0; i < which.length; i++) {
    taken.set(values.subarray(which[i]! * width, (which[i]! + 1) * width), i * width);
  }
  return { width, values: taken };
}
