import { expect, test } from 'vitest';
import { geneKey, symbolOfId } from '#core/data/gene-sets';

const symbolOf = new Map([
  ['ENSG00000167286', 'CD3D'],
  ['ENSMUSG00000032094', 'Cd3d'],
]);

test('genes are compared without regard to case, Ensembl ids by their symbols where these are known', () => {
  for (const name of ['CD3D', ' cd3d ', 'ENSG00000167286', 'ENSG00000167286.12', 'ENSG00000167286.12_PAR_Y']) {
    expect(geneKey(name, symbolOf)).toBe('CD3D');
  }
  expect(geneKey('ENSMUSG00000032094.3', symbolOf)).toBe('CD3D');
  expect(geneKey('ENSG00000167286')).toBe('ENSG00000167286');
  expect(geneKey('ENSG00000000000.1', symbolOf)).toBe('ENSG00000000000.1');
});

test('symbols that begin like an Ensembl id are symbols', () => {
  expect([geneKey('ENSA', symbolOf), geneKey('Ensap2', symbolOf)]).toEqual(['ENSA', 'ENSAP2']);
  expect(symbolOfId('ENSA', symbolOf)).toBeUndefined();
  expect(symbolOfId('ensg00000167286', symbolOf)).toBe('CD3D');
});
