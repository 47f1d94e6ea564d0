/** Labels that query cells came with: `codes[cell]` points into `categories`, anything outside is missing. */
export interface OwnLabels {
  readonly categories: readonly string[];
  readonly codes: ArrayLike<number>;
}

/** How many query cells of each own label are shown under each label. */
export interface LabelFlows {
  /** Own labels that cells have: those of the reference in its order, then others by name. */
  readonly rows: readonly string[];
  /** Labels that cells are shown under: those of `rows` first, so that agreement lies on the diagonal; Unknown last. */
  readonly columns: readonly string[];
  /** [rows × columns] cells, row by row. */
  readonly counts: Uint32Array;
  /** [rows] cells. */
  readonly rowCells: readonly number[];
  /** [query cells] row and column of each cell; −1 for cells without an own label. */
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
  /** Cells that have an own label. */
  readonly cells: number;
  /** Of the cells whose own label the reference has: how many there are, and how many are shown under just that label. */
  readonly shared: number;
  readonly agreeing: number;
}

/**
 * Own labels against the labels shown. Columns are those that cells with an own label can be shown under at any threshold,
 * so that nothing jumps while the threshold moves.
 *
 * @param shown [query cells] number of the label shown; −1 is Unknown
 * @param predicted [query cells] number of the most probable label
 * @param labels of the reference
 * @param unknown how Unknown is called
 */
export function labelFlows(
  own: OwnLabels,
  {
    shown,
    predicted,
    labels,
    unknown,
  }: {
    readonly shown: Int32Array;
    readonly predicted: Int32Array;
    readonly labels: readonly string[];
    readonly unknown: string;
  },
): LabelFlows {
  const held = new Set<string>();
  const reached = new Set<number>();
  for (let cell = 0; cell < shown.length; cell++) {
    const name = own.categories[own.codes[cell]!];
    if (name === undefined) continue;
    held.add(name);
    reached.add(predicted[cell]!);
  }
  const ofReference = labels.filter((name) => held.has(name));
  const rows = [...ofReference, ...[...held].filter((name) => !labels.includes(name)).sort()];
  const others = labels.filter((name, label) => !held.has(name) && reached.has(label));
  const columns = [...ofReference, ...others, unknown];
  const rowPlace = new Map(rows.map((name, row) => [name, row]));
  const rowOfCode = own.categories.map((name) => rowPlace.get(name) ?? -1);
  // the last column is Unknown, whatever a label of the reference is called
  const columnPlace = new Map(columns.slice(0, -1).map((name, column) => [name, column]));
  const columnOfLabel = labels.map((name) => columnPlace.get(name) ?? -1);
  const counts = new Uint32Array(rows.length * columns.length);
  const rowOf = new Int32Array(shown.length);
  const columnOf = new Int32Array(shown.length);
  for (let cell = 0; cell < shown.length; cell++) {
    const row = rowOfCode[own.codes[cell]!] ?? -1;
    const column = row === -1 ? -1 : shown[cell] === -1 ? columns.length - 1 : columnOfLabel[shown[cell]!]!;
    rowOf[cell] = row;
    columnOf[cell] = column;
    if (row !== -1) counts[row * columns.length + column]!++;
  }
  const rowCells = rows.map((_, row) =>
    counts.subarray(row * columns.length, (row + 1) * columns.length).reduce((sum, cells) => sum + cells, 0),
  );
  return {
    rows,
    columns,
    counts,
    rowCells,
    rowOf,
    columnOf,
    cells: rowCells.reduce((sum, cells) => sum + cells, 0),
    shared: rowCells.slice(0, ofReference.length).reduce((sum, cells) => sum + cells, 0),
    agreeing: ofReference.reduce((sum, _, row) => sum + counts[row * columns.length + row]!, 0),
  };
}

/** The cells of a row and a column, by place, rising; null stands for any, of those that have an own label. */
export function cellsOfFlow(flows: LabelFlows, row: number | null, column: number | null): Uint32Array {
  const cells: number[] = [];
  for (let cell = 0; cell < flows.rowOf.length; cell++) {
    if (flows.rowOf[cell] === -1) continue;
    if (row !== null && flows.rowOf[cell] !== row) continue;
    if (column === null || flows.columnOf[cell] === column) cells.push(cell);
  }
  return Uint32Array.from(cells);
}

/** One way from an own label to a label shown that cells take. */
export interface FlowLine {
  readonly row: number;
  readonly column: number;
  readonly from: string;
  readonly to: string;
  readonly cells: number;
  /** Of all cells of the own label. */
  readonly share: number;
  readonly agrees: boolean;
}

/** Every way that cells take, the widest first; ties in the order of rows, then columns. */
export function flowLines({ rows, columns, counts, rowCells }: LabelFlows): readonly FlowLine[] {
  const lines = rows.flatMap((from, row) =>
    columns.flatMap((to, column): FlowLine[] => {
      const cells = counts[row * columns.length + column]!;
      if (cells === 0) return [];
      return [
        {
          ...{ row, column, from, to, cells, share: cells / rowCells[row]! },
          agrees: from === to && column < columns.length - 1,
        },
      ];
    }),
  );
  return lines.sort((a, b) => b.cells - a.cells);
}
