import { type ThemeName, themes } from '#charts/chart-theme';
import type { ChartFile } from '#charts/export/chart-file';
import { type Mark, marksSvg } from '#charts/export/marks';
import { toScreen } from '#charts/point-map/map-camera';
import { looks } from '#charts/point-map/map-points';
import { namesWithRoom } from '#charts/point-map/names-with-room';
import { fitText, textWidth } from '#charts/text-width';
import type { TableField } from '#core/figures/figure-table';
import type { PointMap } from '../../charts/page/mount-point-map.ts';
import { count, percent } from '../../ui/format.ts';
import type { MapCells, MapColouring } from './map-colouring.ts';
import type { PlacedName } from './map-looks.ts';

/** What a map shows, as far as its file needs it. */
export interface ShownMap {
  readonly title: string;
  readonly map: PointMap;
  readonly cells: MapCells;
  /** [cells, 2] as the run stored them. */
  readonly layout: Float32Array;
  readonly colouring: MapColouring;
  /** [cells] of `looks`. */
  readonly look: Uint8Array;
  readonly names: readonly PlacedName[];
  readonly theme: ThemeName;
  /** [query cells] ids as in the file. */
  readonly cellNames: () => Promise<readonly string[]>;
}

const MARGIN = 14;
const LINE = 19;
const WIDEST_NAME = 240;

/** The map as it is seen: names and legend as text, the points as a picture in it; and a row per cell that is not hidden. */
export function mapFile(shown: ShownMap): ChartFile {
  return {
    name: shown.title,
    svg: (ratio) => mapSvg(shown, ratio),
    async table() {
      const { cells, layout, colouring, look } = shown;
      const { valueOf } = colouring;
      const ids = await shown.cellNames();
      const rows: TableField[][] = [];
      for (let cell = 0; cell < look.length; cell++) {
        if (look[cell] === looks.hidden) continue;
        const own = cell >= cells.reference;
        const value = valueOf === null ? colouring.names[colouring.nameOf![cell]!]! : numberOf(valueOf(cell));
        rows.push([
          own ? 'Query' : 'Reference',
          own ? ids[cell - cells.reference]! : null,
          layout[2 * cell]!,
          layout[2 * cell + 1]!,
          value,
        ]);
      }
      return { columns: ['Study', 'Cell', 'UMAP 1', 'UMAP 2', colouring.legendTitle], rows };
    },
  };
}

function mapSvg({ title, map, colouring, names, theme }: ShownMap, ratio: number): string {
  const look = themes[theme];
  const { camera, size } = map.view();
  const box = { x: 0, y: 0, width: size.width, height: size.height };
  const placed = namesWithRoom(
    names.map((name) => ({ ...name, at: toScreen(camera, size, name.x, name.y) })),
    size,
  );
  const background = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  const legend = legendMarks(colouring, size, look);
  return marksSvg(
    [
      { kind: 'image', box, href: map.picture(ratio) },
      {
        kind: 'within',
        box,
        marks: placed.map(({ text, at }): Mark => {
          return { kind: 'text', ...at, text, px: 13, fill: look.text, align: 'middle', bold: true, halo: background };
        }),
      },
      ...legend.marks,
    ],
    {
      width: size.width + legend.width,
      height: Math.max(size.height, legend.height),
      title,
      background,
      fontFamily: look.fontFamily,
    },
  );
}

/** What the colours mean, right of the map. */
function legendMarks(
  { legendTitle, rows, range, palette, format, absent }: MapColouring,
  size: { readonly width: number },
  { text, muted }: { readonly text: string; readonly muted: string },
): { readonly marks: Mark[]; readonly width: number; readonly height: number } {
  const x = size.width + MARGIN;
  const head: Mark = { kind: 'text', x, y: MARGIN + LINE / 2, text: legendTitle, px: 13, fill: text, bold: true };
  if (rows === null) {
    const [low, high] = range!;
    const written = (value: number): string => (format === 'fraction' ? percent(value) : value.toPrecision(3));
    const wide = Math.max(120, textWidth(legendTitle, 13, true));
    const y = MARGIN + 1.5 * LINE;
    const colours = palette.filter((_, step) => step > 0 && (step % 16 === 1 || step === palette.length - 1));
    const ends = [
      { text: written(low), x, align: 'start' },
      { text: written(high), x: x + wide, align: 'end' },
    ] as const;
    return {
      marks: [
        head,
        { kind: 'scale', box: { x, y, width: wide, height: 10 }, colours },
        ...ends.map((end): Mark => ({ kind: 'text', ...end, y: y + 10 + LINE / 2, px: 12, fill: muted })),
        ...greyMarks(absent, { x, y: y + 10 + 1.5 * LINE }, muted),
      ],
      width: wide + 2 * MARGIN,
      height: y + 4 * LINE,
    };
  }
  const lines = rows.map(({ name, colour, cells }, i) => ({
    colour,
    y: MARGIN + (i + 1.5) * LINE,
    text: fitText(`${name} (${count(cells)})`, 12, WIDEST_NAME),
  }));
  return {
    marks: [
      head,
      ...lines.flatMap(({ colour, y, text: line }): Mark[] => [
        { kind: 'rect', x, y: y - 5, width: 10, height: 10, fill: colour, round: true },
        { kind: 'text', x: x + 16, y, text: line, px: 12, fill: text },
      ]),
    ],
    width:
      Math.max(textWidth(legendTitle, 13, true), ...lines.map((line) => 16 + textWidth(line.text, 12))) + 2 * MARGIN,
    height: 2 * MARGIN + (rows.length + 1) * LINE,
  };
}

function numberOf(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** What grey points are, where there are any. */
function greyMarks(absent: number, at: { readonly x: number; readonly y: number }, fill: string): Mark[] {
  return absent === 0 ? [] : [{ kind: 'text', ...at, text: `Grey: ${count(absent)} without a value`, px: 12, fill }];
}
