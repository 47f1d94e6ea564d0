import type { EChartsOption } from 'echarts';
import type { LineFigure } from '#core/figures/figure-data';
import { valueAxis } from './axes.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, type Size } from './frame.ts';
import { cutLegend, type LegendItem } from './legend.ts';

/** Lines over a common axis; dashes tell lines apart where colours do not. */
export function lineOption(figure: LineFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { plot, legend, graphics } = cutLegend(inner, lineLegend(figure), figure.legendTitle, theme);
  const places = figure.series.flatMap(({ x }) => x);
  return {
    title: titles,
    ...(legend === null ? {} : { legend }),
    graphic: { elements: [...graphics] },
    grid: {
      left: plot.left + 58,
      top: plot.top + 6,
      width: plot.width - 58 - 14,
      height: plot.height - 50,
      outerBoundsMode: 'none',
    },
    xAxis: {
      ...valueAxis(figure.x, theme, 28),
      ...(places.length > 0 ? { min: 0, max: Math.max(...places) } : {}),
      splitLine: { show: false },
    },
    yAxis: { ...valueAxis(figure.y, theme, 42), scale: true },
    series: figure.series.map(({ name, colour, dash, x, y }) => ({
      type: 'line',
      name,
      showSymbol: x.length === 1,
      symbolSize: 5,
      lineStyle: { color: colour, width: dash === 'solid' && name === 'total' ? 2.2 : 1.4, type: dash },
      itemStyle: { color: colour },
      data: x.map((at, i) => [at, y[i]!]),
    })),
  };
}

export function lineLegend(figure: LineFigure): LegendItem[] {
  return figure.series.map(({ name, colour, dash }) => ({ name, text: name, colour, line: dash }));
}
