/** Cells by two labellings of the same cells. */
export interface Contingency {
  /** Distinct names of the first labelling, in code-point order. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [rows × columns] cells, row by row. */
  readonly counts: Float64Array;
  /** [rows] and [columns] sums. */
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  readonly cells: number;
}

/**
 * Counts of cells by first × second label. Names given in `rows` or `columns` are kept in that order even where no cell
 * carries them; further names follow in code-point order.
 */
export function contingency(
  first: readonly string[],
  second: readonly string[],
  names: { readonly rows?: readonly string[]; readonly columns?: readonly string[] } = {},
): Contingency {
  if (first.length !== second.length) {
    throw new RangeError(`contingency: ${first.length} labels against ${second.length}`);
  }
  const rows = withNames(names.rows ?? [], first);
  const columns = withNames(names.columns ?? [], second);
  const rowOf = new Map(rows.map((name, place) => [name, place]));
  const columnOf = new Map(columns.map((name, place) => [name, place]));
  const counts = new Float64Array(rows.length * columns.length);
  const rowSums = new Float64Array(rows.length);
  const columnSums = new Float64Array(columns.length);
  first.forEach((name, cell) => {
    const row = rowOf.get(name)!;
    const column = columnOf.get(second[cell]!)!;
    counts[row * columns.length + column]!++;
    rowSums[row]!++;
    columnSums[column]!++;
  });
  return { rows, columns, counts, rowSums, columnSums, cells: first.length };
}

/** Distinct names in code-point order, the order in which labels are numbered. */
export function distinctNames(labels: Iterable<string>): string[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function withNames(first: readonly string[], labels: readonly string[]): string[] {
  const known = new Set(first);
  return [...first, ...distinctNames(labels).filter((name) => !known.has(name))];
}
