import type { ChartTheme } from './chart-theme.ts';
import type { Rect } from './frame.ts';
import { lineHeight } from './frame.ts';
import { type Graphic, textGraphic } from './graphics.ts';
import { fitText, textWidth } from './text-width.ts';

/** Where the fields of a matrix lie when its names are written left of it and below it. */
export interface MatrixLayout {
  readonly grid: Rect;
  readonly fieldWidth: number;
  readonly fieldHeight: number;
  /** Left edge of a column. */
  readonly columnLeft: (column: number) => number;
  readonly graphics: readonly Graphic[];
}

interface MatrixNames {
  /** null writes none. */
  readonly rows: readonly string[] | null;
  readonly columns: readonly string[] | null;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Room for strips left of and below the fields. */
  readonly strip: { readonly rows: number; readonly columns: number };
  /** Further room left of the fields, for what the caller writes there. */
  readonly left?: number;
  /** Columns that stand together under a title, from the left. */
  readonly panels?: readonly { readonly title: string; readonly columns: number }[];
}

const panelGap = 14;

const widestName = 230;
/** A name turned by 45° needs this much column to stay clear of its neighbour. */
const slantedColumn = 17;

export function matrixLayout(plot: Rect, names: MatrixNames, theme: ChartTheme): MatrixLayout {
  const { rowNames, columnNames, slant, left, bottom } = matrixRoom(plot.width, names, theme);
  const panels = names.panels ?? [];
  const heading = panelHeading(names, theme);
  const grid = {
    left: plot.left + left,
    top: plot.top + heading,
    width: plot.width - left,
    height: plot.height - bottom - heading,
  };
  const fieldWidth = (grid.width - gaps(names)) / names.columnCount;
  const ends = panels.map((_, i) => panels.slice(0, i + 1).reduce((sum, { columns }) => sum + columns, 0));
  const columnLeft = (column: number): number =>
    grid.left + column * fieldWidth + panelGap * ends.slice(0, -1).filter((end) => column >= end).length;
  const fieldHeight = grid.height / names.rowCount;
  const below = grid.top + grid.height + names.strip.columns;
  const rows = rowNames.map((name, row) =>
    textGraphic(name, theme, {
      x: grid.left - names.strip.rows - 5,
      y: grid.top + (row + 0.5) * fieldHeight,
      align: 'right',
    }),
  );
  const columns = columnNames.map((name, column) => {
    const x = columnLeft(column) + 0.5 * fieldWidth;
    if (slant === 0) return textGraphic(name, theme, { x, y: below + 10, align: 'center' });
    const text = textGraphic(name, theme, {
      x: x + (slant === 45 ? 3 : 0),
      y: below + 6,
      align: 'right',
      verticalAlign: 'middle',
    });
    return { ...text, rotation: (slant * Math.PI) / 180 };
  });
  return {
    grid,
    fieldWidth,
    fieldHeight,
    columnLeft,
    graphics: [
      ...panels.map(({ title, columns: own }, i) => {
        const from = columnLeft(ends[i]! - own);
        const width = own * fieldWidth;
        return textGraphic(fitText(title, theme.fontPx, width + panelGap), theme, {
          ...{ x: from + width / 2, y: plot.top + heading / 2, align: 'center', bold: true },
        });
      }),
      ...rows,
      ...columns,
      textGraphic(names.rowTitle, theme, {
        x: plot.left + lineHeight(theme.fontPx) / 2,
        y: grid.top + grid.height / 2,
        align: 'center',
        turned: true,
        bold: true,
      }),
      textGraphic(names.columnTitle, theme, {
        x: grid.left + grid.width / 2,
        y: plot.top + plot.height - lineHeight(theme.fontPx) / 2,
        align: 'center',
        bold: true,
      }),
    ],
  };
}

/** Room left of and below the fields, and the names as they fit there. */
export function matrixRoom(width: number, names: MatrixNames, theme: ChartTheme) {
  const px = theme.fontPx;
  const most = Math.min(widestName, width * (width < 320 ? 0.5 : 0.38));
  const rowNames = (names.rows ?? []).map((name) => fitText(name, px, most));
  const columnNames = (names.columns ?? []).map((name) => fitText(name, px, widestName));
  const title = lineHeight(px) + 8;
  const left =
    title + Math.max(0, ...rowNames.map((name) => textWidth(name, px))) + 6 + names.strip.rows + (names.left ?? 0);
  const fieldWidth = (width - left - gaps(names)) / names.columnCount;
  const widest = Math.max(0, ...columnNames.map((name) => textWidth(name, px)));
  const slant = widest + 8 <= fieldWidth ? 0 : fieldWidth >= slantedColumn ? 45 : 90;
  const height =
    columnNames.length === 0 ? 0 : slant === 0 ? px + 8 : slant === 45 ? (widest + px) * 0.71 + 8 : widest + 10;
  return { rowNames, columnNames, slant, left, bottom: names.strip.columns + height + title };
}

/** Height of the titles above the columns. */
export function panelHeading({ panels = [] }: MatrixNames, theme: ChartTheme): number {
  return panels.length === 0 ? 0 : lineHeight(theme.fontPx) + 6;
}

function gaps({ panels = [] }: MatrixNames): number {
  return panelGap * Math.max(0, panels.length - 1);
}
