import type { FlowFigure, HeatmapFigure } from '#core/figures/figure-data';
import { unknownColour } from '#core/figures/label-colours';
import { cellsText, countText, percentText } from '#core/figures/number-text';
import type { LabelFlows } from './label-flows.ts';

export interface FlowWords {
  /** What the rows are, e.g. "True label" or a column's name. */
  readonly own: string;
  /** The name of the file that is saved begins with it. */
  readonly id: string;
  readonly threshold: number;
  /** All query cells. */
  readonly total: number;
}

/** Own label × label shown, as shares of each own label or as cells. */
export function matrixFigure(flows: LabelFlows, words: FlowWords, by: 'share' | 'cells'): HeatmapFigure {
  const { rows, columns, counts, rowCells } = flows;
  const most = counts.reduce((large, cells) => Math.max(large, cells), 1);
  const share = (field: number): number => counts[field]! / rowCells[Math.floor(field / columns.length)]!;
  const fields = Array.from(counts.keys());
  return {
    kind: 'heatmap',
    id: `${words.id}-matrix`,
    title: `${words.own} against label shown`,
    footnotes: [footnote(flows, words), agreement(flows)],
    rowTitle: words.own,
    columnTitle: 'Label shown',
    rows: rows.map((name, row) => ({ name: `${name} (${countText(rowCells[row]!)})`, group: -1 })),
    columns: columns.map((name) => ({ name, group: -1 })),
    rowNames: true,
    columnNames: true,
    values: by === 'share' ? fields.map(share) : Array.from(counts),
    valueTitle: by === 'share' ? 'Share of the row' : 'Cells',
    valueFormat: by === 'share' ? 'fraction' : 'number',
    range: by === 'share' ? [0, 1] : [0, most],
    scale: 'sequential',
    texts: fields.map((field) => {
      if (counts[field] === 0) return '';
      return by === 'share'
        ? `${percentText(share(field), 0)}\n${countText(counts[field]!)}`
        : countText(counts[field]!);
    }),
    groups: [],
    groupTitle: '',
  };
}

/** The same as a river, from own labels to labels shown. @param colours label → colour */
export function riverFigure(flows: LabelFlows, words: FlowWords, colours: ReadonlyMap<string, string>): FlowFigure {
  const { rows, columns, counts, rowCells } = flows;
  const colour = (name: string): string => colours.get(name) ?? unknownColour;
  const reached = columns.map((_, column) =>
    rows.reduce((sum, _name, row) => sum + counts[row * columns.length + column]!, 0),
  );
  // a river has no banks without water: labels that nobody is shown under now are left out
  const kept = [...columns.keys()].filter((column) => reached[column]! > 0);
  return {
    kind: 'flow',
    id: `${words.id}-river`,
    title: `From ${words.own.charAt(0).toLowerCase()}${words.own.slice(1)} to label shown`,
    footnotes: [footnote(flows, words)],
    fromTitle: words.own,
    toTitle: 'Label shown',
    from: rows.map((name, row) => ({ name, colour: colour(name), cells: rowCells[row]! })),
    to: kept.map((column) => ({
      name: columns[column]!,
      colour: column === columns.length - 1 ? unknownColour : colour(columns[column]!),
      cells: reached[column]!,
    })),
    links: rows.flatMap((_, row) =>
      kept.flatMap((column, to) => {
        const cells = counts[row * columns.length + column]!;
        return cells === 0 ? [] : [{ from: row, to, cells }];
      }),
    ),
    total: flows.cells,
  };
}

function footnote({ cells }: LabelFlows, { total, threshold }: FlowWords): string {
  const which = cells < total ? ` of ${countText(total)}: those that have one` : '';
  return `${cellsText(cells)}${which}. Unknown: confidence does not exceed ${percentText(threshold, 0)}.`;
}

function agreement({ shared, agreeing }: LabelFlows): string {
  if (shared === 0) return 'None of these labels is a label of the reference.';
  return `${percentText(agreeing / shared)} of the ${cellsText(shared)} whose label the reference has are shown under it.`;
}
