import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Column } from '#core/data/column';
import type { Repair } from '#contract/annotation-request';
import type { WorkProgress } from '#contract/requests';
import { labelMessages, matchStudies } from '#handlers/match-studies';
import { writeSmallChromatin } from '#test/support/small-chromatin';

const reference = (column: Column) => ({
  name: 'pbmc.h5ad',
  cells: { ids: Array.from({ length: 20 }, (_, i) => `c${i}`), columns: new Map([['cell_type', column]]) },
});
const labels = (texts: readonly (string | null)[]): Column => ({ kind: 'text', values: texts });

test('a column that is not there is named and makes the match impossible', () => {
  expect(labelMessages(reference(labels([])), 'celltype')).toEqual([
    expect.objectContaining({ severity: 'error', text: 'The cells of pbmc.h5ad have no column "celltype".' }),
  ]);
});

test('rare labels are listed with their cells, the rarest first, and cells without a label are counted', () => {
  const column = labels([...Array<string>(12).fill('B'), 'NK', 'NK', 'DC', null, null, null, null, null]);
  const [rare, missing] = labelMessages(reference(column), 'cell_type');
  expect(rare).toMatchObject({ severity: 'warning', text: expect.stringContaining(': DC (1), NK (2).') as string });
  expect(missing).toMatchObject({
    severity: 'info',
    text: expect.stringMatching(/^5 of 20 reference cells/) as string,
  });
});

test('labels are told by their new names, which merge those that are rare', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-match-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.csv');
  const [genes, types] = [
    ['CD3E', 'CD19', 'NKG7'],
    ['T', 'T4', 'B'],
  ];
  const rows = Array.from({ length: 24 }, (_, cell) => [`c${cell}`, 1 + (cell % 5), 1, 2].join(','));
  writeFileSync(file, [['cell', ...genes].join(','), ...rows].join('\n'));
  const labelsFile = join(folder, 'labels.csv');
  const typeOf = (cell: number): string => types[cell < 6 ? 0 : cell < 12 ? 1 : 2]!;
  writeFileSync(labelsFile, ['cell,type', ...rows.map((_, cell) => `c${cell},${typeOf(cell)}`)].join('\n'));
  const rareOf = async (repairs: Repair[]): Promise<string[]> => {
    const match = await matchStudies({
      reference: [{ path: file, repairs, labelsFile }],
      query: [{ path: file, repairs: [] }],
      ...({ label: 'type', scenario: 'auto', harmonise: 'auto' } as const),
    });
    return match.messages.map(({ text }) => text).filter((text) => text.includes('hard to learn'));
  };
  expect(await rareOf([])).toEqual([expect.stringContaining('T (6), T4 (6)')]);
  expect(await rareOf([{ kind: 'rename-labels', names: [{ from: 'T4', to: 'T' }] }])).toEqual([]);
});

test('labels of ten cells and more need no word', () => {
  expect(
    labelMessages(reference(labels([...Array<string>(10).fill('B'), ...Array<string>(10).fill('T')])), 'cell_type'),
  ).toEqual([]);
});

test('peaks against genes are said to be peaks that become gene activity, and of which genome', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-match-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { rna } = await writeSmallChromatin(folder);
  const peaks = join(folder, 'peaks.csv');
  const places = Array.from({ length: 40 }, (_, i) => `chr1:${1_000_000 + 5000 * i}-${1_000_500 + 5000 * i}`);
  const rows = Array.from({ length: 30 }, (_, cell) => [`q${cell}`, ...places.map((_, i) => (cell * i) % 3)].join(','));
  writeFileSync(peaks, [['cell', ...places].join(','), ...rows].join('\n'));
  const match = await matchStudies({
    reference: [{ path: rna, repairs: [] }],
    query: [{ path: peaks, repairs: [], chromatin: { annotation: 'hg38' } }],
    ...({ label: 'cell_type', scenario: 'auto', harmonise: 'auto' } as const),
  });
  expect(match.suggestion.reason).toContain('peaks.csv holds peaks of open chromatin');
  expect(match.chromatin).toMatchObject({
    way: 'gene-activity',
    says: 'peaks.csv is turned into gene activity with the genes of hg38.',
  });
});

test('tells how far it is file by file, also within fragments whose cells are not listed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-match-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { rna, fragments } = await writeSmallChromatin(folder);
  const told: WorkProgress[] = [];
  const match = await matchStudies(
    {
      reference: [{ path: rna, repairs: [] }],
      query: [{ path: fragments, repairs: [], chromatin: { minimumFragments: 100 } }],
      ...({ label: 'cell_type', scenario: 'auto', harmonise: 'auto' } as const),
    },
    (done) => told.push(done),
  );
  expect(match).toMatchObject({ verdict: 'good', suggestion: { scenario: 'rna-atac' } });
  const fractions = told.map(({ fraction }) => fraction);
  expect(fractions.toSorted((a, b) => a - b)).toEqual(fractions);
  expect(fractions.filter((fraction) => fraction > 0.5 && fraction < 1).length).toBeGreaterThan(0);
  expect([...new Set(told.map(({ text }) => text.split('.')[0]))]).toEqual([
    'Reading rna_reference',
    'Reading fragments',
    'Comparing the features',
  ]);
});
