import type { CustomSeriesOption, EChartsOption } from 'echarts';
import type { BoxFigure } from '#core/figures/figure-data';
import { axisTitle, categoryAxis, valueAxis } from './axes.ts';
import { slotHeight, slotMiddle } from './bar-spreads.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, lineHeight, type Size } from './frame.ts';
import { textGraphic } from './graphics.ts';
import { cutLegend, type LegendItem } from './legend.ts';
import { textWidth } from './text-width.ts';

const axisRoom = 44;

/** Lying boxes, one row per category and one box per series, with every number as a dot. */
export function boxOption(figure: BoxFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { plot, legend, graphics } = cutLegend(inner, boxLegend(figure), figure.legendTitle, theme, true);
  const widest = Math.max(...figure.categories.map((name) => textWidth(name, theme.fontPx)), 0);
  const names = Math.min(plot.width * 0.4, widest);
  const left = plot.left + lineHeight(theme.fontPx) + 6 + names + 8;
  const title = textGraphic(figure.categoryTitle, theme, {
    x: plot.left + lineHeight(theme.fontPx) / 2,
    y: plot.top + (plot.height - axisRoom) / 2,
    align: 'center',
    turned: true,
    bold: true,
  });
  return {
    title: titles,
    ...(legend === null ? {} : { legend }),
    graphic: { elements: [...graphics, title] },
    grid: {
      left,
      top: plot.top,
      width: plot.left + plot.width - left - 16,
      height: plot.height - axisRoom,
      outerBoundsMode: 'none',
    },
    xAxis: { ...valueAxis(figure.value, theme, 26), name: axisTitle(figure.value), scale: true, splitNumber: 5 },
    yAxis: categoryAxis(figure.categories, theme, names),
    series: figure.series.map((_, place) => boxSeries(figure, place, theme)),
  };
}

function boxSeries(figure: BoxFigure, place: number, theme: ChartTheme): CustomSeriesOption {
  const { name, colour, values } = figure.series[place]!;
  const shown = values.flatMap((numbers, category) =>
    numbers.length === 0 ? [] : [{ numbers: numbers.toSorted((a, b) => a - b), category }],
  );
  return {
    type: 'custom',
    name,
    silent: true,
    itemStyle: { color: colour },
    encode: { x: [0, 1], y: 2 },
    data: shown.map(({ numbers, category }) => [numbers[0]!, numbers.at(-1)!, category]),
    renderItem: (params, api) => {
      const { numbers, category } = shown[params.dataIndex]!;
      const row = (api.size!([0, 1]) as number[])[1]!;
      const x = (value: number): number => api.coord([value, category])[0]!;
      const y = api.coord([0, category])[1]! + slotMiddle(figure.series.length, place) * row;
      const half = Math.min(9, (slotHeight(figure.series.length) * row) / 2);
      const line = (x1: number, y1: number, x2: number, y2: number, lineWidth: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: theme.text, lineWidth },
      });
      const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => x(quantile(numbers, share))) as [
        number,
        number,
        number,
      ];
      return {
        type: 'group',
        children: [
          line(x(numbers[0]!), y, x(numbers.at(-1)!), y, 0.8),
          {
            type: 'rect',
            shape: { x: q1, y: y - half, width: Math.max(q3 - q1, 0.5), height: 2 * half },
            style: { fill: colour, opacity: 0.75, stroke: theme.text, lineWidth: 0.6 },
          },
          line(median, y - half, median, y + half, 1.8),
          ...numbers.map((value) => ({
            type: 'circle' as const,
            shape: { cx: x(value), cy: y, r: 1.8 },
            style: { fill: theme.background, stroke: theme.text, lineWidth: 0.7 },
          })),
        ],
      };
    },
  };
}

/** The quantile by linear interpolation between the two numbers around it. @param rising at least one number */
export function quantile(rising: readonly number[], share: number): number {
  const at = share * (rising.length - 1);
  const low = Math.floor(at);
  return rising[low]! + (at - low) * ((rising[low + 1] ?? rising[low]!) - rising[low]!);
}

export function boxLegend(figure: BoxFigure): LegendItem[] {
  return figure.series.map(({ name, colour }) => ({ name, text: name, colour }));
}

/** Height of the inner rectangle that keeps boxes apart. */
export function boxHeight(figure: BoxFigure): number {
  return figure.categories.length * Math.max(26, figure.series.length * 17 + 8) + axisRoom;
}
