import type { LegendComponentOption } from 'echarts';
import type { ChartTheme } from './chart-theme.ts';
import { frameMargin, lineHeight, type Rect } from './frame.ts';
import { type Graphic, textGraphic } from './graphics.ts';
import { fitText, textWidth } from './text-width.ts';

export interface LegendItem {
  /** Name of the series it switches. */
  readonly name: string;
  /** What is written. */
  readonly text: string;
  readonly colour: string;
  readonly line?: 'solid' | 'dashed' | 'dotted';
}

export interface LegendBlock {
  readonly plot: Rect;
  readonly legend: LegendComponentOption | null;
  readonly graphics: readonly Graphic[];
}

const icon = 10;
const gap = 16;
/** A rectangle narrower than this has its legend below the plot. */
const narrow = 420;

/**
 * Cuts a legend off a rectangle: a column (or several, where it is too long) on the right, or columns side by side below
 * the plot where the rectangle is narrower than 420 px or the caller wants it.
 */
export function cutLegend(
  inner: Rect,
  items: readonly LegendItem[],
  title: string,
  theme: ChartTheme,
  below = inner.width < narrow,
): LegendBlock {
  if (items.length === 0) return { plot: inner, legend: null, graphics: [] };
  const columns = legendColumns(items, title, theme, inner, below);
  const width = columns.widths.reduce((sum, one) => sum + one + gap, 0);
  const height = columns.rows * lineHeight(theme.fontPx) + titleHeight(title, theme);
  const plot = below
    ? { ...inner, height: inner.height - height - frameMargin }
    : { ...inner, width: inner.width - width - frameMargin };
  const left = below ? inner.left : inner.left + plot.width + frameMargin;
  const top = below ? inner.top + plot.height + frameMargin : inner.top;
  const texts = new Map(items.map((item) => [item.name, fitText(item.text, theme.fontPx, columns.widest)]));
  return {
    plot,
    legend: {
      type: 'plain',
      orient: 'vertical',
      left,
      top: top + titleHeight(title, theme),
      height: columns.rows * lineHeight(theme.fontPx) + 1,
      padding: 0,
      itemGap: itemGap(theme),
      itemWidth: items.some((item) => item.line) ? 2 * icon : icon,
      itemHeight: icon,
      textStyle: {
        fontFamily: theme.fontFamily,
        fontSize: theme.fontPx,
        color: theme.text,
        lineHeight: itemLine(theme),
        ...(below ? { padding: [0, gap - itemGap(theme), 0, 0] } : {}),
      },
      data: items.map((item) => ({
        name: item.name,
        ...(item.line ? {} : { icon: 'circle' }),
        itemStyle: { color: item.colour, opacity: item.line ? 0 : 1 },
        ...(item.line ? { lineStyle: { color: item.colour, type: item.line, width: 1.8 } } : {}),
      })),
      formatter: (name: string) => texts.get(name) ?? name,
    },
    graphics:
      title === '' ? [] : [textGraphic(title, theme, { x: left, y: top + lineHeight(theme.fontPx) / 2, bold: true })],
  };
}

/** Between two items of a column; ECharts leaves no more between two columns, so names below a plot carry the rest. */
function itemGap(theme: ChartTheme): number {
  return lineHeight(theme.fontPx) - itemLine(theme);
}

/** Height of one item without the gap to the next: the letters and a little, at least the icon. */
function itemLine(theme: ChartTheme): number {
  return Math.max(icon, theme.fontPx) + 1;
}

/** Height that a legend wants beside or below a plot, so that the figure can be made tall enough. */
export function legendHeight(
  items: readonly LegendItem[],
  title: string,
  theme: ChartTheme,
  inner: Rect,
  below = inner.width < narrow,
): { readonly height: number; readonly width: number; readonly below: boolean } {
  if (items.length === 0) return { height: 0, width: 0, below: false };
  const columns = legendColumns(items, title, theme, inner, below);
  return {
    height: columns.rows * lineHeight(theme.fontPx) + titleHeight(title, theme),
    width: columns.widths.reduce((sum, one) => sum + one + gap, frameMargin),
    below,
  };
}

function titleHeight(title: string, theme: ChartTheme): number {
  return title === '' ? 0 : lineHeight(theme.fontPx) + 3;
}

/** As few columns as hold the items in the height beside the plot; below it, as many as the width holds. */
function legendColumns(items: readonly LegendItem[], title: string, theme: ChartTheme, inner: Rect, below: boolean) {
  const mark = (items.some((item) => item.line) ? 2 * icon : icon) + 6;
  const widest = below ? inner.width - mark - gap : inner.width * 0.45 - mark - gap;
  const width = (item: LegendItem): number => mark + Math.min(widest, textWidth(item.text, theme.fontPx));
  const room = Math.max(4, Math.floor((inner.height - titleHeight(title, theme)) / lineHeight(theme.fontPx)));
  const most = Math.max(...items.map(width)) + gap;
  const columns = below ? Math.max(1, Math.floor(inner.width / most)) : Math.ceil(items.length / room);
  const rows = Math.ceil(items.length / columns);
  const widths = Array.from({ length: Math.ceil(items.length / rows) }, (_, column) =>
    Math.max(...items.slice(column * rows, (column + 1) * rows).map(width)),
  );
  widths[0] = Math.max(widths[0]!, textWidth(title, theme.fontPx, true));
  return { rows, widths, widest };
}
