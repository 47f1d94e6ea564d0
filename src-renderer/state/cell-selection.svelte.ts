/** Query cells that a person picked out, on the map or in the table: every view of a result shows the same ones. */
export class CellSelection {
  /** Places of the selected cells, rising; empty for none. */
  cells = $state.raw<Uint32Array>(new Uint32Array());
  readonly count = $derived(this.cells.length);
  readonly #total: () => number;
  /** [query cells] 1 for selected cells; null without a selection. */
  readonly flags = $derived.by(() => {
    if (this.cells.length === 0) return null;
    const flags = new Uint8Array(this.#total());
    for (const cell of this.cells) flags[cell] = 1;
    return flags;
  });

  /** @param total gives the number of query cells */
  constructor(total: () => number) {
    this.#total = total;
  }

  /** @param cells places of query cells, rising, each once */
  take(cells: Uint32Array, how: 'replace' | 'add' | 'remove' = 'replace'): void {
    if (how === 'replace') {
      this.cells = cells;
      return;
    }
    const flags = this.flags?.slice() ?? new Uint8Array(this.#total());
    for (const cell of cells) flags[cell] = how === 'add' ? 1 : 0;
    this.cells = placesOf(flags, 1);
  }

  toggle(cell: number): void {
    this.take(Uint32Array.of(cell), this.flags?.[cell] === 1 ? 'remove' : 'add');
  }

  clear(): void {
    this.cells = new Uint32Array();
  }
}

/** The places of a value, rising. */
export function placesOf(values: ArrayLike<number>, value: number): Uint32Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === value) count++;
  const places = new Uint32Array(count);
  for (let i = 0, at = 0; i < values.length; i++) if (values[i] === value) places[at++] = i;
  return places;
}
