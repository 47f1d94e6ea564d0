import type { Results } from '#contract/requests';
import type { RunResult } from '#contract/run-result';

/** Names of the features of the generated query. */
export const features = ['CD3E', 'CD4', 'CD8A', 'LYZ', 'MS4A1', 'NKG7', 'PPBP', 'S100A8'] as const;

/** A feature that every fourth cell has, with values that rise with the confidence of the cell. */
export function featureValues(result: RunResult, feature: string): Results['run:feature-values'] {
  const values = result.query.confidence.map((confidence, cell) => (cell % 4 === 0 ? 4 * confidence : 0));
  return {
    feature,
    title: 'ln(1 + counts per 10⁴)',
    values,
    range: [0, 4],
    detected: values.filter((value) => value > 0).length,
  };
}

/** Three determinant features of two labels; one feature stands for both. */
export const markers: Results['run:markers'] = [
  { label: 'B cell', feature: 'MS4A1', rank: 1, meanAttribution: 0.31, logFoldChange: 2.5 },
  { label: 'B cell', feature: 'CD4', rank: 2, meanAttribution: 0.02, logFoldChange: -0.4 },
  { label: 'Monocyte', feature: 'LYZ', rank: 1, meanAttribution: 0.44, logFoldChange: 3.25 },
  { label: 'Monocyte', feature: 'CD4', rank: 2, meanAttribution: 0.12, logFoldChange: 0.5 },
].map((marker) => ({ ...marker, cells: 90, fraction: 0.9, detectionRate: 0.75 }));

/** An explanation that names the label of the first cell. */
export function why(result: RunResult, cells: readonly number[]): Results['run:why'] {
  const label = result.labels[result.query.predicted[cells[0]!]!]!;
  const other = result.labels.find((name) => name !== label)!;
  return {
    cells: cells.length,
    label,
    cellsOfLabel: cells.length,
    probabilities: [
      { label, mean: 0.75 },
      { label: other, mean: 0.25 },
    ],
    features: {
      supporting: [{ feature: 'LYZ', meanAttribution: 0.25, fraction: 1 }],
      contradicting: [{ feature: 'NKG7', meanAttribution: -0.125, fraction: 0.5 }],
    },
    reason: null,
    neighbours: {
      cells: cells.length,
      k: 30,
      votes: [{ label, share: 1 }],
      nearest: [{ cell: 'reference-7', label, times: cells.length }],
    },
  };
}

/** Columns of the generated studies: one of both, one of numbers, one of the reference alone. */
export const columns: Results['run:columns'] = {
  kept: true,
  reason: null,
  columns: [
    { name: 'donor', inReference: true, inQuery: true },
    { name: 'mito', inReference: false, inQuery: true },
    { name: 'protocol', inReference: true, inQuery: false },
  ],
  leftOut: [{ name: 'barcode', study: 'query', why: 'mostly-unique' }],
};

export function columnValues(result: RunResult, column: string): Results['run:column-values'] {
  const names = (cells: number, categories: readonly string[]) => ({
    kind: 'categories' as const,
    categories,
    codes: Int16Array.from({ length: cells }, (_, cell) => (cell % (categories.length + 1)) - 1),
  });
  const { reference, query } = result;
  if (column === 'mito') return { column, reference: null, query: { kind: 'number', values: query.confidence } };
  if (column === 'protocol') return { column, reference: names(reference.cells, ['v2', 'v3']), query: null };
  return { column, reference: names(reference.cells, ['D1', 'D2']), query: names(query.cells, ['D2', 'D3', 'D4']) };
}
