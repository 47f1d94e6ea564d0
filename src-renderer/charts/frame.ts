import type { TitleComponentOption } from 'echarts';
import type { FigureData } from '#core/figures/figure-data';
import type { ChartTheme } from './chart-theme.ts';
import { wrapText } from './text-width.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

const margin = 12;

/** Title above, footnotes below, and the rectangle that remains for plot and legend. */
export function frameOf(
  figure: FigureData,
  theme: ChartTheme,
  size: Size,
): { readonly titles: TitleComponentOption[]; readonly inner: Rect } {
  const { title, notes, top, bottom } = outside(figure, theme, size.width);
  const text = (lines: readonly string[], place: { top?: number; bottom?: number }, px: number, bold: boolean) => ({
    text: lines.join('\n'),
    left: margin,
    padding: 0,
    ...place,
    textStyle: {
      fontFamily: theme.fontFamily,
      fontSize: px,
      lineHeight: lineHeight(px),
      fontWeight: bold ? ('bold' as const) : ('normal' as const),
      color: bold ? theme.text : theme.muted,
    },
  });
  return {
    titles: [
      ...(title.length === 0 ? [] : [text(title, { top: margin }, theme.titlePx, true)]),
      ...(notes.length === 0 ? [] : [text(notes, { top: size.height - bottom + 8 }, theme.notePx, false)]),
    ],
    inner: {
      left: margin,
      top,
      width: size.width - 2 * margin,
      height: size.height - top - bottom,
    },
  };
}

/** Height of title, footnotes and margins at a width: what a figure needs beside its inner rectangle. */
export function frameHeight(figure: FigureData, theme: ChartTheme, width: number): number {
  const { top, bottom } = outside(figure, theme, width);
  return top + bottom;
}

export const frameMargin = margin;

export function lineHeight(px: number): number {
  return Math.round(px * 1.35);
}

function outside(figure: FigureData, theme: ChartTheme, width: number) {
  // A page that writes the title itself leaves it empty here.
  const title = figure.title === '' ? [] : wrapText(figure.title, theme.titlePx, width - 2 * margin, true);
  const notes = figure.footnotes.flatMap((note) => wrapText(note, theme.notePx, width - 2 * margin));
  return {
    title,
    notes,
    top: margin + (title.length === 0 ? 0 : title.length * lineHeight(theme.titlePx) + 8),
    bottom: margin + (notes.length === 0 ? 0 : notes.length * lineHeight(theme.notePx) + 8),
  };
}
