import type { Column } from '#core/data/column';
import type { CellEmbedding } from '#core/data/study';

/** For each cell the row of the common table that has its name, the first where several have it; −1 where none has: [cells]. */
export function rowsOfCells(index: readonly string[], cells: readonly string[]): Int32Array {
  const rowOf = new Map<string, number>();
  index.forEach((name, row) => {
    if (!rowOf.has(name)) rowOf.set(name, row);
  });
  return Int32Array.from(cells, (cell) => rowOf.get(cell) ?? -1);
}

/** The named rows of a column, in the order named; −1 gives a missing value. */
export function columnRows(column: Column, rows: Int32Array): Column {
  switch (column.kind) {
    case 'text':
      return { kind: 'text', values: Array.from(rows, (row) => column.values[row] ?? null) };
    case 'number':
      return { kind: 'number', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) };
    case 'boolean':
      return { kind: 'boolean', values: Uint8Array.from(rows, (row) => column.values[row] ?? 2) };
    case 'categories':
      return { ...column, codes: rows.map((row) => column.codes[row] ?? -1) };
  }
}

/** The named rows of an embedding, in the order named; each must exist. */
export function embeddingRows(embedding: CellEmbedding, rows: Int32Array): CellEmbedding {
  const { width } = embedding;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(embedding.values.subarray(row * width, (row + 1) * width), i * width));
  return { width, values };
}
