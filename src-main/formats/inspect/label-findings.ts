import { countText } from '#core/base/count-text';
import { saysNothing } from '#core/data/no-label';
import type { Finding, LabelColumn, PreflightReport } from './preflight-report.ts';
import type { Repair } from './repair.ts';

/** What a person should know of the labels of a study; all but the last speak to who wants it for a reference. */
export function* labelFindings(
  { labelColumns, labelsFile, cells }: Pick<PreflightReport, 'labelColumns' | 'labelsFile' | 'cells'>,
  repairs: readonly Repair[],
): Generator<Finding> {
  const candidates = labelColumns.filter((column) => column.role === 'candidate');
  if (candidates.length === 0) {
    yield {
      severity: 'info',
      code: 'labels.none',
      text: 'No column of the cells looks like labels. A reference needs one; a file of labels can be given beside it.',
    };
  }
  if (!repairs.some(({ kind }) => kind === 'drop-labels')) yield* withoutKind(candidates);
  if (labelsFile !== null && (labelsFile.unmatched > 0 || labelsFile.cellsWithout > 0)) {
    yield {
      severity: labelsFile.cellsWithout * 2 > cells ? 'warning' : 'info',
      code: 'labels-file.partly',
      text: `The labels file matches ${count(labelsFile.matched)}; ${countText(labelsFile.unmatched)} of its lines belong to no cell, and ${count(labelsFile.cellsWithout)} have no line.`,
    };
  }
}

/** Cells whose label says that they have none: they would be learned like a kind of cell. */
function* withoutKind(columns: readonly LabelColumn[]): Generator<Finding> {
  const labels = new Set<string>();
  const places: string[] = [];
  for (const { name, counts } of columns) {
    for (const { value, cells } of counts) {
      if (!saysNothing(value)) continue;
      labels.add(value);
      places.push(`${count(cells)} of ${name} "${value}"`);
    }
  }
  if (labels.size === 0) return;
  yield {
    severity: 'warning',
    code: 'labels.no-kind',
    text: `A label that names no kind of cell is learned like any other: ${places.join(', ')}.`,
    repair: { kind: 'drop-labels', labels: [...labels] },
  };
}

function count(cells: number): string {
  return `${cells.toLocaleString('en')} cell${cells === 1 ? '' : 's'}`;
}
