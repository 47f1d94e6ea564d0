import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { countText } from '#core/figures/number-text';
import type { ViolinFigure, ViolinShape } from '#core/figures/figure-data';
import { axisTitle, textStyle, valueAxis } from './axes.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, lineHeight, type Size } from './frame.ts';
import { textGraphic } from './graphics.ts';
import { hiddenAxis } from './heatmap-option.ts';
import { matrixLayout } from './matrix-layout.ts';
import { fitText, textWidth } from './text-width.ts';

const panelGap = 8;
const ticks = 30;

/** Violins of every group side by side, one panel per feature below the other, groups named once at the foot. */
export function violinOption(figure: ViolinFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { grid, graphics } = matrixLayout(inner, violinNames(figure, theme), theme);
  const panelHeight = grid.height / figure.panels.length;
  const panels = figure.panels.map((panel, i) => ({
    ...panel,
    grid: { left: grid.left, width: grid.width, top: grid.top + i * panelHeight, height: panelHeight - panelGap },
    highest: Math.max(...panel.violins.map((one) => one?.at.at(-1) ?? 0), 0.1),
    lowest: Math.min(...panel.violins.map((one) => one?.at[0] ?? 0), 0),
  }));
  return {
    title: titles,
    graphic: {
      elements: [
        ...graphics,
        ...panels.map((panel) =>
          textGraphic(fitText(panel.title, theme.fontPx, widestTitle), theme, {
            x: grid.left - ticks - 4,
            y: panel.grid.top + panel.grid.height / 2,
            align: 'right',
          }),
        ),
      ],
    },
    grid: panels.map((panel) => ({ ...panel.grid, outerBoundsMode: 'none' as const })),
    xAxis: panels.map((_, i) => ({
      ...hiddenAxis(figure.groups.map((_group, group) => String(group))),
      gridIndex: i,
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.line, width: 0.75 } },
    })),
    yAxis: panels.map((panel, i) => ({
      ...valueAxis(figure.value, theme, 0),
      name: '',
      gridIndex: i,
      min: panel.lowest,
      max: panel.highest,
      splitNumber: 2,
      splitLine: { show: false },
      axisLabel: {
        ...textStyle(theme),
        fontSize: theme.notePx,
        color: theme.text,
        showMaxLabel: false,
        showMinLabel: panel.lowest === 0,
        hideOverlap: true,
      },
    })),
    series: panels.map((panel, i) => violinSeries(panel.violins, figure, i, theme)),
  };
}

const widestTitle = 120;

export function violinNames(figure: ViolinFigure, theme: ChartTheme) {
  const titles = Math.max(
    0,
    ...figure.panels.map(({ title }) => Math.min(widestTitle, textWidth(title, theme.fontPx))),
  );
  return {
    rows: null,
    columns: figure.groups.map(({ name, cells }) => (cells === null ? name : `${name} (${countText(cells)})`)),
    rowCount: figure.panels.length,
    columnCount: figure.groups.length,
    rowTitle: axisTitle(figure.value),
    columnTitle: figure.groupTitle,
    strip: { rows: 0, columns: 0 },
    left: titles + ticks + 4,
  };
}

function violinSeries(
  violins: readonly (ViolinShape | null)[],
  figure: ViolinFigure,
  panel: number,
  theme: ChartTheme,
): CustomSeriesOption {
  const shown = violins.flatMap((violin, group) => (violin === null ? [] : [{ violin, group }]));
  return {
    type: 'custom',
    name: figure.panels[panel]!.title,
    xAxisIndex: panel,
    yAxisIndex: panel,
    silent: true,
    data: shown.map(({ violin, group }) => [group, violin.quartiles[1]]),
    renderItem: (params, api) => {
      const { violin, group } = shown[params.dataIndex]!;
      const [middle] = api.coord([group, 0]);
      const half = Math.min(26, (api.size!([1, 0]) as number[])[0]! * 0.45);
      const y = (value: number): number => api.coord([group, value])[1]!;
      const side = (sign: 1 | -1): [number, number][] =>
        violin.at.map((value, i) => [middle! + sign * half * violin.width[i]!, y(value)]);
      const [q1, median, q3] = violin.quartiles;
      return {
        type: 'group',
        children: [
          {
            type: 'polygon',
            shape: { points: [...side(1), ...side(-1).reverse()] },
            style: { fill: figure.groups[group]!.colour, opacity: 0.85, stroke: theme.line, lineWidth: 0.5 },
          },
          {
            type: 'line',
            shape: { x1: middle!, x2: middle!, y1: y(q1), y2: y(q3) },
            style: { stroke: theme.text, lineWidth: 2 },
          },
          {
            type: 'circle',
            shape: { cx: middle!, cy: y(median), r: 2.2 },
            style: { fill: theme.background, stroke: theme.text, lineWidth: 0.8 },
          },
        ],
      };
    },
  };
}

/** Height of the inner rectangle: a panel is tall enough to tell shapes apart. */
export function violinHeight(figure: ViolinFigure, theme: ChartTheme): number {
  return figure.panels.length * Math.max(58, 3 * lineHeight(theme.fontPx));
}
