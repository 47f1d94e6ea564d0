import type { EChartsOption } from 'echarts';
import type { BarFigure } from '#core/figures/figure-data';
import { axisTitle, categoryAxis, valueAxis } from './axes.ts';
import { slotFree, slotGap, spreadSeries } from './bar-spreads.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, lineHeight, type Size } from './frame.ts';
import { textGraphic } from './graphics.ts';
import { cutLegend, type LegendItem } from './legend.ts';
import { textWidth } from './text-width.ts';

const axisRoom = 44;

/** Horizontal bars, one row per category and one bar per series, with what they stand for written at their ends. */
export function barOption(figure: BarFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { plot, legend, graphics } = cutLegend(inner, barLegend(figure), figure.legendTitle, theme, true);
  const names = Math.min(
    plot.width * 0.4,
    Math.max(...figure.categories.map((name) => textWidth(name, theme.fontPx)), 0),
  );
  const ends = Math.max(0, ...figure.series.flatMap(({ texts }) => texts.map((text) => textWidth(text, theme.notePx))));
  const left = plot.left + lineHeight(theme.fontPx) + 6 + names + 8;
  return {
    title: titles,
    ...(legend === null ? {} : { legend }),
    graphic: {
      elements: [
        ...graphics,
        textGraphic(figure.categoryTitle, theme, {
          x: plot.left + lineHeight(theme.fontPx) / 2,
          y: plot.top + (plot.height - axisRoom) / 2,
          align: 'center',
          turned: true,
          bold: true,
        }),
      ],
    },
    grid: {
      left,
      top: plot.top,
      width: plot.left + plot.width - left - ends - 8,
      height: plot.height - axisRoom,
      outerBoundsMode: 'none',
    },
    xAxis: { ...valueAxis(figure.value, theme, 26), name: axisTitle(figure.value), min: 0, splitNumber: 4 },
    yAxis: categoryAxis(figure.categories, theme, names),
    series: [
      ...figure.series.map(({ name, colour, values, texts, spreads }) => ({
        type: 'bar' as const,
        name,
        itemStyle: { color: colour },
        barGap: `${100 * slotGap}%`,
        barCategoryGap: `${100 * slotFree}%`,
        data: values.map((value, category) => ({
          value: value ?? '-',
          label: { show: value !== null && !spreads?.[category], formatter: texts[category] ?? '' },
        })),
        label: {
          position: 'right' as const,
          distance: 4,
          fontFamily: theme.fontFamily,
          fontSize: theme.notePx,
          color: theme.text,
        },
      })),
      ...figure.series.flatMap(({ spreads }, place) =>
        spreads === undefined ? [] : [spreadSeries(figure, place, spreads, theme)],
      ),
    ],
  };
}

export function barLegend(figure: BarFigure): LegendItem[] {
  return figure.series.map(({ name, colour }) => ({ name, text: name, colour }));
}

/** Height of the inner rectangle that keeps the texts at the ends of the bars apart. */
export function barHeight(figure: BarFigure, theme: ChartTheme): number {
  const perCategory = figure.series.length * (theme.notePx + 3) * 1.25 + 8;
  return figure.categories.length * perCategory + axisRoom;
}
