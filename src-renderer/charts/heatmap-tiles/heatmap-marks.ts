import type { ChartTheme } from '../chart-theme.ts';
import { colourAt } from '../colour-scale.ts';
import type { Mark } from '../export/marks.ts';
import { fitText, textWidth } from '../text-width.ts';
import type { HeatmapWindow } from './heatmap-window.ts';

/** Left of the fields: names and group of the rows. */
export const NAMES = 124;
const STRIP = 10;
/** Above the fields: labels and confidence of the cells, and which are selected where some are. */
export function headOf({ selected }: Pick<HeatmapContent, 'selected'>): number {
  return selected === null ? 46 : 46 + STRIP + 2;
}
/** Cells that are looked at for the shade of a pixel. */
const SAMPLE = 16;

export interface HeatmapRow {
  readonly name: string;
  /** `#rrggbb` of the group it belongs to. */
  readonly colour: string;
}
/** Cells that follow each other and belong together. */
export interface HeatmapSpan {
  readonly name: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
}
export interface HeatmapContent {
  readonly rows: readonly HeatmapRow[];
  readonly spans: readonly HeatmapSpan[];
  /** [cells] in the order of the heatmap, 0…1. */
  readonly confidence: Float32Array;
  /** [cells] in the same order, 1 where a person selected the cell; null without a selection. */
  readonly selected: Uint8Array | null;
}
interface Writing {
  readonly px: number;
  readonly ink: string;
  readonly muted: string;
}

/** What stands around the fields of a heatmap: names and groups of the rows; labels, confidence and selection of the cells. */
export function heatmapMarks(
  view: HeatmapWindow,
  content: HeatmapContent,
  writing: Writing,
  theme: Pick<ChartTheme, 'sequential'>,
): Mark[] {
  const { rows, spans, confidence, selected } = content;
  const head = headOf(content);
  const strips = [
    { text: 'Label', y: 23, draw: (y: number) => spans.flatMap((span) => spanMarks(span, view, y, writing)) },
    { text: 'Confidence', y: 35, draw: (y: number) => confidenceMarks(view, confidence, y, theme) },
    ...(selected === null
      ? []
      : [{ text: 'Selected', y: 47, draw: (y: number) => selectedMarks(view, selected, y, writing) }]),
  ];
  return [
    {
      kind: 'within',
      box: { x: NAMES, y: 0, width: view.width, height: head },
      marks: strips.flatMap(({ y, draw }) => draw(y)),
    },
    ...strips.map(({ text, y }): Mark => ({
      kind: 'text',
      x: NAMES - 18,
      y: y + STRIP / 2,
      text,
      px: writing.px,
      fill: writing.muted,
      align: 'end',
    })),
    {
      kind: 'within',
      box: { x: 0, y: head, width: NAMES, height: view.height },
      marks: rowMarks(view, rows, head, writing),
    },
  ];
}

/** The strip of a label, with its name where that has room. */
function spanMarks(
  { name, colour, from, to }: HeatmapSpan,
  view: HeatmapWindow,
  y: number,
  { px, ink }: Writing,
): Mark[] {
  const xOf = (cell: number): number => NAMES + (cell - view.left) / view.cellsPerPixel;
  const [left, right] = [Math.max(NAMES, xOf(from)), Math.min(NAMES + view.width, xOf(to))];
  if (right <= left) return [];
  const strip: Mark = { kind: 'rect', x: left, y, width: Math.max(0.5, right - left), height: STRIP, fill: colour };
  if (textWidth(name, px, true) > right - left - 4) return [strip];
  return [
    strip,
    { kind: 'text', x: (left + right) / 2, y: y / 2, text: name, px, fill: ink, align: 'middle', bold: true },
  ];
}

/** Mean confidence of the cells behind each pixel; pixels of the same shade that follow each other are one mark. */
function confidenceMarks(
  view: HeatmapWindow,
  confidence: Float32Array,
  y: number,
  { sequential }: Pick<ChartTheme, 'sequential'>,
): Mark[] {
  const marks: { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string }[] = [];
  const span = Math.max(1, Math.ceil(view.cellsPerPixel));
  const step = Math.max(1, Math.floor(span / SAMPLE));
  for (let x = 0; x < view.width; x++) {
    const from = Math.floor(view.left + x * view.cellsPerPixel);
    if (from >= confidence.length) break;
    let [sum, seen] = [0, 0];
    for (let cell = from; cell < Math.min(confidence.length, from + span); cell += step, seen++)
      sum += confidence[cell]!;
    const fill = colourAt(sequential, [0, 1], seen === 0 ? 0 : sum / seen);
    const last = marks.at(-1);
    if (last?.fill === fill) last.width++;
    else marks.push({ kind: 'rect', x: NAMES + x, y, width: 1, height: STRIP - 1, fill });
  }
  return marks;
}

/** The pixels behind which a selected cell lies; those that follow each other are one mark. */
function selectedMarks(view: HeatmapWindow, selected: Uint8Array, y: number, { ink }: Writing): Mark[] {
  const marks: { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string }[] = [];
  for (let x = 0; x < view.width; x++) {
    const from = Math.floor(view.left + x * view.cellsPerPixel);
    if (from >= selected.length) break;
    const to = Math.max(from + 1, Math.ceil(view.left + (x + 1) * view.cellsPerPixel));
    if (!selected.subarray(from, to).includes(1)) continue;
    const last = marks.at(-1);
    if (last !== undefined && last.x + last.width === NAMES + x) last.width++;
    else marks.push({ kind: 'rect', x: NAMES + x, y, width: 1, height: STRIP - 1, fill: ink });
  }
  return marks;
}

/** The group of each row as a strip, and as many names as have room, each as much of it as fits. */
function rowMarks(view: HeatmapWindow, rows: readonly HeatmapRow[], head: number, { px, ink }: Writing): Mark[] {
  const last = Math.min(rows.length, Math.ceil(view.top + view.height / view.pixelsPerRow));
  const every = Math.max(1, Math.ceil((px + 1) / view.pixelsPerRow));
  const marks: Mark[] = [];
  for (let row = Math.floor(view.top); row < last; row++) {
    const { name, colour } = rows[row]!;
    const y = head + (row - view.top) * view.pixelsPerRow;
    marks.push({ kind: 'rect', x: NAMES - 12, y, width: 8, height: Math.max(0.6, view.pixelsPerRow), fill: colour });
    if (row % every !== 0) continue;
    const middle = y + (every === 1 ? view.pixelsPerRow / 2 : px / 2);
    const text = fitText(name, px, NAMES - 20);
    marks.push({ kind: 'text', x: NAMES - 18, y: middle, text, px, fill: ink, align: 'end' });
  }
  return marks;
}
