import type { ChartTheme } from '#charts/chart-theme';
import type { ChartFile } from '#charts/export/chart-file';
import { type Mark, marksSvg } from '#charts/export/marks';
import { percent } from '../../ui/format.ts';

const [WIDTH, PLOT, LEFT, TOP] = [560, 150, 16, 34] as const;
/** Of the width of a bin: its bar, and a stripe of hatching. */
const [BAR, STRIPES] = [0.88, 3] as const;

export interface ConfidenceColours {
  readonly background: string;
  /** Of bars above the threshold. */
  readonly sure: string;
  readonly unsure: string;
  readonly hatch: string;
}

/**
 * The histogram of confidence as a file, as it stands above the slider: bars at or under the threshold are hatched, heights
 * grow with the square root of the number of cells.
 *
 * @param bins [bins] cells, over confidences 0…1
 */
export function confidenceFile(
  bins: readonly number[],
  threshold: number,
  colours: ConfidenceColours,
  theme: ChartTheme,
): ChartFile {
  const edge = (bin: number): number => bin / bins.length;
  return {
    name: 'confidence of the labels',
    svg: () =>
      marksSvg([...barMarks(bins, threshold, colours), ...axisMarks(threshold, theme)], {
        width: WIDTH,
        height: TOP + PLOT + 66,
        title: 'Confidence of the labels',
        background: colours.background,
        fontFamily: theme.fontFamily,
      }),
    table: () => ({
      columns: ['Confidence from', 'Confidence to', 'Query cells', `Shown as Unknown at ${threshold}`],
      rows: bins.map((cells, bin) => [
        edge(bin),
        edge(bin + 1),
        cells,
        isUnder(bin, bins.length, threshold) ? 'yes' : 'no',
      ]),
    }),
  };
}

/** Whether the middle of a bin lies at or under the threshold: its bar is hatched then. */
export function isUnder(bin: number, bins: number, threshold: number): boolean {
  return (bin + 0.5) / bins <= threshold;
}

/** Height of a bar as a share of the plot. */
export function barHeight(cells: number, highest: number): number {
  return cells === 0 ? 0 : Math.max(0.015, Math.sqrt(cells / Math.max(1, highest)) * 0.975);
}

function barMarks(bins: readonly number[], threshold: number, { sure, unsure, hatch }: ConfidenceColours): Mark[] {
  const wide = (WIDTH - 2 * LEFT) / bins.length;
  const highest = Math.max(1, ...bins);
  return bins.flatMap((cells, bin): Mark[] => {
    const height = barHeight(cells, highest) * PLOT;
    if (height === 0) return [];
    const bar = {
      kind: 'rect',
      x: LEFT + (bin + (1 - BAR) / 2) * wide,
      y: TOP + PLOT - height,
      width: BAR * wide,
      height,
    } as const;
    if (!isUnder(bin, bins.length, threshold)) return [{ ...bar, fill: sure }];
    const step = bar.width / STRIPES;
    const stripes = Array.from({ length: STRIPES }, (_, i): Mark => ({
      ...bar,
      x: bar.x + i * step,
      width: 0.4 * step,
      fill: hatch,
    }));
    return [{ ...bar, fill: unsure }, ...stripes];
  });
}

function axisMarks(threshold: number, { text, muted, line }: ChartTheme): Mark[] {
  const xOf = (share: number): number => LEFT + share * (WIDTH - 2 * LEFT);
  const bottom = TOP + PLOT;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return [
    { kind: 'rect', x: LEFT, y: bottom, width: WIDTH - 2 * LEFT, height: 1, fill: line },
    ...ticks.flatMap((share): Mark[] => [
      { kind: 'rect', x: xOf(share) - 0.5, y: bottom, width: 1, height: 5, fill: line },
      {
        kind: 'text',
        x: xOf(share),
        y: bottom + 15,
        text: percent(share),
        px: 12,
        fill: text,
        align: share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
      },
    ]),
    { kind: 'rect', x: xOf(threshold) - 0.75, y: TOP - 4, width: 1.5, height: PLOT + 4, fill: text },
    {
      kind: 'text',
      x: Math.min(xOf(threshold), WIDTH - 90),
      y: TOP - 14,
      text: `threshold ${percent(threshold)}`,
      px: 12,
      fill: text,
      align: threshold < 0.2 ? 'start' : 'middle',
    },
    { kind: 'text', x: LEFT, y: bottom + 34, text: 'Confidence (largest label probability)', px: 12, fill: text },
    {
      kind: 'text',
      x: LEFT,
      y: bottom + 52,
      text: 'Height: square root of the number of query cells. Hatched: shown as Unknown.',
      px: 11,
      fill: muted,
    },
  ];
}
