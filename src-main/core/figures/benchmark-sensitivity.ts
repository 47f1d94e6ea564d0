import type { BenchmarkScore } from '../assess/benchmark-score.ts';
import { measureTitles } from '../assess/benchmark-score.ts';
import { distinct } from '../assess/benchmark-tables.ts';
import { barValues, measureAxis, meanOverPairs, slug } from './benchmark-bars.ts';
import type { BarFigure, HeatmapFigure, LineFigure } from './figure-data.ts';
import { neutralColour } from './label-colours.ts';
import { palette } from './palette.ts';

const shown = ['accuracy', 'macro_f1'] as const;
const dashes = ['solid', 'dashed', 'dotted'] as const;

/**
 * How scores depend on settings that were varied: curves where one number was, bars where one choice was, a heatmap where two
 * settings were. A figure per method, measure and set of settings; the other settings are those of the file.
 */
export function sensitivityFigures(scores: readonly BenchmarkScore[]): (LineFigure | BarFigure | HeatmapFigure)[] {
  const varied = scores.filter((score) => score.varied !== null);
  const group = ({ methodId, varied }: BenchmarkScore): string => `${methodId} ${Object.keys(varied!).join(' ')}`;
  return distinct(varied.map(group)).flatMap((key) => {
    const own = varied.filter((score) => group(score) === key);
    const names = Object.keys(own[0]!.varied!);
    return shown.flatMap((measure): (LineFigure | BarFigure | HeatmapFigure)[] => {
      const id = `sensitivity-${slug(key)}-${slug(measure)}`;
      const title = `${measureTitles[measure]} of ${own[0]!.methodId} by ${names.join(' and ')}`;
      if (names.length === 2) return [heatmap(own, names, measure, { id, title })];
      if (names.length > 2) return [];
      const values = own.map((score) => score.varied![names[0]!]);
      return values.every((value) => typeof value === 'number')
        ? [curves(own, names[0]!, measure, { id, title })]
        : [choices(own, names[0]!, measure, { id, title })];
    });
  });
}

type Shown = (typeof shown)[number];
interface Head {
  readonly id: string;
  readonly title: string;
}

/** One line per pair, means over the seeds, and the mean of the pairs where there are several. */
function curves(scores: readonly BenchmarkScore[], name: string, measure: Shown, head: Head): LineFigure {
  const at = (score: BenchmarkScore): number => score.varied![name] as number;
  const places = distinct(scores.map(at)).sort((a, b) => a - b);
  const pairs = distinct(scores.map(({ pair }) => pair));
  const line = (own: readonly BenchmarkScore[]): { x: number[]; y: number[] } => {
    const points = places.flatMap((x) => {
      const mean = meanOverPairs(
        own.filter((score) => at(score) === x),
        measure,
      );
      return mean === null ? [] : [{ x, y: mean.mean }];
    });
    return { x: points.map(({ x }) => x), y: points.map(({ y }) => y) };
  };
  return {
    ...{ kind: 'lines', ...head, footnotes: ['Each place is the mean over the seeds.'] },
    x: { title: name, unit: null, format: 'number' },
    y: measureAxis(measure),
    legendTitle: 'Pair',
    series: [
      ...pairs.map((pair, i) => ({
        name: pair,
        colour: palette[i % palette.length]!,
        dash: dashes[Math.floor(i / 6) % dashes.length]!,
        ...line(scores.filter((score) => score.pair === pair)),
      })),
      ...(pairs.length > 1 ? [{ name: 'Mean', colour: neutralColour, dash: 'solid' as const, ...line(scores) }] : []),
    ],
  };
}

function choices(scores: readonly BenchmarkScore[], name: string, measure: Shown, head: Head): BarFigure {
  const at = (score: BenchmarkScore): string => String(score.varied![name]);
  const places = distinct(scores.map(at));
  return {
    ...{
      kind: 'bars',
      ...head,
      footnotes: ['Bars: mean over the pairs; lines across their ends: standard deviation.'],
    },
    ...{ categories: places, categoryTitle: name, value: measureAxis(measure), legendTitle: '' },
    series: [
      {
        name: measureTitles[measure],
        colour: palette[0]!,
        ...barValues(
          places.map((place) =>
            meanOverPairs(
              scores.filter((score) => at(score) === place),
              measure,
            ),
          ),
        ),
      },
    ],
  };
}

function heatmap(
  scores: readonly BenchmarkScore[],
  [down, across]: readonly string[],
  measure: Shown,
  head: Head,
): HeatmapFigure {
  const at = (score: BenchmarkScore, name: string): string => String(score.varied![name]);
  const [rows, columns] = [down!, across!].map((name) => distinct(scores.map((score) => at(score, name))));
  const values = rows!.flatMap((row) =>
    columns!.map(
      (column) =>
        meanOverPairs(
          scores.filter((score) => at(score, down!) === row && at(score, across!) === column),
          measure,
        )?.mean ?? null,
    ),
  );
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known, 1);
  const band = (name: string) => ({ name, group: -1 });
  return {
    ...{ kind: 'heatmap', ...head, footnotes: ['Mean over the pairs of their means over seeds.'] },
    ...{ rowTitle: down!, columnTitle: across!, rows: rows!.map(band), columns: columns!.map(band) },
    ...{ columnNames: true, rowNames: true, values, valueTitle: measureTitles[measure], valueFormat: 'number' },
    range: [low, Math.max(...known, low + 0.01)],
    scale: 'sequential',
    texts: values.map((value) => value?.toFixed(3) ?? ''),
    groups: [],
    groupTitle: '',
  };
}
