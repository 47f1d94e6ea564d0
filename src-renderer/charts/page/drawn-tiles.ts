import type { FigureTable } from '#core/figures/figure-table';
import {
  type HeatmapExtent,
  type HeatmapWindow,
  levelOf,
  TILE_COLUMNS,
  TILE_ROWS,
  type TileKey,
  tilesOf,
} from '../heatmap-tiles/heatmap-window.ts';
import { TileStore, type TileValues } from '../heatmap-tiles/tile-store.ts';

/** z-scores beyond this take the colours of the ends. */
export const LIMIT = 3;

interface DrawnTile extends TileValues {
  readonly rows: number;
  picture: HTMLCanvasElement;
  palette: Uint8Array;
}

/** The fields of a heatmap: fetched in tiles, each painted once per palette. */
export class DrawnTiles {
  readonly #store: TileStore<DrawnTile>;
  readonly #extent: HeatmapExtent;
  /** 256 colours of 4 bytes, for −LIMIT … LIMIT. */
  #palette: Uint8Array;

  /** @param fetch mean z-scores of rows `from` … `to`−1 */
  constructor(
    extent: HeatmapExtent,
    palette: Uint8Array,
    fetch: (from: number, to: number, level: number, tile: number) => Promise<TileValues>,
    hears: { readonly onchange: () => void; readonly onproblem: (error: unknown) => void },
  ) {
    this.#extent = extent;
    this.#palette = palette;
    this.#store = new TileStore<DrawnTile>(
      async ({ level, tile, band }) => {
        const [from, to] = [band * TILE_ROWS, Math.min(extent.rows, (band + 1) * TILE_ROWS)];
        const values = await fetch(from, to, level, tile);
        const rows = to - from;
        return { ...values, rows, palette: this.#palette, picture: pictureOf(values, rows, this.#palette) };
      },
      hears.onchange,
      hears.onproblem,
    );
  }

  /** Whether every tile that is wanted is there. */
  get settled(): boolean {
    return this.#store.settled;
  }

  /** Draws what is seen with its upper left corner at the origin of the context, and asks for what is missing. */
  draw(context: CanvasRenderingContext2D, view: HeatmapWindow, palette: Uint8Array): void {
    this.#palette = palette;
    const keys = tilesOf(view, this.#extent, levelOf(view));
    this.#store.want(keys);
    context.imageSmoothingEnabled = view.pixelsPerRow < 1;
    for (const key of keys) {
      const found = this.#known(key);
      if (found === null) continue;
      const { tile, at } = found;
      if (tile.palette !== palette) [tile.picture, tile.palette] = [pictureOf(tile, tile.rows, palette), palette];
      const cells = 2 ** at.level;
      const left = (at.tile * TILE_COLUMNS * cells - view.left) / view.cellsPerPixel;
      const top = (at.band * TILE_ROWS - view.top) * view.pixelsPerRow;
      const wide = (tile.columns * cells) / view.cellsPerPixel;
      context.drawImage(tile.picture, left, top, wide, tile.rows * view.pixelsPerRow);
    }
  }

  /** The value of a field, null while it is on its way, and of how many cells it is the mean. */
  valueAt(row: number, cell: number, level: number): { readonly value: number | null; readonly cells: number } {
    const tile = Math.floor(cell / (TILE_COLUMNS * 2 ** level));
    const found = this.#known({ level, tile, band: Math.floor(row / TILE_ROWS) });
    if (found === null) return { value: null, cells: 2 ** level };
    const cells = 2 ** found.at.level;
    const column = Math.floor(cell / cells) - found.at.tile * TILE_COLUMNS;
    return { value: found.tile.values[(row % TILE_ROWS) * found.tile.columns + column] ?? null, cells };
  }

  /** The numbers of what is seen: a row per feature, a column per cell, or per run of cells whose mean is shown. */
  table(view: HeatmapWindow, names: readonly string[]): FigureTable {
    const level = levelOf(view);
    const span = 2 ** level;
    const first = Math.floor(view.left / span) * span;
    const end = Math.min(this.#extent.cells, Math.ceil(view.left + view.width * view.cellsPerPixel));
    const starts = Array.from({ length: Math.max(0, Math.ceil((end - first) / span)) }, (_, i) => first + i * span);
    const last = Math.min(this.#extent.rows, Math.ceil(view.top + view.height / view.pixelsPerRow));
    const rows: (string | number | null)[][] = [];
    for (let row = Math.floor(view.top); row < last; row++)
      rows.push([names[row]!, ...starts.map((cell) => this.valueAt(row, cell, level).value)]);
    const titles = starts.map((cell) =>
      span === 1 ? `cell ${cell + 1}` : `cells ${cell + 1} to ${Math.min(this.#extent.cells, cell + span)}`,
    );
    return { columns: ['Feature', ...titles], rows };
  }

  /** A tile, or as long as it is on its way the coarser one that holds it. */
  #known(key: TileKey): { readonly tile: DrawnTile; readonly at: TileKey } | null {
    for (let up = 0; key.level + up <= 30; up++) {
      const at = { level: key.level + up, tile: Math.floor(key.tile / 2 ** up), band: key.band };
      const tile = this.#store.get(at);
      if (tile !== undefined) return { tile, at };
    }
    return null;
  }
}

function pictureOf({ columns, values }: TileValues, rows: number, palette: Uint8Array): HTMLCanvasElement {
  const picture = document.createElement('canvas');
  picture.width = Math.max(1, columns);
  picture.height = rows;
  const context = picture.getContext('2d')!;
  const image = context.createImageData(picture.width, rows);
  for (let i = 0; i < values.length; i++) {
    const step = Math.max(0, Math.min(255, Math.round(((values[i]! + LIMIT) / (2 * LIMIT)) * 255)));
    image.data.set(palette.subarray(4 * step, 4 * step + 4), 4 * i);
  }
  context.putImageData(image, 0, 0);
  return picture;
}
