import { describe, expect, test } from 'vitest';
import type { FeatureTable, IdType } from '#core/data/study';
import { detectGenomeStyle, withChr } from '#formats/detect/genome-style';
import { detectIdType, withoutVersion } from '#formats/detect/id-type';
import { detectModality } from '#formats/detect/modality';
import { detectSpecies } from '#formats/detect/species';
import { detectValueKind } from '#formats/detect/value-kind';
import type { MatrixSlot } from '#formats/study-file';
import { csrOf } from '#test/support/arbitrary-matrix';

const features = (ids: string[], columns: FeatureTable['columns'] = new Map()): FeatureTable => ({
  ids,
  names: ids,
  idType: detectIdType(ids).idType,
  columns,
});

describe('detectValueKind', () => {
  const kindOf = (dense: number[][], wholeRows = true) => detectValueKind({ matrix: csrOf(dense), wholeRows });

  test.each([
    [
      'counts',
      [
        [0, 3],
        [1, 12],
      ],
    ],
    [
      'binary',
      [
        [0, 1],
        [1, 1],
      ],
    ],
    [
      'scaled',
      [
        [-0.5, 3],
        [1, 2],
      ],
    ],
    [
      'unknown',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      'log-normalised',
      [
        [0.7, 2.5],
        [1.1, 0],
      ],
    ],
    [
      'unknown',
      [
        [0.5, 120],
        [1, 80.25],
      ],
    ],
  ])('%s: %j', (kind, dense) => {
    expect(kindOf(dense).kind).toBe(kind);
  });

  test('undoes the logarithm and names the sum that all cells share', () => {
    const cells = [
      [1, 3, 6],
      [5, 0, 5],
      [2, 2, 1],
      [0, 0, 9],
    ].map((row) => {
      const total = row.reduce((a, b) => a + b);
      return row.map((value) => Math.log1p((value / total) * 10_000));
    });
    expect(kindOf(cells)).toMatchObject({
      kind: 'log-normalised',
      evidence: expect.stringContaining('sum to 10,000') as string,
    });
    expect(kindOf(cells, false).evidence).not.toContain('10,000');
  });

  test('says that values were normalised without a logarithm', () => {
    const cells = [
      [100.5, 899.5],
      [400.25, 599.75],
      [999.5, 0.5],
    ];
    expect(kindOf(cells)).toMatchObject({
      kind: 'unknown',
      evidence: expect.stringContaining('without a logarithm') as string,
    });
  });
});

describe('detectIdType', () => {
  test.each<[IdType, string[]]>([
    ['ensembl', ['ENSG00000141510', 'ENSMUSG00000051951.6', 'ENSG00000182378_PAR_Y'.replace('_PAR_Y', '.13_PAR_Y')]],
    ['coordinates', ['chr1:10-20', 'chrX_10_20', '2-5-9', 'GL000009.2:1-5']],
    ['symbol', ['TP53', 'HLA-DRA', 'RP11-34P13.3', '4930402H24Rik', 'mt-Nd1']],
    ['other', ['1', '2', '3']],
    ['other', []],
  ])('%s: %j', (idType, ids) => {
    expect(detectIdType(ids).idType).toBe(idType);
  });

  test('the version of an Ensembl id is left out, other dots stay', () => {
    expect(['ENSG00000141510.17', 'ENSG00000002586.20_PAR_Y', 'RP11-34P13.3'].map(withoutVersion)).toEqual([
      'ENSG00000141510',
      'ENSG00000002586',
      'RP11-34P13.3',
    ]);
  });
});

describe('detectSpecies', () => {
  test.each([
    ['human', ['ENSG00000141510', 'ENSG00000111640'], null],
    ['mouse', ['ENSMUSG00000051951', 'ENSMUSG00000025902'], null],
    ['human', ['GAPDH', 'ACTB', 'CD3E', 'MS4A1', 'MT-CO1'], null],
    ['mouse', ['Gapdh', 'Actb', 'Cd3e', 'Ms4a1', 'mt-Co1'], null],
    ['unknown', ['Gene1', 'Gene2', 'Gene3'], null],
    ['unknown', ['ENSDARG00000000001', 'ENSDARG00000000002'], null],
    ['unknown', ['chr1:10-20', 'chr1:30-40'], null],
    ['mouse', ['chr1:10-20', 'chr1:30-40'], 'mm10'],
    ['human', ['chr1:10-20', 'chr1:30-40'], 'GRCh38'],
    ['unknown', ['chr1:10-20', 'chr1:30-40'], 'GRCh38, mm10'],
  ])('%s: %j with build %s', async (species, ids, build) => {
    expect((await detectSpecies(features(ids), build)).species).toBe(species);
  });
});

describe('detectGenomeStyle', () => {
  test.each([
    ['chr', ['chr1:1-2', 'chrX:1-2', 'GL1:1-2']],
    ['plain', ['1:1-2', 'X:1-2']],
    ['mixed', ['chr1:1-2', '1:1-2']],
    ['none', ['TP53', 'GAPDH']],
  ])('%s: %j', (style, ids) => {
    expect(detectGenomeStyle(features(ids)).style).toBe(style);
  });

  test('the build is the one a column declares, none where it declares none', () => {
    const genome = { kind: 'text', values: ['GRCh38', 'GRCh38'] } as const;
    expect(detectGenomeStyle(features(['A', 'B'], new Map([['genome', genome]]))).build).toBe('GRCh38');
    expect(detectGenomeStyle(features(['A', 'B'])).build).toBeNull();
  });

  test('chr goes in front of chromosomes and of nothing else', () => {
    expect(['1:5-9', 'X:5-9', 'MT:5-9', 'chr1:5-9', 'GL000009.2:5-9'].map(withChr)).toEqual([
      'chr1:5-9',
      'chrX:5-9',
      'chrM:5-9',
      'chr1:5-9',
      'GL000009.2:5-9',
    ]);
  });
});

describe('detectModality', () => {
  const slot: MatrixSlot = {
    id: 'X',
    modalityName: null,
    modality: null,
    cells: 2,
    features: 2,
    storage: 'csr',
    stored: null,
  };
  test.each([
    ['rna', ['GAPDH', 'ACTB'], 'pbmc.h5ad'],
    ['gene-activity', ['GAPDH', 'ACTB'], 'gene_activity_query.h5ad'],
    ['peaks', ['chr1:1-2', 'chr1:3-4'], 'gene_activity_query.h5ad'],
    ['protein', ['CD3_TotalSeqB', 'CD19_TotalSeqB'], 'adt.h5ad'],
    ['other', ['1', '2'], 'x.csv'],
  ])('%s: %j in %s', (modality, ids, name) => {
    expect(detectModality(slot, features(ids), name).modality).toBe(modality);
  });

  test('what the file declares goes before what the names look like', () => {
    expect(detectModality({ ...slot, modality: 'protein' }, features(['GAPDH', 'ACTB']), 'a.h5ad').modality).toBe(
      'protein',
    );
  });
});
