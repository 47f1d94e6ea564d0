import type { EChartsOption } from 'echarts';
import type { FigureData } from '#core/figures/figure-data';
import { barOption } from './bar-option.ts';
import { boxOption } from './box-option.ts';
import { type ChartTheme, type ThemeName, themes } from './chart-theme.ts';
import { dotOption } from './dot-option.ts';
import { figureSize } from './figure-size.ts';
import { flowOption } from './flow-option.ts';
import type { Size } from './frame.ts';
import { graphOption } from './graph-option.ts';
import { heatmapOption } from './heatmap-option.ts';
import { histogramOption } from './histogram-option.ts';
import { lineOption } from './line-option.ts';
import { mapsOption } from './maps-option.ts';
import { ridgeOption } from './ridge-option.ts';
import { scatterOption } from './scatter-option.ts';
import { violinOption } from './violin-option.ts';

/**
 * What ECharts draws for a figure. The layout is in px of `size`: a window that changes its size asks again.
 *
 * @param size of the chart; without one that of `figureSize`
 */
export function optionOf(figure: FigureData, theme: ChartTheme | ThemeName = 'light', size?: Size): EChartsOption {
  const look = typeof theme === 'string' ? themes[theme] : theme;
  return {
    ...kindOption(figure, look, size ?? figureSize(figure, look)),
    animation: false,
    backgroundColor: look.background,
  };
}

function kindOption(figure: FigureData, theme: ChartTheme, size: Size): EChartsOption {
  switch (figure.kind) {
    case 'scatter':
      return scatterOption(figure, theme, size);
    case 'bars':
      return barOption(figure, theme, size);
    case 'boxes':
      return boxOption(figure, theme, size);
    case 'heatmap':
      return heatmapOption(figure, theme, size);
    case 'flow':
      return flowOption(figure, theme, size);
    case 'dots':
      return dotOption(figure, theme, size);
    case 'violins':
      return violinOption(figure, theme, size);
    case 'lines':
      return lineOption(figure, theme, size);
    case 'histogram':
      return histogramOption(figure, theme, size);
    case 'graph':
      return graphOption(figure, theme, size);
    case 'ridges':
      return ridgeOption(figure, theme, size);
    case 'maps':
      return mapsOption(figure, theme, size);
  }
}
