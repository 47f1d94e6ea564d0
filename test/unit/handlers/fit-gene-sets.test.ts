import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitGeneSets } from '#handlers/fit-gene-sets';
import { temporaryFolders } from '#test/support/temporary-folder';

const sample = join('resources', 'sample-study');
const newFolder = temporaryFolders();
const studies = {
  reference: [{ path: join(sample, 'reference.h5ad'), repairs: [] }],
  query: [{ path: join(sample, 'query.h5ad'), repairs: [] }],
};

describe('fitGeneSets', () => {
  test('finds the sets of the sample study usable on its genes', async () => {
    const fit = await fitGeneSets({ ...studies, path: join(sample, 'gene_sets.gmt') });
    expect(fit.name).toBe('gene_sets.gmt');
    expect(fit.usable).toBeGreaterThan(5);
    expect(fit.found).toBeGreaterThan(50);
    expect(fit.studyGenes).toBeGreaterThan(500);
  });

  test('has no library where none is named and none ships for the species', async () => {
    expect(await fitGeneSets(studies)).toMatchObject({ name: null, sets: 0, usable: 0 });
  });

  test('takes the genes of fragments as not known yet', async () => {
    const folder = newFolder();
    const path = join(folder, 'fragments.tsv');
    writeFileSync(path, 'chr1\t100\t200\tAAAC\t1\nchr1\t300\t420\tAAAG\t2\n');
    const fit = await fitGeneSets({ ...studies, query: [{ path, repairs: [] }], path: join(sample, 'gene_sets.gmt') });
    expect(fit).toMatchObject({ studyGenes: null, usable: 0 });
    expect(fit.sets).toBeGreaterThan(5);
  });

  test('names the line that is no gene set', async () => {
    const path = join(newFolder(), 'own.gmt');
    writeFileSync(path, 'set one\tsays\tA\tB\nset two\n');
    await expect(fitGeneSets({ ...studies, path })).rejects.toMatchObject({
      code: 'reading.malformed-gene-sets',
      details: { file: 'own.gmt', line: 2 },
    });
  });
});
