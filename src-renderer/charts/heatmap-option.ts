import type { CustomSeriesOption, EChartsOption } from 'echarts';
import type { HeatmapBand, HeatmapFigure } from '#core/figures/figure-data';
import type { ChartTheme } from './chart-theme.ts';
import { colourBar, colourBarWidth } from './colour-bar.ts';
import { colourAt, textOn } from './colour-scale.ts';
import { frameMargin, frameOf, lineHeight, type Rect, type Size } from './frame.ts';
import { circleGraphic, type Graphic, rectGraphic, textGraphic } from './graphics.ts';
import { matrixLayout, type MatrixLayout } from './matrix-layout.ts';
import { fitText, textWidth } from './text-width.ts';

export const stripWidth = 8;

/** Coloured fields with names beside them, strips for groups, a colour bar, and texts where they fit. */
export function heatmapOption(figure: HeatmapFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const side = sideWidth(figure, theme);
  const plot = { ...inner, width: inner.width - side - frameMargin };
  const layout = matrixLayout(plot, matrixNames(figure), theme);
  const left = plot.left + plot.width + frameMargin;
  const stops = figure.scale === 'diverging' ? theme.diverging : theme.sequential;
  const bar = colourBar({
    left,
    top: plot.top,
    title: figure.valueTitle,
    stops,
    range: figure.range,
    format: figure.valueFormat,
    theme,
  });
  return {
    title: titles,
    graphic: {
      elements: [
        ...layout.graphics,
        ...bar.graphics,
        ...strips(figure, layout),
        ...groupLegend(figure, theme, { ...plot, left, top: plot.top + bar.height + 10, width: side }),
        ...frames(figure, layout).map((frame) => rectGraphic(frame, 'none', theme.line)),
      ],
    },
    grid: { ...layout.grid, outerBoundsMode: 'none' },
    xAxis: hiddenAxis(figure.columns.map((_, column) => String(column))),
    yAxis: { ...hiddenAxis(figure.rows.map((_, row) => String(row))), inverse: true },
    series: [
      figure.columnNames ? fieldSeries(figure, layout, stops, theme) : denseFieldSeries(figure, layout, stops, theme),
    ],
  };
}

/** Width of what stands right of the fields: the colour bar, and names of groups where columns carry none. */
export function sideWidth(figure: HeatmapFigure, theme: ChartTheme): number {
  if (figure.columnNames) return colourBarWidth;
  const names = figure.groups.map(({ name }) => textWidth(name, theme.fontPx) + 18);
  return Math.min(220, Math.max(colourBarWidth, ...names));
}

/** One rectangle per field, with its text in the middle. */
function fieldSeries(
  figure: HeatmapFigure,
  layout: MatrixLayout,
  stops: readonly string[],
  theme: ChartTheme,
): CustomSeriesOption {
  const { grid, fieldWidth, fieldHeight, columnLeft } = layout;
  const columns = figure.columns.length;
  const texts = fieldTexts(figure.texts, layout);
  return {
    type: 'custom',
    name: figure.valueTitle,
    silent: true,
    data: figure.values.map((value, field) => [field % columns, Math.floor(field / columns), value ?? '-']),
    renderItem: (params) => {
      const field = params.dataIndex;
      const value = figure.values[field] ?? null;
      const colour = value === null ? theme.grid : colourAt(stops, figure.range, value);
      const x = columnLeft(field % columns);
      const y = grid.top + Math.floor(field / columns) * fieldHeight;
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x, y, width: fieldWidth, height: fieldHeight },
            style: { fill: colour, stroke: theme.background, lineWidth: 0.5 },
          },
          {
            type: 'text',
            style: {
              text: texts[field] ?? '',
              x: x + fieldWidth / 2,
              y: y + fieldHeight / 2,
              align: 'center',
              verticalAlign: 'middle',
              fill: textOn(colour),
              fontFamily: theme.fontFamily,
              fontSize: fieldPx,
              lineHeight: fieldPx + 2,
            },
          },
        ],
      };
    },
  };
}

const denseSteps = 64;

/** Many narrow fields: all fields of one colour, of 64 steps, are one path, which keeps files small and drawing quick. */
function denseFieldSeries(
  figure: HeatmapFigure,
  { grid, fieldWidth, fieldHeight, columnLeft }: MatrixLayout,
  stops: readonly string[],
  theme: ChartTheme,
): CustomSeriesOption {
  const columns = figure.columns.length;
  const [low, high] = figure.range;
  const steps: string[][] = Array.from({ length: denseSteps + 1 }, () => []);
  figure.values.forEach((value, field) => {
    const share = value === null ? 1 : Math.min(1, Math.max(0, (value - low) / (high - low)));
    const step = value === null ? denseSteps : Math.min(denseSteps - 1, Math.floor(share * denseSteps));
    const x = columnLeft(field % columns);
    const y = grid.top + Math.floor(field / columns) * fieldHeight;
    // A hair wider than the field, so that no background shines through between two of them.
    const right = Math.min(x + fieldWidth + 0.3, grid.left + grid.width);
    const bottom = Math.min(y + fieldHeight + 0.3, grid.top + grid.height);
    steps[step]!.push(`M${px(x)} ${px(y)}H${px(right)}V${px(bottom)}H${px(x)}Z`);
  });
  const paths = steps.flatMap((fields, step) =>
    fields.length === 0
      ? []
      : [{ fields, colour: step === denseSteps ? theme.grid : colourAt(stops, [0, denseSteps - 1], step) }],
  );
  return {
    type: 'custom',
    name: figure.valueTitle,
    silent: true,
    data: paths.map((_, path) => [0, 0, path]),
    renderItem: (params) => {
      const { fields, colour } = paths[params.dataIndex]!;
      return { type: 'path', shape: { pathData: fields.join('') }, style: { fill: colour } };
    },
  };
}

function px(value: number): string {
  return value.toFixed(1);
}

const fieldPx = 9;

export function matrixNames(figure: HeatmapFigure) {
  const strip = figure.groups.length > 0 ? stripWidth + 2 : 0;
  return {
    rows: figure.rowNames ? figure.rows.map(({ name }) => name) : null,
    columns: figure.columnNames ? figure.columns.map(({ name }) => name) : null,
    rowCount: figure.rows.length,
    columnCount: figure.columns.length,
    rowTitle: figure.rowTitle,
    columnTitle: figure.columnTitle,
    strip: { rows: strip, columns: strip },
    ...(figure.panels === undefined ? {} : { panels: figure.panels }),
  };
}

export function hiddenAxis(data: string[]) {
  return {
    type: 'category' as const,
    data,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
    splitArea: { show: false },
  };
}

/**
 * The texts as all fields can hold them: share and count, share, or its number without the sign, which the colour bar has.
 * Fields that differ in this would be hard to compare.
 */
function fieldTexts(texts: readonly string[] | null, { fieldWidth, fieldHeight }: MatrixLayout): readonly string[] {
  if (texts === null) return [];
  const forms = [texts, texts.map((text) => text.split('\n')[0]!), texts.map((text) => text.split(/\s/)[0]!)];
  const fits = (text: string): boolean => {
    const lines = text.split('\n');
    return (
      lines.length * (fieldPx + 2) <= fieldHeight && lines.every((line) => textWidth(line, fieldPx) <= fieldWidth - 2)
    );
  };
  return forms.find((form) => form.every(fits)) ?? [];
}

/** Coloured strips left of the rows and below the columns, one piece per run of equal groups. */
function strips(figure: HeatmapFigure, { grid, fieldWidth, fieldHeight, columnLeft }: MatrixLayout): Graphic[] {
  if (figure.groups.length === 0) return [];
  const colour = (group: number): string => figure.groups[group]!.colour;
  return [
    ...runs(figure.rows).map(({ group, from, to }) =>
      rectGraphic(
        {
          x: grid.left - stripWidth - 2,
          y: grid.top + from * fieldHeight,
          width: stripWidth,
          height: (to - from) * fieldHeight,
        },
        colour(group),
      ),
    ),
    ...columnRuns(figure).map(({ group, from, to }) =>
      rectGraphic(
        {
          x: columnLeft(from),
          y: grid.top + grid.height + 2,
          width: (to - from) * fieldWidth,
          height: stripWidth,
        },
        colour(group),
      ),
    ),
  ];
}

function runs(bands: readonly HeatmapBand[]): { group: number; from: number; to: number }[] {
  const found: { group: number; from: number; to: number }[] = [];
  bands.forEach(({ group }, place) => {
    const last = found.at(-1);
    if (last && last.group === group) last.to = place + 1;
    else if (group >= 0) found.push({ group, from: place, to: place + 1 });
  });
  return found;
}

/** Runs of equal groups among the columns; a run does not reach from one panel into the next. */
function columnRuns({ columns, panels = [{ title: '', columns: columns.length }] }: HeatmapFigure) {
  let end = 0;
  return panels.flatMap((panel) => {
    const start = end;
    end += panel.columns;
    return runs(columns.slice(start, end)).map(({ group, from, to }) => ({
      group,
      from: from + start,
      to: to + start,
    }));
  });
}

/** The outlines: of the whole, or of each panel. */
function frames(figure: HeatmapFigure, { grid, fieldWidth, columnLeft }: MatrixLayout) {
  let end = 0;
  return (figure.panels ?? [{ title: '', columns: figure.columns.length }]).map(({ columns }) => {
    const from = end;
    end += columns;
    return { x: columnLeft(from), y: grid.top, width: columns * fieldWidth, height: grid.height };
  });
}

/** Names of the groups, needed where columns carry no names. */
function groupLegend(figure: HeatmapFigure, theme: ChartTheme, place: Rect): Graphic[] {
  if (figure.columnNames || figure.groups.length === 0) return [];
  const line = lineHeight(theme.fontPx);
  return [
    textGraphic(figure.groupTitle, theme, { x: place.left, y: place.top + line / 2, bold: true }),
    ...figure.groups.flatMap(({ name, colour }, i) => {
      const y = place.top + (i + 1.6) * line;
      return [
        circleGraphic(place.left + 5, y, 5, colour),
        textGraphic(fitText(name, theme.fontPx, place.width - 16), theme, { x: place.left + 15, y }),
      ];
    }),
  ];
}
