import type { Assessment } from '../assess/assessment.ts';
import type { HeatmapFigure } from './figure-data.ts';
import { cellsText, countText, percentText } from './number-text.ts';

/**
 * True × most probable label, each row as shares of its true cells. Columns without any cell are left out and named.
 * Rows of novel labels stand last: none of their cells can be right.
 */
export function confusionFigure(assessment: Assessment): HeatmapFigure {
  const { rows, columns, counts } = assessment.confusion;
  const at = (row: number, column: number): number => counts[row * columns.length + column]!;
  const sums = rows.map((_, row) => columns.reduce((sum, _name, column) => sum + at(row, column), 0));
  const kept = keptColumns(rows, columns, at);
  const unused = columns.filter((_, column) => !kept.includes(column));
  const { closed, novelLabels, cells } = assessment;
  const fields = rows.flatMap((_, row) =>
    kept.map((column) => ({ cells: at(row, column), share: sums[row] === 0 ? null : at(row, column) / sums[row]! })),
  );
  return {
    kind: 'heatmap',
    id: 'confusion',
    title: 'True against predicted labels',
    footnotes: [
      ...(closed.accuracy === null
        ? []
        : [
            `Accuracy ${percentText(closed.accuracy)} of ${cellsText(cells.shared)} of shared labels` +
              ` (most probable label, whatever its confidence).`,
          ]),
      ...(novelLabels.length === 0
        ? []
        : [`Not in the reference: ${novelLabels.join(', ')} (${cellsText(cells.novel)}).`]),
      ...(unused.length === 0
        ? []
        : [
            unused.length > 8
              ? `${countText(unused.length)} further labels of the reference are never predicted and never true.`
              : `Never predicted and never true: ${unused.join(', ')}.`,
          ]),
    ],
    rowTitle: 'True label',
    columnTitle: 'Predicted label',
    rows: rows.map((name, row) => ({ name: `${name} (${countText(sums[row]!)})`, group: -1 })),
    columns: kept.map((column) => ({ name: columns[column]!, group: -1 })),
    rowNames: true,
    columnNames: true,
    values: fields.map(({ share }) => share),
    valueTitle: 'Share of true cells',
    valueFormat: 'fraction',
    range: [0, 1],
    scale: 'sequential',
    texts: fields.map(({ cells: n, share }) =>
      n === 0 || share === null ? '' : `${percentText(share, 0)}\n${countText(n)}`,
    ),
    groups: [],
    groupTitle: '',
  };
}

/** Columns in the order of the rows first, so that the diagonal is right answers; then others that hold cells. */
function keptColumns(
  rows: readonly string[],
  columns: readonly string[],
  at: (row: number, column: number) => number,
): number[] {
  const diagonal = rows.flatMap((name) => {
    const column = columns.indexOf(name);
    return column === -1 ? [] : [column];
  });
  const others = columns.flatMap((_, column) =>
    !diagonal.includes(column) && rows.some((_name, row) => at(row, column) > 0) ? [column] : [],
  );
  return [...diagonal, ...others];
}
