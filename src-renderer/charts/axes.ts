import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { numberText, percentText } from '#core/figures/number-text';
import type { Axis } from '#core/figures/figure-data';
import type { ChartTheme } from './chart-theme.ts';
import { fitText } from './text-width.ts';

type ValueAxis = Extract<XAXisComponentOption, { type?: 'value' }> & Extract<YAXisComponentOption, { type?: 'value' }>;

/** A numeric axis with its title and unit, ticks outside, and faint lines across the plot. */
export function valueAxis(axis: Axis, theme: ChartTheme, nameGap: number): ValueAxis {
  return {
    type: 'value',
    ...axisName(axisTitle(axis), theme, nameGap),
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.line, width: 0.75 } },
    axisTick: { show: axis.format !== 'none', lineStyle: { color: theme.line, width: 0.75 } },
    axisLabel: {
      show: axis.format !== 'none',
      ...textStyle(theme),
      color: theme.text,
      formatter: (value: number) => (axis.format === 'fraction' ? percentText(value, 0) : numberText(value)),
    },
    splitLine: { show: axis.format !== 'none', lineStyle: { color: theme.grid, width: 0.75 } },
  };
}

/** Named rows from top to bottom, their names cut to `width` pixels. */
export function categoryAxis(names: readonly string[], theme: ChartTheme, width: number): YAXisComponentOption {
  return {
    type: 'category',
    inverse: true,
    data: [...names],
    axisLine: { lineStyle: { color: theme.line, width: 0.75 } },
    axisTick: { show: false },
    axisLabel: {
      ...textStyle(theme),
      color: theme.text,
      interval: 0,
      formatter: (name: string) => fitText(name, theme.fontPx, width),
    },
  };
}

/** "Title (unit)"; percentages carry their sign at every number instead. */
export function axisTitle({ title, unit }: Axis): string {
  return unit === null || unit === '%' ? title : `${title} (${unit})`;
}

export function axisName(name: string, theme: ChartTheme, nameGap: number) {
  return {
    name,
    nameLocation: 'middle' as const,
    nameGap,
    nameTextStyle: { ...textStyle(theme), color: theme.text, fontWeight: 'bold' as const },
  };
}

export function textStyle(theme: ChartTheme) {
  return { fontFamily: theme.fontFamily, fontSize: theme.fontPx };
}
