import type { GraphicComponentOption } from 'echarts';
import type { ChartTheme } from './chart-theme.ts';

/** Things drawn at fixed places, beside what the series draw. */
export type Graphic = NonNullable<Extract<GraphicComponentOption, { elements?: unknown }>['elements']>[number];

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly verticalAlign?: 'top' | 'middle' | 'bottom';
  /** Quarter turns against the clock. */
  readonly turned?: boolean;
  readonly bold?: boolean;
  readonly px?: number;
  readonly colour?: string;
}

export function textGraphic(text: string, theme: ChartTheme, place: TextPlace): Graphic {
  const px = place.px ?? theme.fontPx;
  return {
    type: 'text',
    x: place.x,
    y: place.y,
    rotation: place.turned === true ? Math.PI / 2 : 0,
    silent: true,
    style: {
      text,
      x: 0,
      y: 0,
      fill: place.colour ?? theme.text,
      fontFamily: theme.fontFamily,
      fontSize: px,
      fontWeight: place.bold === true ? 'bold' : 'normal',
      lineHeight: Math.round(px * 1.3),
      align: place.align ?? 'left',
      verticalAlign: place.verticalAlign ?? 'middle',
    },
  };
}

export function rectGraphic(
  rect: { x: number; y: number; width: number; height: number },
  fill: string,
  stroke?: string,
): Graphic {
  return { type: 'rect', shape: rect, silent: true, style: { fill, ...(stroke ? { stroke, lineWidth: 0.5 } : {}) } };
}

export function circleGraphic(x: number, y: number, r: number, fill: string): Graphic {
  return { type: 'circle', shape: { cx: x, cy: y, r }, silent: true, style: { fill } };
}
