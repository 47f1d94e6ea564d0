import { describe, expect, test } from 'vitest';
import { kida } from '#core/methods/kida/index';
import { resolveSettings } from '#core/methods/list';
import { geneSetFit, LARGEST_SET, SMALLEST_SET } from '#core/prepare/gene-set-fit';

const genes = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `Gene${from + i}`);
const library = {
  name: 'own.gmt',
  sets: [
    { name: 'fits', genes: genes(0, 6) },
    { name: 'too few in both', genes: [...genes(0, 4), ...genes(900, 10)] },
    { name: 'too large', genes: genes(0, 301) },
  ],
};

describe('geneSetFit', () => {
  test('counts sets, genes, and what both studies have of them, whatever the case', () => {
    const shared = genes(0, 10).map((name) => name.toUpperCase());
    expect(geneSetFit(library, shared)).toEqual({
      name: 'own.gmt',
      sets: 3,
      genes: 311,
      studyGenes: 10,
      found: 10,
      bySymbol: 0,
      usable: 1,
      smallest: 5,
      largest: 300,
      examples: { library: ['Gene0', 'Gene1', 'Gene2'], studies: ['GENE0', 'GENE1', 'GENE2'] },
    });
  });

  test('finds nothing usable where genes are named otherwise, and says how each side names them', () => {
    const fit = geneSetFit(library, ['ENSG00000001', 'ENSG00000002']);
    expect([fit.found, fit.usable]).toEqual([0, 0]);
    expect(fit.examples.studies).toEqual(['ENSG00000001', 'ENSG00000002']);
  });

  test('compares Ensembl ids by their symbols where these are known, without versions', () => {
    const symbolOf = new Map(genes(0, 6).map((name, i) => [`ENSG0000000000${i}`, name] as const));
    const shared = [...[...symbolOf.keys()].map((id) => `${id}.7`), 'ENSG00000009999'];
    const fit = geneSetFit({ ...library, symbolOf }, shared);
    expect(fit).toMatchObject({ studyGenes: 7, found: 6, bySymbol: 6, usable: 1 });
    expect(fit.examples.studies[0]).toBe('ENSG00000000000.7');
    expect(geneSetFit(library, shared)).toMatchObject({ found: 0, bySymbol: 0, usable: 0 });
  });

  test('leaves open what is not known, and takes no library for none', () => {
    expect(geneSetFit(library, null)).toMatchObject({ sets: 3, studyGenes: null, usable: 0 });
    expect(geneSetFit(null, ['A'])).toMatchObject({ name: null, sets: 0, genes: 0, studyGenes: 1 });
  });

  test('judges by the sizes that the method has by default', () => {
    expect(resolveSettings(kida, 'rna-rna', 'recommended', {})).toMatchObject({
      smallestSet: SMALLEST_SET,
      largestSet: LARGEST_SET,
    });
  });
});
