import type { Rect } from './frame.ts';

/** Rectangles of `panels` in a grid of `columns`, row by row, with a gap between and room for a heading above each. */
export function panelGrid(inner: Rect, panels: number, columns: number, heading: number, gap: number): Rect[] {
  const rows = Math.ceil(panels / columns);
  const width = (inner.width - (columns - 1) * gap) / columns;
  const height = (inner.height - (rows - 1) * gap) / rows;
  return Array.from({ length: panels }, (_, i) => ({
    left: inner.left + (i % columns) * (width + gap),
    top: inner.top + Math.floor(i / columns) * (height + gap) + heading,
    width,
    height: height - heading,
  }));
}
