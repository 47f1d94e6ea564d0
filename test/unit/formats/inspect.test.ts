import { describe, expect, test } from 'vitest';
import type { Column } from '#core/data/column';
import { labelColumns } from '#formats/inspect/label-columns';
import { parseRepair, repairText } from '#formats/inspect/parse-repair';
import { optionText } from '#formats/inspect/preflight-text';
import type { Repair } from '#formats/inspect/repair';
import { Repair as ContractRepair } from '#contract/annotation-request';
import { parsedColumn, textColumn } from '#formats/text/text-column';
import { duplicatesIn, uniqueNames } from '#formats/unique-names';

const repairs: Repair[] = [
  { kind: 'use-matrix', slot: 'matrix (Peaks)' },
  { kind: 'make-cell-names-unique' },
  { kind: 'make-feature-names-unique' },
  { kind: 'map-ensembl-to-symbols' },
  { kind: 'map-ensembl-to-symbols', column: 'feature_name' },
  { kind: 'drop-empty-cells' },
  { kind: 'drop-cells-below', counts: 200 },
  { kind: 'add-chr' },
  { kind: 'transpose' },
  { kind: 'drop-labels', labels: ['Unknown', 'T cell, other'] },
  {
    kind: 'rename-labels',
    names: [
      { from: 'CD4 T, naive', to: 'T' },
      { from: 'a|b\\', to: 'c->d' },
      { from: 'x-', to: '>y' },
    ],
  },
];

describe('repairs', () => {
  test.each(repairs)('%j is written and read back the same, and the contract takes it', (repair) => {
    expect(parseRepair(repairText(repair))).toEqual(repair);
    expect(ContractRepair.parse(repair)).toEqual(repair);
  });

  test.each([
    '',
    'mend',
    'transpose=yes',
    'drop-cells-below',
    'drop-cells-below=few',
    'drop-cells-below=',
    'use-matrix',
    'drop-labels',
    'rename-labels',
    'rename-labels=B',
    'rename-labels=B->',
    'rename-labels=A->B->C',
    'map-ensembl-to-symbols=',
  ])('"%s" is no repair', (text) => {
    expect(() => parseRepair(text)).toThrow(expect.objectContaining({ code: 'reading.unknown-repair' }) as Error);
  });

  test('an option is quoted where a shell needs it', () => {
    expect(optionText(repairs[0]!)).toBe("--matrix 'matrix (Peaks)'");
    expect(optionText(repairs[3]!)).toBe('--repair map-ensembl-to-symbols');
    expect(optionText({ kind: 'drop-labels', labels: ["5' end"] })).toBe("--repair 'drop-labels=5'\\'' end'");
  });
});

describe('uniqueNames', () => {
  test('numbers repeated names and passes over names that are taken', () => {
    expect(uniqueNames(['A', 'A', 'A-1', 'A', 'B'])).toEqual(['A', 'A-2', 'A-1', 'A-3', 'B']);
    expect(duplicatesIn(['A', 'A', 'A-1', 'A', 'B'])).toEqual({ count: 2, examples: ['A'] });
  });

  test('leaves names alone that are unique', () => {
    const names = ['A', 'B'];
    expect(uniqueNames(names)).toBe(names);
  });
});

describe('labelColumns', () => {
  const column = (value: (row: number) => string): Column =>
    textColumn(Array.from({ length: 40 }, (_, row) => value(row)));
  const cells = {
    ids: Array.from({ length: 40 }, (_, row) => `c${row}`),
    columns: new Map<string, Column>([
      ['barcode', column((row) => `AAAC${row}`)],
      ['batch', column((row) => `b${row % 3}`)],
      ['one', column(() => 'x')],
      ['clone', column((row) => `clone${row >> 1}x${row % 30}`)],
      ['n_counts', parsedColumn(Array.from({ length: 40 }, (_, row) => String(row * 1.5)))],
      ['leiden', parsedColumn(Array.from({ length: 40 }, (_, row) => String(row % 4)))],
      ['cell_type', column((row) => (row < 2 ? 'NA' : row < 30 ? 'B' : 'T'))],
    ]),
  };

  test('puts candidates first, cell types before clusters before others, and hides no column', () => {
    const columns = labelColumns(cells, []);
    expect(columns.map(({ name, role }) => [name, role])).toEqual([
      ['cell_type', 'candidate'],
      ['leiden', 'candidate'],
      ['batch', 'candidate'],
      ['barcode', 'unique'],
      ['one', 'one-value'],
      ['clone', 'unique'],
      ['n_counts', 'number'],
    ]);
  });

  test('counts values, most frequent first, and the cells without one', () => {
    expect(labelColumns(cells, ['cell_type'])[0]).toEqual({
      name: 'cell_type',
      role: 'candidate',
      distinct: 2,
      missing: 2,
      counts: [
        { value: 'B', cells: 28 },
        { value: 'T', cells: 10 },
      ],
      from: 'labels-file',
    });
  });
});
