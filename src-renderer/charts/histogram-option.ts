import type { CustomSeriesOption, EChartsOption } from 'echarts';
import type { HistogramFigure } from '#core/figures/figure-data';
import { countText } from '#core/figures/number-text';
import { valueAxis } from './axes.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, type Size } from './frame.ts';
import { cutLegend, type LegendItem } from './legend.ts';

/** Bars on a numeric axis, stacked by series, with a named line across them. */
export function histogramOption(figure: HistogramFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { plot, legend, graphics } = cutLegend(inner, histogramLegend(figure), figure.legendTitle, theme);
  const base = figure.edges.slice(1).map(() => 0);
  return {
    title: titles,
    ...(legend === null ? {} : { legend }),
    graphic: { elements: [...graphics] },
    grid: {
      left: plot.left + 58,
      top: plot.top + 20,
      width: plot.width - 58 - 14,
      height: plot.height - 64,
      outerBoundsMode: 'none',
    },
    xAxis: {
      ...valueAxis(figure.x, theme, 28),
      min: figure.edges[0]!,
      max: figure.edges.at(-1)!,
      splitLine: { show: false },
    },
    yAxis: { ...valueAxis(figure.y, theme, 42), min: 0, minInterval: 1 },
    series: [
      ...figure.series.map(({ name, colour, counts }): CustomSeriesOption => {
        const rows = counts.map((count, bin) => {
          const from = base[bin]!;
          base[bin] = from + count;
          return [figure.edges[bin]!, figure.edges[bin + 1]!, from, from + count];
        });
        return stackedBars(name, colour, rows, theme);
      }),
      ...(figure.marker === null ? [] : [marker(figure.marker, theme)]),
    ],
  };
}

export function histogramLegend(figure: HistogramFigure): LegendItem[] {
  if (figure.series.length < 2) return [];
  return figure.series.map(({ name, colour, counts }) => ({
    name,
    text: `${name} (${countText(counts.reduce((a, b) => a + b, 0))})`,
    colour,
  }));
}

/** Rows are [left edge, right edge, bottom, top]. */
function stackedBars(name: string, colour: string, rows: number[][], theme: ChartTheme): CustomSeriesOption {
  return {
    type: 'custom',
    name,
    silent: true,
    itemStyle: { color: colour },
    encode: { x: [0, 1], y: [2, 3] },
    data: rows,
    renderItem: (_params, api) => {
      const [left, bottom] = api.coord([api.value(0), api.value(2)]);
      const [right, top] = api.coord([api.value(1), api.value(3)]);
      return {
        type: 'rect',
        shape: { x: left!, y: top!, width: right! - left!, height: bottom! - top! },
        style: { fill: colour, stroke: theme.background, lineWidth: 0.5 },
      };
    },
  };
}

function marker({ at, name }: { at: number; name: string }, theme: ChartTheme): CustomSeriesOption {
  return {
    type: 'custom',
    name: 'marker',
    silent: true,
    z: 4,
    data: [[at, 0]],
    renderItem: (params, api) => {
      const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const x = api.coord([at, 0])[0]!;
      const rightHalf = x > area.x + area.width / 2;
      return {
        type: 'group',
        children: [
          {
            type: 'line',
            shape: { x1: x, y1: area.y - 14, x2: x, y2: area.y + area.height },
            style: { stroke: theme.text, lineWidth: 1, lineDash: [4, 3] },
          },
          {
            type: 'text',
            style: {
              text: name,
              x: x + (rightHalf ? -5 : 5),
              y: area.y - 9,
              align: rightHalf ? 'right' : 'left',
              verticalAlign: 'middle',
              fill: theme.text,
              fontFamily: theme.fontFamily,
              fontSize: theme.fontPx,
            },
          },
        ],
      };
    },
  };
}
