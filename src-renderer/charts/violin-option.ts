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
  const above = titlesAbove(figure, theme) ? lineHeight(theme.fontPx) + 2 : 0;
  const panels = figure.panels.map((panel, i) => ({
    ...panel,
    grid: {
      left: grid.left,
      width: grid.width,
      top: grid.top + i * panelHeight + above,
      height: panelHeight - panelGap - above,
    },
    ...valueRange(figure, panel.violins),
  }));
  return {
    title: titles,
    graphic: {
      elements: [
        ...graphics,
        ...panels.map((panel) =>
          above > 0
            ? textGraphic(fitText(panel.title, theme.fontPx, panel.grid.width), theme, {
                ...{ x: panel.grid.left, y: panel.grid.top - above / 2, bold: true },
              })
            : textGraphic(fitText(panel.title, theme.fontPx, widestTitle), theme, {
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

/** Titles too long to stand beside the panels, such as those of gene sets, stand above them. */
function titlesAbove(figure: ViolinFigure, theme: ChartTheme): boolean {
  return figure.panels.some(({ title }) => textWidth(title, theme.fontPx) > widestTitle);
}

/** From 0, or from the lowest value where the figure says so, to the highest. */
function valueRange({ fromLowest }: ViolinFigure, violins: readonly (ViolinShape | null)[]) {
  const shown = violins.filter((one) => one !== null);
  const highest = Math.max(...shown.map(({ at }) => at.at(-1)!));
  const lowest = Math.min(...shown.map(({ at }) => at[0]!));
  if (fromLowest !== true) return { lowest: Math.min(lowest, 0), highest: Math.max(highest, 0.1) };
  const room = 0.03 * Math.max(highest - lowest, 1e-9);
  return { lowest: lowest - room, highest: highest + room };
}

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
    left: (titlesAbove(figure, theme) ? 8 : titles) + ticks + 4,
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
          ...(violin.points ?? []).map((value, i) => ({
            type: 'circle' as const,
            // The golden ratio spreads them evenly across whatever their number.
            shape: { cx: middle! + half * 0.5 * (((i * 0.618034) % 1) * 2 - 1), cy: y(value), r: 0.9 },
            style: { fill: theme.text, opacity: 0.45 },
          })),
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
  const above = titlesAbove(figure, theme) ? lineHeight(theme.fontPx) + 2 : 0;
  return figure.panels.length * (above + Math.max(58, 3 * lineHeight(theme.fontPx)));
}
