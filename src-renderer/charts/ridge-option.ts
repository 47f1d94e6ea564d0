import type { EChartsOption } from 'echarts';
import type { RidgeFigure } from '#core/figures/figure-data';
import { countText, numberText } from '#core/figures/number-text';
import { axisTitle, textStyle, valueAxis } from './axes.ts';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, lineHeight, type Rect, type Size } from './frame.ts';
import { type Graphic, textGraphic } from './graphics.ts';
import { fitText, textWidth } from './text-width.ts';

/** Height of a row, how many rows the highest hill covers, and room for the numbers and title of the value axis. */
const [rowPx, overlap, axisRoom, gap] = [24, 1.9, 40, 16];

/** Hills of each group one behind the other, panels side by side, groups named once on the left. */
export function ridgeOption(figure: RidgeFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { names, left, columns } = ridgeRoom(figure, theme, inner.width);
  const heading = lineHeight(theme.fontPx) + 4;
  const rows = Math.ceil(figure.panels.length / columns);
  const height = inner.height / rows;
  const width = (inner.width - left - (columns - 1) * gap) / columns;
  const rects = figure.panels.map((_, i): Rect => ({
    left: inner.left + left + (i % columns) * (width + gap),
    top: inner.top + Math.floor(i / columns) * height + heading,
    width,
    height: height - heading - axisRoom,
  }));
  return {
    title: titles,
    graphic: {
      elements: figure.panels.flatMap((panel, i) => [
        ...(i % columns === 0 ? nameGraphics(names, rects[i]!, theme) : []),
        textGraphic(fitText(panel.title, theme.fontPx, width), theme, {
          x: rects[i]!.left + width / 2,
          y: rects[i]!.top - heading / 2,
          align: 'center',
          bold: true,
        }),
        ...hills(figure, panel, rects[i]!, theme),
      ]),
    },
    grid: rects.map((rect) => ({ ...rect, outerBoundsMode: 'none' as const })),
    xAxis: figure.panels.map(({ range }, i) => ({
      ...valueAxis(figure.value, theme, 24),
      name: i === figure.panels.length - 1 || columns > 1 ? fitText(axisTitle(figure.value), theme.fontPx, width) : '',
      gridIndex: i,
      min: range[0],
      max: range[1],
      splitNumber: 3,
      splitLine: { show: false },
      axisLabel: {
        ...textStyle(theme),
        ...{ color: theme.text, showMaxLabel: false, formatter: (value: number) => numberText(value) },
      },
    })),
    yAxis: figure.panels.map((_, i) => ({ type: 'value' as const, gridIndex: i, show: false, min: 0, max: 1 })),
    series: figure.panels.map((panel, i) => ({
      type: 'scatter' as const,
      name: panel.title,
      xAxisIndex: i,
      yAxisIndex: i,
      silent: true,
      data: [],
    })),
  };
}

/** Height of the inner rectangle at a width. */
export function ridgeHeight(figure: RidgeFigure, theme: ChartTheme, width: number): number {
  const { columns } = ridgeRoom(figure, theme, width);
  const rows = Math.ceil(figure.panels.length / columns);
  const panel = (figure.groups.length + overlap - 1) * rowPx + lineHeight(theme.fontPx) + 4 + axisRoom;
  return rows * panel;
}

function ridgeRoom(figure: RidgeFigure, theme: ChartTheme, width: number) {
  const widest = Math.min(220, width * 0.38);
  const names = figure.groups.map(({ name, cells }) =>
    fitText(cells === null ? name : `${name} (${countText(cells)})`, theme.fontPx, widest),
  );
  const left = lineHeight(theme.fontPx) + 6 + Math.max(0, ...names.map((name) => textWidth(name, theme.fontPx))) + 8;
  const columns = Math.max(1, Math.min(figure.panels.length, Math.floor((width - left + gap) / (120 + gap))));
  return { names, left, columns };
}

/** The foot of a group's hill. */
function footOf(rect: Rect, groups: number, group: number): number {
  const step = rect.height / (groups + overlap - 1);
  return rect.top + rect.height - (groups - 1 - group) * step;
}

function nameGraphics(names: readonly string[], rect: Rect, theme: ChartTheme): Graphic[] {
  return names.map((name, group) =>
    textGraphic(name, theme, {
      x: rect.left - 8,
      y: footOf(rect, names.length, group) - lineHeight(theme.fontPx) / 2 + 2,
      align: 'right',
    }),
  );
}

/** From the hindmost (top) to the foremost; each with its foot line and the median as a short line. */
function hills(figure: RidgeFigure, panel: RidgeFigure['panels'][number], rect: Rect, theme: ChartTheme): Graphic[] {
  const groups = figure.groups.length;
  const step = rect.height / (groups + overlap - 1);
  const [low, high] = panel.range;
  return panel.ridges.flatMap((ridge, group): Graphic[] => {
    const foot = footOf(rect, groups, group);
    const line = {
      type: 'line' as const,
      silent: true,
      shape: { x1: rect.left, y1: foot, x2: rect.left + rect.width, y2: foot },
      style: { stroke: theme.grid, lineWidth: 0.75 },
    };
    if (ridge === null) return [line];
    const { height, median } = ridge;
    const place = (i: number): number => rect.left + (i / (height.length - 1)) * rect.width;
    const top = height.map((h, i): [number, number] => [place(i), foot - h * overlap * step]);
    const at = rect.left + ((median - low) / (high - low)) * rect.width;
    const nearest = height[Math.round(((median - low) / (high - low)) * (height.length - 1))] ?? 0;
    return [
      line,
      {
        type: 'polygon',
        silent: true,
        shape: { points: [[rect.left, foot], ...top, [rect.left + rect.width, foot]] },
        style: { fill: figure.groups[group]!.colour, opacity: 0.88 },
      },
      { type: 'polyline', silent: true, shape: { points: top }, style: { stroke: theme.text, lineWidth: 0.75 } },
      {
        type: 'line',
        silent: true,
        shape: { x1: at, y1: foot, x2: at, y2: foot - Math.max(4, nearest * overlap * step) },
        style: { stroke: theme.text, lineWidth: 1.5 },
      },
    ];
  });
}
