import { csvLine } from '#core/base/csv-line';
import type { FigureData } from '#core/figures/figure-data';
import { figureTable, type FigureTable } from '#core/figures/figure-table';

/** A chart as it can be saved. It is asked for only when a person saves it, and is then as it is on the screen. */
export interface ChartFile {
  /** Name of the files without ending. */
  readonly name: string;
  /** The picture; what in it is made of pixels has `ratio` of them per px. */
  readonly svg: (ratio: number) => string | Promise<string>;
  readonly table: () => FigureTable | Promise<FigureTable>;
}

/** Resolutions offered for PNG, in pixels per inch: for a screen, for print, for fine print. */
export const resolutions = [150, 300, 600] as const;
/** Of what is made of pixels within an SVG. */
export const RASTER_DPI = 300;
/** px per inch: the px of a chart are those of CSS. */
export const PX_PER_INCH = 96;

/** A figure as a file: drawn by `svg`, its numbers as they are in it. */
export function figureFile(figure: FigureData, svg: () => string): ChartFile {
  return { name: figure.id, svg, table: () => figureTable(figure) };
}

export function tableCsv({ columns, rows }: FigureTable): string {
  return [columns, ...rows].map(csvLine).join('');
}
