import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import type { CategoryColouring, NumberColouring, ScatterFigure } from '#core/figures/figure-data';
import { countText } from '#core/figures/number-text';
import { axisName } from './axes.ts';
import type { ChartTheme } from './chart-theme.ts';
import { colourBar, colourBarWidth } from './colour-bar.ts';
import { colourAt } from './colour-scale.ts';
import { frameMargin, frameOf, type Rect, type Size } from './frame.ts';
import { cutLegend, type LegendItem } from './legend.ts';
import { spreadApart } from './spread-apart.ts';

/** Drawing order is kept in so many layers; within one, points of an entry are one path. */
const layers = 10;
const colourSteps = 24;
export const axisRoom = 22;

/** Points with equal scales on both axes; entries are numbered at their middle where the figure says so. */
export function scatterOption(figure: ScatterFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const { colouring } = figure;
  const side =
    colouring.kind === 'categories'
      ? cutLegend(inner, scatterLegend(colouring), colouring.title, theme)
      : numberSide(inner, colouring, theme);
  const grid = {
    left: side.plot.left + axisRoom,
    top: side.plot.top,
    width: side.plot.width - axisRoom,
    height: side.plot.height - axisRoom,
  };
  const ranges = equalScales(figure.extent, grid);
  return {
    title: titles,
    ...(side.legend === null ? {} : { legend: side.legend }),
    graphic: { elements: [...side.graphics] },
    grid: { ...grid, outerBoundsMode: 'none' },
    xAxis: bareAxis(figure.x.title, ranges.x, theme),
    yAxis: bareAxis(figure.y.title, ranges.y, theme),
    series: [
      ...pointSeries(figure, theme),
      ...(colouring.kind === 'categories' && colouring.numbers.some((number) => number !== null)
        ? [numberSeries(colouring, theme, grid, ranges)]
        : []),
    ],
  };
}

/** An axis with its title and without numbers: places on a map mean nothing by themselves. */
export function bareAxis(title: string, range: readonly [number, number], theme: ChartTheme) {
  return {
    type: 'value' as const,
    min: range[0],
    max: range[1],
    ...axisName(title, theme, 8),
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.line, width: 0.75 } },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
  };
}

export function scatterLegend(colouring: CategoryColouring): LegendItem[] {
  return colouring.entries.map(({ name, colour, cells }, entry) => ({
    name,
    text:
      (colouring.numbers[entry] ? `${colouring.numbers[entry]}  ` : '') +
      name +
      (cells === null ? '' : ` (${countText(cells)})`),
    colour,
  }));
}

function numberSide(inner: Rect, colouring: NumberColouring, theme: ChartTheme) {
  const plot = { ...inner, width: inner.width - colourBarWidth - frameMargin };
  const bar = colourBar({
    left: plot.left + plot.width + frameMargin,
    top: plot.top,
    title: colouring.title,
    stops: theme.points,
    range: colouring.range,
    format: colouring.format,
    theme,
  });
  return { plot, legend: null, graphics: bar.graphics };
}

/** Ranges that hold the extents with a little room, with as many units per pixel on both axes. */
export function equalScales(extent: ScatterFigure['extent'], grid: Size) {
  const span = ([low, high]: readonly [number, number]): number => Math.max(high - low, 1e-6) * 1.06;
  const unitsPerPixel = Math.max(span(extent.x) / grid.width, span(extent.y) / grid.height);
  const around = ([low, high]: readonly [number, number], pixels: number): readonly [number, number] => {
    const half = (unitsPerPixel * pixels) / 2;
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  };
  return { x: around(extent.x, grid.width), y: around(extent.y, grid.height) };
}

/** Points by colour and layer, later ones on top. */
export function pointSeries(figure: ScatterFigure, theme: ChartTheme): ScatterSeriesOption[] {
  const { x, y } = figure.points;
  const { colouring } = figure;
  const steps =
    colouring.kind === 'categories'
      ? colouring.entries.map(({ name, colour }) => ({ name, colour }))
      : Array.from({ length: colourSteps }, (_, step) => ({
          name: colouring.title,
          colour: colourAt(theme.points, [0, colourSteps - 1], step),
        }));
  const stepOf = (point: number): number =>
    colouring.kind === 'categories' ? colouring.codes[point]! : colourStep(colouring.values[point]!, colouring.range);
  const buckets: [number, number][][] = Array.from({ length: layers * steps.length }, () => []);
  for (let point = 0; point < x.length; point++) {
    const layer = Math.floor((point * layers) / x.length);
    buckets[layer * steps.length + stepOf(point)]!.push([x[point]!, y[point]!]);
  }
  return buckets.flatMap((data, bucket) =>
    // An entry whose points were all left out still needs a series for the legend to name it.
    data.length === 0 && (bucket >= steps.length || colouring.kind === 'number')
      ? []
      : [
          {
            type: 'scatter' as const,
            name: steps[bucket % steps.length]!.name,
            itemStyle: { color: steps[bucket % steps.length]!.colour, opacity: 0.85 },
            symbolSize: pointSize(x.length),
            large: data.length > 0,
            largeThreshold: 0,
            silent: true,
            data,
          },
        ],
  );
}

function colourStep(value: number, [low, high]: readonly [number, number]): number {
  const share = high > low ? (value - low) / (high - low) : 0;
  return Math.min(colourSteps - 1, Math.max(0, Math.floor(share * colourSteps)));
}

/** Diameter in px: smaller where there are more points. */
function pointSize(points: number): number {
  return Math.min(6, Math.max(1.8, 140 / Math.sqrt(points + 1)));
}

/** The numbers of the entries, pushed apart where they would cover each other. */
function numberSeries(
  { entries, middles, numbers }: CategoryColouring,
  theme: ChartTheme,
  grid: Size,
  ranges: { x: readonly [number, number]; y: readonly [number, number] },
): ScatterSeriesOption {
  const shown = entries.flatMap(({ colour }, entry) => {
    const at = middles[entry];
    const number = numbers[entry];
    return at && number ? [{ text: String(number), colour, at }] : [];
  });
  const perX = grid.width / (ranges.x[1] - ranges.x[0]);
  const perY = grid.height / (ranges.y[1] - ranges.y[0]);
  const places = spreadApart(
    shown.map(({ at }) => [(at[0] - ranges.x[0]) * perX, (at[1] - ranges.y[0]) * perY] as const),
    18,
    grid,
  );
  return {
    type: 'scatter',
    name: 'numbers',
    silent: true,
    z: 5,
    symbol: 'circle',
    symbolSize: 16,
    data: shown.map(({ text, colour }, i) => ({
      value: [places[i]![0] / perX + ranges.x[0], places[i]![1] / perY + ranges.y[0]],
      itemStyle: { color: theme.background, borderColor: colour, borderWidth: 2, opacity: 0.95 },
      label: {
        show: true,
        formatter: text,
        position: 'inside',
        color: theme.text,
        fontFamily: theme.fontFamily,
        fontSize: theme.notePx,
        fontWeight: 'bold',
      },
    })),
  };
}
