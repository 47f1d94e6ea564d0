import type { EChartsOption } from 'echarts';
import type { MapsFigure, ScatterFigure } from '#core/figures/figure-data';
import type { ChartTheme } from './chart-theme.ts';
import { frameMargin, frameOf, lineHeight, type Size } from './frame.ts';
import { textGraphic } from './graphics.ts';
import { cutLegend, type LegendItem } from './legend.ts';
import { panelGrid } from './panel-grid.ts';
import { axisRoom, bareAxis, equalScales, pointSeries, scatterLegend } from './scatter-option.ts';
import { fitText, wrapText } from './text-width.ts';

const gap = 18;

/** The same cells in several layouts side by side (below each other where it is narrow), one legend below. */
export function mapsOption(figure: MapsFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const side = cutLegend(inner, mapsLegend(figure), figure.colourTitle, theme, true);
  const columns = mapsColumns(figure, inner.width);
  const width = (inner.width - (columns - 1) * gap) / columns;
  const { heading, lines } = headings(figure, theme, width);
  const rects = panelGrid(side.plot, figure.panels.length, columns, heading, gap);
  const drawn = figure.panels.map((panel, i) => {
    const rect = rects[i]!;
    const grid = {
      left: rect.left + axisRoom,
      top: rect.top,
      width: rect.width - axisRoom,
      height: rect.height - axisRoom,
    };
    return {
      panel,
      rect,
      grid,
      ranges: equalScales(extentOf(panel.points), grid),
      series: seriesOf(figure, panel, theme),
    };
  });
  return {
    title: titles,
    ...(side.legend === null ? {} : { legend: side.legend }),
    graphic: {
      elements: [
        ...side.graphics,
        ...drawn.flatMap(({ panel, rect }, i) => [
          textGraphic(fitText(panel.title, theme.fontPx, rect.width), theme, {
            x: rect.left + axisRoom,
            y: rect.top - heading + lineHeight(theme.fontPx) / 2,
            bold: true,
          }),
          ...lines[i]!.map((text, line) =>
            textGraphic(text, theme, {
              x: rect.left + axisRoom,
              y: rect.top - heading + (line + 1) * lineHeight(theme.fontPx) + lineHeight(theme.notePx) / 2,
              px: theme.notePx,
            }),
          ),
        ]),
      ],
    },
    grid: drawn.map(({ grid }) => ({ ...grid, outerBoundsMode: 'none' as const })),
    xAxis: drawn.map(({ panel, ranges }, i) => ({ ...bareAxis(panel.x.title, ranges.x, theme), gridIndex: i })),
    yAxis: drawn.map(({ panel, ranges }, i) => ({ ...bareAxis(panel.y.title, ranges.y, theme), gridIndex: i })),
    series: drawn.flatMap(({ series }, i) => series.map((one) => ({ ...one, xAxisIndex: i, yAxisIndex: i }))),
  };
}

export function mapsLegend(figure: MapsFigure): LegendItem[] {
  return scatterLegend(colouringOf(figure));
}

/** Height of the panels without the legend. */
export function mapsHeight(figure: MapsFigure, theme: ChartTheme, width: number): number {
  const columns = mapsColumns(figure, width);
  const across = (width - (columns - 1) * gap) / columns;
  const rows = Math.ceil(figure.panels.length / columns);
  return rows * (headings(figure, theme, across).heading + Math.min(across, 400)) + (rows - 1) * gap + frameMargin;
}

function mapsColumns(figure: MapsFigure, width: number): number {
  return Math.max(1, Math.min(figure.panels.length, Math.floor((width + gap) / (250 + gap))));
}

/** The lines above each panel and the height they need, the same for all. */
function headings(figure: MapsFigure, theme: ChartTheme, width: number) {
  const lines = figure.panels.map((panel) =>
    panel.lines.flatMap((line) => wrapText(line, theme.notePx, width - axisRoom)),
  );
  const most = Math.max(0, ...lines.map(({ length }) => length));
  return { lines, heading: lineHeight(theme.fontPx) + most * lineHeight(theme.notePx) + 6 };
}

function colouringOf({ colourTitle, entries, codes }: MapsFigure) {
  const nothing = entries.map(() => null);
  return {
    ...{ kind: 'categories' as const, title: colourTitle, entries, codes },
    ...{ numbers: nothing, middles: nothing },
  };
}

function seriesOf(figure: MapsFigure, panel: MapsFigure['panels'][number], theme: ChartTheme) {
  const scatter: ScatterFigure = {
    ...{ kind: 'scatter', id: figure.id, title: '', footnotes: [], x: panel.x, y: panel.y },
    ...{ points: panel.points, extent: extentOf(panel.points), colouring: colouringOf(figure) },
  };
  return pointSeries(scatter, theme);
}

function extentOf({ x, y }: ScatterFigure['points']): ScatterFigure['extent'] {
  const range = (values: readonly number[]): readonly [number, number] => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return low > high ? [0, 1] : [low, high];
  };
  return { x: range(x), y: range(y) };
}
