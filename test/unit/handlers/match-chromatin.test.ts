import { expect, test } from 'vitest';
import type { HarmoniseSide } from '#core/chromatin/harmonise-plan';
import { asGenes, matchChromatin } from '#handlers/match-chromatin';
import type { StudyTables } from '#formats/read-study';
import { shippedGeneModels } from '#formats/gene-models/shipped-gene-models';

const at = (contig: string, start: number, end: number) => ({ contig, start, end });
const side = (name: string, of: Partial<HarmoniseSide> = {}): HarmoniseSide => ({
  ...{ name, build: 'hg38', peaks: [at('chr1', 100, 200), at('chr1', 500, 600)], hasFragments: false },
  ...of,
});

test('the same peaks fit well, with every peak shared', () => {
  const match = matchChromatin(side('R'), side('Q'), 'auto', false);
  expect(match).toMatchObject({ verdict: 'good', sharedFeatures: 2, chromatin: { way: 'same-peaks' } });
  expect([match.reference.sharedFraction, match.query.sharedFraction]).toEqual([1, 1]);
});

test('other peaks are summed, and the shares of both sides are those that overlap', () => {
  const query = side('Q', { peaks: [at('1', 150, 160), at('1', 900, 950), at('2', 1, 9)] });
  const match = matchChromatin(side('R'), query, 'auto', false);
  expect(match.chromatin.way).toBe('sum-overlapping');
  expect(match.sharedFeatures).toBe(1);
  expect([match.reference.sharedFraction, match.query.sharedFraction]).toEqual([0.5, 1 / 3]);
});

test('builds that differ are a message with the ways out, and a chain file mends them', () => {
  const query = side('Q', { build: 'hg19' });
  const match = matchChromatin(side('R'), query, 'auto', false);
  expect(match).toMatchObject({ verdict: 'impossible', chromatin: { plan: null, way: null } });
  expect(match.messages).toEqual([
    expect.objectContaining({ severity: 'error', remedy: expect.stringContaining('gene activity') as string }),
  ]);
  expect(matchChromatin(side('R'), query, 'auto', true)).toMatchObject({
    verdict: 'good',
    chromatin: { way: 'sum-overlapping' },
  });
});

test('a way that cannot be gone is an error that says what is missing', () => {
  const match = matchChromatin(side('R'), side('Q'), 'recount', false);
  expect(match.verdict).toBe('impossible');
  expect(match.messages[0]).toMatchObject({ severity: 'error', text: 'There are no fragments of Q.' });
});

test('fragments on both sides meet in windows whose number is not known before they are counted', () => {
  const fragments = { peaks: null, hasFragments: true };
  const match = matchChromatin(side('R', fragments), side('Q', fragments), 'auto', false);
  expect(match).toMatchObject({ verdict: 'good', sharedFeatures: 0, chromatin: { way: 'windows' } });
});

test('peaks against genes become the genes of their genome; genes stay as they are', async () => {
  const names = ['chr1:100-200', 'chr1:500-600'];
  const tables: StudyTables = {
    ...{ name: 'peaks.h5ad', modality: 'peaks', species: 'human' },
    cells: { ids: ['a'], columns: new Map() },
    features: { ids: names, names, idType: 'coordinates', columns: new Map() },
  };
  const { tables: genes, genome, doubts } = await asGenes(tables, 'hg38');
  expect({ genome, doubts }).toEqual({ genome: ' with the genes of hg38', doubts: [] });
  expect(genes.modality).toBe('gene-activity');
  const known = new Set((await shippedGeneModels('hg38')).genes.map(({ name }) => name));
  expect(genes.features.ids.every((id) => known.has(id))).toBe(true);
  expect(await asGenes({ ...tables, modality: 'rna' }, 'hg38')).toMatchObject({
    tables: { modality: 'rna' },
    genome: '',
  });
});
