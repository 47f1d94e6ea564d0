import type { ChartTheme } from '#charts/chart-theme';
import { type BarRow, barListMarks } from '#charts/export/bar-list';
import type { ChartFile } from '#charts/export/chart-file';
import { type Mark, marksSvg } from '#charts/export/marks';
import type { Why, WhyFeature } from '#contract/result-data';
import type { TableField } from '#core/figures/figure-table';
import { count, counted, percent } from '../../ui/format.ts';

/** Rows of each list that the card shows. */
export const shownRows = { labels: 4, features: 8 } as const;

export interface WhyColours {
  readonly background: string;
  readonly for: string;
  readonly against: string;
  readonly ofLabel: (label: string) => string;
}

const [WIDTH, EDGE, GAP] = [560, 16, 14] as const;

/** An attribution as it is written beside its bar. */
export function attributionText(value: number, tone: 'for' | 'against'): string {
  const size = Math.abs(value);
  return `${tone === 'for' ? '+' : '−'}${size < 0.0005 ? size.toExponential(0) : size.toFixed(3)}`;
}

/**
 * Why some cells have their label, as a file: what the card shows, list under list; and a row per bar.
 * @param selected cells; `why` may be of a sample of them
 */
export function whyFile(why: Why, selected: number, colours: WhyColours, theme: ChartTheme): ChartFile {
  const parts = partsOf(why, colours);
  return {
    name: `why ${why.label}`,
    svg: () => {
      const head: Mark[] = [
        `Why ${why.label}?`,
        `Most probable label of ${count(why.cellsOfLabel)} of ${counted(why.cells, 'cell')}` +
          (why.cells < selected ? `, an even sample of the ${counted(selected, 'selected cell')}` : ''),
      ].map((text, line) => ({
        ...{ kind: 'text' as const, x: EDGE, y: EDGE + 8 + 20 * line, text },
        ...(line === 0 ? { px: 15, bold: true, fill: theme.text } : { px: 12, fill: theme.muted }),
      }));
      let y = EDGE + 48;
      const lists = parts.flatMap(({ title, rows }) => {
        const { marks, height } = barListMarks(title, rows, { x: EDGE, y, width: WIDTH - 2 * EDGE }, theme);
        y += height + GAP;
        return marks;
      });
      return marksSvg([...head, ...lists], {
        ...{ width: WIDTH, height: y + EDGE - GAP, title: `Why ${why.label}?` },
        ...{ background: colours.background, fontFamily: theme.fontFamily },
      });
    },
    table: () => ({
      columns: ['What', 'Name', 'Value', 'Share of cells that have it among their strongest'],
      rows: parts.flatMap(({ what, values }) => values.map((row): TableField[] => [what, ...row])),
    }),
  };
}

interface Part {
  readonly title: string;
  readonly rows: readonly BarRow[];
  readonly what: string;
  readonly values: readonly (readonly [name: string, value: number, fraction: number | null])[];
}

function partsOf({ label, probabilities, features, neighbours }: Why, colours: WhyColours): Part[] {
  const shares = (title: string, what: string, list: readonly { label: string; share: number }[]): Part => ({
    title,
    what,
    rows: list.map(({ label: name, share }) => ({ name, share, text: percent(share), fill: colours.ofLabel(name) })),
    values: list.map(({ label: name, share }) => [name, share, null]),
  });
  const attributions = (title: string, tone: 'for' | 'against', list: readonly WhyFeature[]): Part => {
    const widest = Math.max(1e-12, ...list.map(({ meanAttribution }) => Math.abs(meanAttribution)));
    return {
      title,
      what: `mean attribution, ${tone} ${label}`,
      rows: list.map(({ feature, meanAttribution }) => ({
        ...{ name: feature, share: Math.abs(meanAttribution) / widest, fill: colours[tone] },
        text: attributionText(meanAttribution, tone),
      })),
      values: list.map(({ feature, meanAttribution, fraction }) => [feature, meanAttribution, fraction]),
    };
  };
  const first = probabilities.slice(0, shownRows.labels).map(({ label: name, mean }) => ({ label: name, share: mean }));
  return [
    shares('Mean probability', 'mean probability', first),
    ...(features === null
      ? []
      : [
          attributions('Speak for it: mean attribution', 'for', features.supporting.slice(0, shownRows.features)),
          attributions('Speak against it', 'against', features.contradicting.slice(0, shownRows.features)),
        ]),
    ...(neighbours === null
      ? []
      : [
          shares(
            `Labels of the ${neighbours.k} nearest reference cells`,
            'share of the nearest reference cells',
            neighbours.votes.slice(0, shownRows.labels),
          ),
        ]),
  ];
}
