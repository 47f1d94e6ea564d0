import type { CustomSeriesOption } from 'echarts';
import type { BarFigure } from '#core/figures/figure-data';
import type { ChartTheme } from './chart-theme.ts';

/** Share of the height of a category that bars leave free. */
export const slotFree = 0.26;
/** What lies between two bars of a category, in heights of a bar. */
export const slotGap = 0.12;

/** Where the middle of a series' bar lies from the middle of its category, in heights of a category. */
export function slotMiddle(series: number, place: number): number {
  return (place - (series - 1) / 2) * slotHeight(series) * (1 + slotGap);
}

/** Height of a bar in heights of a category. */
export function slotHeight(series: number): number {
  return (1 - slotFree) / (series + (series - 1) * slotGap);
}

/**
 * A thin line across the end of each bar of a series, from the value less the spread to the value and the spread, with the
 * text of the bar behind it. Bars without a spread, or with none to speak of, are left to the bars themselves.
 */
export function spreadSeries(
  figure: BarFigure,
  place: number,
  spreads: readonly (number | null)[],
  theme: ChartTheme,
): CustomSeriesOption {
  const { name, values, texts } = figure.series[place]!;
  const shown = values.flatMap((value, category) => {
    const spread = spreads[category] ?? null;
    if (value === null || spread === null || spread === 0) return [];
    return [{ low: Math.max(0, value - spread), high: value + spread, category }];
  });
  return {
    type: 'custom',
    name,
    silent: true,
    z: 3,
    encode: { x: [0, 1], y: 2 },
    data: shown.map(({ low, high, category }) => [low, high, category]),
    renderItem: (params, api) => {
      const { low, high, category } = shown[params.dataIndex]!;
      const [x1, row] = api.coord([low, category]) as [number, number];
      const [x2] = api.coord([high, category]) as [number, number];
      const y = row + slotMiddle(figure.series.length, place) * (api.size!([0, 1]) as number[])[1]!;
      return {
        type: 'group',
        children: [
          { type: 'line', shape: { x1, y1: y, x2, y2: y }, style: { stroke: theme.text, lineWidth: 1 } },
          {
            type: 'text',
            style: {
              text: texts[category] ?? '',
              x: x2 + 4,
              y,
              verticalAlign: 'middle',
              fill: theme.text,
              fontFamily: theme.fontFamily,
              fontSize: theme.notePx,
            },
          },
        ],
      };
    },
  };
}
