import type { FigureData } from '#core/figures/figure-data';
import { barHeight, barLegend } from './bar-option.ts';
import { boxHeight, boxLegend } from './box-option.ts';
import type { ChartTheme } from './chart-theme.ts';
import { colourBarWidth } from './colour-bar.ts';
import { dotNames } from './dot-option.ts';
import { flowHeight } from './flow-option.ts';
import { frameHeight, frameMargin, lineHeight, type Size } from './frame.ts';
import { graphHeight } from './graph-option.ts';
import { matrixNames, sideWidth } from './heatmap-option.ts';
import { histogramLegend } from './histogram-option.ts';
import { type LegendItem, legendHeight } from './legend.ts';
import { lineLegend } from './line-option.ts';
import { mapsHeight, mapsLegend } from './maps-option.ts';
import { matrixRoom, panelHeading } from './matrix-layout.ts';
import { ridgeHeight } from './ridge-option.ts';
import { scatterLegend } from './scatter-option.ts';
import { violinHeight, violinNames } from './violin-option.ts';

/** 180 mm at 96 px per inch: two columns of most journals. */
const pageWidth = (180 / 25.4) * 96;
const tallest = (240 / 25.4) * 96;

/**
 * The size at which a figure is laid out when nobody asks for another: 180 mm wide (wider only where columns with names
 * could not be read otherwise) and as tall as its content needs.
 *
 * @param width px; null chooses
 */
export function figureSize(figure: FigureData, theme: ChartTheme, width: number | null = null): Size {
  const across = width ?? Math.max(pageWidth, leastWidth(figure));
  const inner = { left: 0, top: 0, width: across - 2 * frameMargin, height: tallest };
  return { width: across, height: Math.ceil(innerHeight(figure, theme, inner) + frameHeight(figure, theme, across)) };
}

type Inner = Parameters<typeof legendHeight>[3];

function innerHeight(figure: FigureData, theme: ChartTheme, inner: Inner): number {
  switch (figure.kind) {
    case 'scatter': {
      const { colouring } = figure;
      if (colouring.kind === 'number') return Math.min(inner.width - colourBarWidth, 460);
      const items = scatterLegend(colouring);
      const legend = legendHeight(items, colouring.title, theme, { ...inner, height: 460 });
      const plot = Math.min(460, inner.width - (legend.below ? 0 : legend.width));
      return beside(plot, items, colouring.title, theme, { ...inner, height: 460 });
    }
    case 'bars':
      return beside(barHeight(figure, theme), barLegend(figure), figure.legendTitle, theme, inner, true);
    case 'boxes':
      return beside(boxHeight(figure), boxLegend(figure), figure.legendTitle, theme, inner, true);
    case 'lines':
      return beside(300, lineLegend(figure), figure.legendTitle, theme, inner);
    case 'histogram':
      return beside(300, histogramLegend(figure), figure.legendTitle, theme, inner);
    case 'graph':
      return graphHeight(figure, theme, inner.width);
    case 'ridges':
      return ridgeHeight(figure, theme, inner.width);
    case 'maps':
      return beside(mapsHeight(figure, theme, inner.width), mapsLegend(figure), figure.colourTitle, theme, inner, true);
    case 'flow':
      return flowHeight(figure, theme);
    case 'violins':
      return violinHeight(figure, theme) + matrixRoom(inner.width, violinNames(figure, theme), theme).bottom;
    case 'heatmap': {
      const side = sideWidth(figure, theme) + frameMargin;
      const names = matrixNames(figure);
      const { left, bottom } = matrixRoom(inner.width - side, names, theme);
      const row = figure.texts !== null ? squareRow(inner.width - side - left, figure.columns.length) : 13;
      const legend = figure.columnNames ? 0 : (figure.groups.length + 3) * lineHeight(theme.fontPx);
      return Math.max(
        (figure.rowNames ? row : 5) * figure.rows.length + bottom + panelHeading(names, theme),
        190 + legend,
      );
    }
    case 'dots': {
      const side = colourBarWidth + frameMargin;
      return Math.max(330, 17 * figure.rows.length + matrixRoom(inner.width - side, dotNames(figure), theme).bottom);
    }
  }
}

/** Fields with texts are as high as wide, within what texts need and pages hold. */
function squareRow(width: number, columns: number): number {
  return Math.min(44, Math.max(24, width / columns));
}

/** Height of a plot with its legend beside or below it. */
function beside(
  plot: number,
  items: readonly LegendItem[],
  title: string,
  theme: ChartTheme,
  inner: Inner,
  below?: boolean,
): number {
  const legend = legendHeight(items, title, theme, inner, below);
  return legend.below ? plot + legend.height + frameMargin : Math.max(plot, legend.height);
}

/** Names along columns need 12 px each at least. */
function leastWidth(figure: FigureData): number {
  const columns =
    figure.kind === 'heatmap' && figure.columnNames
      ? figure.columns.length
      : figure.kind === 'dots'
        ? figure.columns.length
        : figure.kind === 'violins'
          ? figure.groups.length
          : 0;
  return columns * 13 + 360;
}
