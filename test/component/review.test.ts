import { screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { usedFiles } from '../../src-renderer/features/annotate/used-files.ts';
import { expectAccessible } from './support/accessible.ts';
import { matchReport, method, report } from './support/generated-study.ts';
import { renderApp, stubScreen } from './support/render-app.ts';

const request = {
  reference: [{ path: '/d/a.h5ad', repairs: [{ kind: 'add-chr' as const }], labelsFile: '/d/labels.csv' }],
  query: [
    {
      path: '/d/fragments.tsv.gz',
      repairs: [],
      chromatin: { barcodes: '/d/cells.txt', annotation: 'hg38', minimumFragments: 1500, peaks: '/d/peaks.bed' },
    },
  ],
  queryPeaks: { path: '/d/own.h5ad', repairs: [], chromatin: { annotation: '/d/genes.gtf.gz' } },
  ...{ chain: '/d/hg19ToHg38.chain.gz', geneSets: '/d/own.gmt', label: 'cell_type', harmonise: 'recount' as const },
};
const withSets = { ...method, geneSets: true };

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

describe('the files of a run', () => {
  test('are all listed, each with what it is for and how it is read', () => {
    expect(usedFiles(request, withSets).map(({ role, path, notes }) => [role, path, notes.join('; ')])).toEqual([
      ['Reference', '/d/a.h5ad', 'Add “chr” to contig names'],
      ['Reference: table joined to the cells', '/d/labels.csv', ''],
      ['Query', '/d/fragments.tsv.gz', 'Barcodes with fewer than 1,500 fragments are no cells; Genes of hg38'],
      ['Query: barcodes that are cells', '/d/cells.txt', ''],
      ['Query: peaks to count fragments in', '/d/peaks.bed', ''],
      ['The query’s own peaks', '/d/own.h5ad', ''],
      ['The query’s own peaks: genes', '/d/genes.gtf.gz', ''],
      ['Chain file between the genomes', '/d/hg19ToHg38.chain.gz', ''],
      ['Gene sets (GMT)', '/d/own.gmt', ''],
    ]);
  });

  test('name gene sets only where the method reads cells through them, and those that ship where none were chosen', () => {
    expect(usedFiles(request, method).some(({ role }) => role.startsWith('Gene sets'))).toBe(false);
    const { geneSets, ...without } = request;
    expect(geneSets).toBe('/d/own.gmt');
    expect(usedFiles(without, withSets).at(-1)).toMatchObject({
      path: null,
      instead: 'Reactome of the species, which ships with the application',
    });
  });

  test('no path of a request is missing from the list', () => {
    const paths = [...JSON.stringify(request).matchAll(/"(\/d\/[^"]+)"/g)].map(([, path]) => path);
    const listed = usedFiles(request, withSets).map(({ path }) => path);
    expect(listed.toSorted()).toEqual(paths.toSorted());
  });
});

test('the review names every file and every setting, and what a person changed', async () => {
  localStorage.setItem(
    'cellpredx.draft',
    JSON.stringify({
      version: 1,
      request: { ...request, method: method.id, settings: { steps: 25 } },
      ...{ projectName: 'Trial', directory: '/projects' },
    }),
  );
  renderApp('#/annotate/review', { 'methods:list': () => Promise.resolve([withSets]) });
  const card = await screen.findByRole('region', { name: 'What will be used' });
  const files = within(card).getByRole('table', { name: 'Files that the run reads' });
  expect(await within(files).findByText('own.gmt')).toBeTruthy();
  for (const name of ['a.h5ad', 'labels.csv', 'fragments.tsv.gz', 'cells.txt', 'peaks.bed', 'own.h5ad'])
    expect(within(files).getByText(name)).toBeTruthy();
  expect(await within(card).findByText(/Count the query’s fragments in the reference’s peaks/)).toBeTruthy();
  const settings = within(card).getByRole('table', { name: 'Settings of the run', hidden: true });
  expect(within(settings).getAllByRole('row', { hidden: true })).toHaveLength(1 + method.settings.length);
  expect(within(settings).getByText('changed by you').closest('tr')!.textContent).toContain('25');
  expectAccessible();
});

test('the review says that peaks are turned into gene activity, and that a genome was taken for it', async () => {
  localStorage.setItem(
    'cellpredx.draft',
    JSON.stringify({
      version: 1,
      request: {
        ...{ reference: [{ path: '/d/a.h5ad', repairs: [] }], query: [{ path: '/d/peaks.h5ad', repairs: [] }] },
        ...{ label: 'cell_type', method: method.id, settings: {} },
      },
      ...{ projectName: 'Trial', directory: '/projects' },
    }),
  );
  const says = 'peaks.h5ad is turned into gene activity with the genes of mm10.';
  renderApp('#/annotate/review', {
    'study:inspect': ({ choice: { path } }) =>
      Promise.resolve(report(path, path.includes('peaks') ? { modality: 'peaks' as const } : {})),
    'match:check': () => Promise.resolve(matchReport({ chromatin: { plan: null, way: 'gene-activity', says } })),
  });
  const card = await screen.findByRole('region', { name: 'What will be used' });
  expect(await within(card).findByText(says)).toBeTruthy();
  const row = (name: RegExp) => within(card).getByRole('row', { name }).textContent;
  expect(row(/^Query/)).toContain('turned into gene activity');
  expect(row(/^Reference/)).toContain('as it is');
});
