import { expect, test } from 'vitest';
import type { Column } from '#core/data/column';
import { labelMessages } from '#handlers/match-studies';

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

test('labels of ten cells and more need no word', () => {
  expect(
    labelMessages(reference(labels([...Array<string>(10).fill('B'), ...Array<string>(10).fill('T')])), 'cell_type'),
  ).toEqual([]);
});
