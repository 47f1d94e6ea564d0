/** A column of a cell or feature table. Every form knows "missing". */
export type Column =
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  /** `codes[i]` points into `categories`; −1 is missing. */
  | {
      readonly kind: 'categories';
      readonly codes: Int32Array;
      readonly categories: readonly string[];
      readonly ordered: boolean;
    }
  /** NaN is missing. */
  | { readonly kind: 'number'; readonly values: Float64Array }
  /** 0 false, 1 true, 2 missing. */
  | { readonly kind: 'boolean'; readonly values: Uint8Array };

/** The number of rows of a column. */
export function columnLength(column: Column): number {
  return column.kind === 'categories' ? column.codes.length : column.values.length;
}

/** One cell of a column as text, or null where it is missing. Numbers are written as JavaScript writes them. */
export function textAt(column: Column, row: number): string | null {
  switch (column.kind) {
    case 'text':
      return column.values[row] ?? null;
    case 'categories': {
      const code = column.codes[row]!;
      return code < 0 ? null : column.categories[code]!;
    }
    case 'number': {
      const value = column.values[row]!;
      return Number.isNaN(value) ? null : String(value);
    }
    case 'boolean':
      return column.values[row] === 2 ? null : column.values[row] === 1 ? 'true' : 'false';
  }
}

/** The whole column as text; null where it is missing. */
export function columnTexts(column: Column): (string | null)[] {
  return Array.from({ length: columnLength(column) }, (_, row) => textAt(column, row));
}
