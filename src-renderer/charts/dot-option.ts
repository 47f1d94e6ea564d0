import type { EChartsOption } from 'echarts';
import type { DotFigure } from '#core/figures/figure-data';
import { percentText } from '#core/figures/number-text';
import type { ChartTheme } from './chart-theme.ts';
import { colourBar, colourBarWidth } from './colour-bar.ts';
import { colourAt } from './colour-scale.ts';
import { frameMargin, frameOf, lineHeight, type Size } from './frame.ts';
import { circleGraphic, rectGraphic, textGraphic } from './graphics.ts';
import { hiddenAxis, stripWidth } from './heatmap-option.ts';
import { matrixLayout } from './matrix-layout.ts';
import { wrapText } from './text-width.ts';

/** Dots on a matrix: area for the share of cells above zero, colour for the mean. */
export function dotOption(figure: DotFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const plot = { ...inner, width: inner.width - colourBarWidth - frameMargin };
  const layout = matrixLayout(plot, dotNames(figure), theme);
  const { grid, fieldWidth, fieldHeight } = layout;
  const left = plot.left + plot.width + frameMargin;
  // Pale colours of the lowest values would vanish on the background; the scale starts a little above them.
  const stops = theme.sequential.slice(1);
  const bar = colourBar({
    left,
    top: plot.top,
    title: figure.meanTitle,
    stops,
    range: figure.meanRange,
    format: 'number',
    theme,
  });
  const largest = Math.min(fieldWidth, fieldHeight, 22) - 1;
  const columns = figure.columns.length;
  return {
    title: titles,
    graphic: {
      elements: [
        ...layout.graphics,
        ...bar.graphics,
        ...sizeLegend(figure, theme, left, plot.top + bar.height + 10, largest),
        ...figure.rows.flatMap(({ group }, row) =>
          group < 0
            ? []
            : [
                rectGraphic(
                  {
                    x: grid.left - stripWidth - 2,
                    y: grid.top + row * fieldHeight,
                    width: stripWidth,
                    height: fieldHeight,
                  },
                  figure.groups[group]!.colour,
                ),
              ],
        ),
        rectGraphic({ x: grid.left, y: grid.top, width: grid.width, height: grid.height }, 'none', theme.line),
      ],
    },
    grid: { ...grid, outerBoundsMode: 'none' },
    xAxis: hiddenAxis(figure.columns.map((_, column) => String(column))),
    yAxis: { ...hiddenAxis(figure.rows.map((_, row) => String(row))), inverse: true },
    series: [
      {
        type: 'scatter',
        name: figure.meanTitle,
        silent: true,
        data: figure.fractions.map((fraction, field) => ({
          value: [field % columns, Math.floor(field / columns)],
          symbolSize: largest * Math.sqrt(fraction),
          itemStyle: {
            color: colourAt(stops, figure.meanRange, figure.means[field]!),
            borderColor: theme.line,
            borderWidth: fraction > 0 ? 0.4 : 0,
            opacity: 1,
          },
        })),
      },
    ],
  };
}

export function dotNames(figure: DotFigure) {
  return {
    rows: figure.rows.map(({ name }) => name),
    columns: figure.columns,
    rowCount: figure.rows.length,
    columnCount: figure.columns.length,
    rowTitle: figure.rowTitle,
    columnTitle: figure.columnTitle,
    strip: { rows: stripWidth + 2, columns: 0 },
  };
}

function sizeLegend(figure: DotFigure, theme: ChartTheme, left: number, top: number, largest: number) {
  const line = lineHeight(theme.fontPx);
  const title = wrapText(`Share of ${figure.fractionTitle}`, theme.fontPx, colourBarWidth, true);
  return [
    ...title.map((text, i) => textGraphic(text, theme, { x: left, y: top + (i + 0.5) * line, bold: true })),
    ...[0.1, 0.25, 0.5, 1].flatMap((share, i) => {
      const y = top + title.length * line + 14 + i * Math.max(largest + 3, line);
      return [
        circleGraphic(left + largest / 2, y, (largest * Math.sqrt(share)) / 2, theme.muted),
        textGraphic(percentText(share, 0), theme, { x: left + largest + 8, y }),
      ];
    }),
  ];
}
