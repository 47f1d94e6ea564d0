/** Columns and rows of a tile. */
export const TILE_COLUMNS = 512;
export const TILE_ROWS = 64;

/** The part of a heatmap that is seen. Lengths in CSS pixels; places count cells (to the right) and rows (down). */
export interface HeatmapWindow {
  readonly width: number;
  readonly height: number;
  /** Place of the left edge, in cells. */
  readonly left: number;
  readonly cellsPerPixel: number;
  /** Place of the upper edge, in rows. */
  readonly top: number;
  readonly pixelsPerRow: number;
}

export interface HeatmapExtent {
  readonly cells: number;
  readonly rows: number;
}

export interface TileKey {
  readonly level: number;
  /** Along the cells, and along the rows. */
  readonly tile: number;
  readonly band: number;
}

/** A cell is at most so many pixels wide, a row so many high. */
const WIDEST_CELL = 24;
const HIGHEST_ROW = 28;

/** Everything in view; rows are at most 28 pixels high. */
export function wholeWindow({ cells, rows }: HeatmapExtent, width: number, height: number): HeatmapWindow {
  return within(
    { width, height, left: 0, cellsPerPixel: cells / width, top: 0, pixelsPerRow: height / Math.max(1, rows) },
    { cells, rows },
  );
}

/** The window moved and scaled so that it stays on the heatmap. */
export function within(view: HeatmapWindow, { cells, rows }: HeatmapExtent): HeatmapWindow {
  const { width, height } = view;
  const cellsPerPixel = clamp(view.cellsPerPixel, Math.min(1 / WIDEST_CELL, cells / width), cells / width);
  const pixelsPerRow = clamp(view.pixelsPerRow, Math.min(HIGHEST_ROW, height / Math.max(1, rows)), HIGHEST_ROW);
  return {
    width,
    height,
    cellsPerPixel,
    pixelsPerRow,
    left: clamp(view.left, 0, Math.max(0, cells - width * cellsPerPixel)),
    top: clamp(view.top, 0, Math.max(0, rows - height / pixelsPerRow)),
  };
}

/** Closer by a factor along the cells, the place under pixel `x` keeps where it is. */
export function zoomedCells(view: HeatmapWindow, factor: number, x: number, extent: HeatmapExtent): HeatmapWindow {
  const fixed = view.left + x * view.cellsPerPixel;
  const next = within({ ...view, cellsPerPixel: view.cellsPerPixel / factor }, extent);
  return within({ ...next, left: fixed - x * next.cellsPerPixel }, extent);
}

/** Rows higher by a factor, the place under pixel `y` keeps where it is. */
export function zoomedRows(view: HeatmapWindow, factor: number, y: number, extent: HeatmapExtent): HeatmapWindow {
  const fixed = view.top + y / view.pixelsPerRow;
  const next = within({ ...view, pixelsPerRow: view.pixelsPerRow * factor }, extent);
  return within({ ...next, top: fixed - y / next.pixelsPerRow }, extent);
}

/** Moved by so many pixels, as under a dragging hand. */
export function panned(view: HeatmapWindow, right: number, down: number, extent: HeatmapExtent): HeatmapWindow {
  const left = view.left - right * view.cellsPerPixel;
  return within({ ...view, left, top: view.top - down / view.pixelsPerRow }, extent);
}

/** The level whose columns (2^level cells) are one to two pixels wide, or wider where single cells are. */
export function levelOf(view: HeatmapWindow): number {
  return Math.max(0, Math.ceil(Math.log2(view.cellsPerPixel) - 1e-9));
}

/** The tiles that the window touches at a level, from its middle outwards: what a person looks at comes first. */
export function tilesOf(view: HeatmapWindow, { cells, rows }: HeatmapExtent, level: number): readonly TileKey[] {
  const span = TILE_COLUMNS * 2 ** level;
  const last = (length: number, size: number): number => Math.ceil(length / size) - 1;
  const [fromTile, toTile] = [
    Math.floor(view.left / span),
    Math.min(last(cells, span), Math.floor((view.left + view.width * view.cellsPerPixel) / span)),
  ];
  const [fromBand, toBand] = [
    Math.floor(view.top / TILE_ROWS),
    Math.min(last(rows, TILE_ROWS), Math.floor((view.top + view.height / view.pixelsPerRow) / TILE_ROWS)),
  ];
  const keys: TileKey[] = [];
  for (let band = fromBand; band <= toBand; band++)
    for (let tile = fromTile; tile <= toTile; tile++) keys.push({ level, tile, band });
  const [middleTile, middleBand] = [(fromTile + toTile) / 2, (fromBand + toBand) / 2];
  const apart = (key: TileKey): number => Math.abs(key.tile - middleTile) + Math.abs(key.band - middleBand);
  return keys.sort((a, b) => apart(a) - apart(b));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
