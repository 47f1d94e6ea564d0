import { expect, test } from 'vitest';
import { type Chain, ChainMap, liftPeaks } from '#core/chromatin/chain-map';
import { buildName, buildsDiffer } from '#core/chromatin/genome-builds';
import { type HarmoniseSide, planHarmonise } from '#core/chromatin/harmonise-plan';
import { overlapOfPeaks } from '#core/chromatin/peak-overlap';
import { peakName, unionPeaks, windowsOver } from '#core/chromatin/peak-sets';
import { sumPeaks } from '#core/chromatin/sum-peaks';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import { csrOf } from '#test/support/arbitrary-matrix';

const at = (contig: string, start: number, end: number) => ({ contig, start, end });
const peaks = [at('chr1', 100, 200), at('chr1', 500, 600), at('chr2', 0, 50)];
const others = [at('1', 150, 250), at('3', 0, 50)];
const side = (name: string, of: Partial<HarmoniseSide> = {}): HarmoniseSide => ({
  ...{ name, build: 'hg38', peaks, hasFragments: false },
  ...of,
});
const possible = (reference: HarmoniseSide, query: HarmoniseSide, chain = false): HarmoniseWay[] =>
  planHarmonise(reference, query, chain).ways.flatMap(({ way, possible }) => (possible ? [way] : []));

test('the same peaks are taken as they are, however contigs are written', () => {
  const query = side('Q', { peaks: peaks.map((peak) => ({ ...peak, contig: peak.contig.slice(3) })) });
  const plan = planHarmonise(side('R'), query);
  expect([plan.suggested, plan.lift, plan.overlap?.identical]).toEqual(['same-peaks', 'nothing', 3]);
});

test('fragments of the query are counted anew in the peaks of the reference; without them its peaks are summed', () => {
  const query = side('Q', { peaks: others });
  expect(planHarmonise(side('R'), { ...query, hasFragments: true }).suggested).toBe('recount');
  expect(planHarmonise(side('R'), { ...query, peaks: null, hasFragments: true }).suggested).toBe('recount');
  expect(planHarmonise(side('R'), query).suggested).toBe('sum-overlapping');
});

test('a union needs the peaks and fragments of both; windows and gene activity can always be had on one build', () => {
  const both = { peaks: others, hasFragments: true };
  expect(possible(side('R', { hasFragments: true }), side('Q', both))).toEqual([
    ...['recount', 'union', 'sum-overlapping', 'windows', 'gene-activity'],
  ]);
  expect(possible(side('R'), side('Q', both))).not.toContain('union');
  expect(possible(side('R', { peaks: null, hasFragments: true }), side('Q', both))).toEqual([
    'windows',
    'gene-activity',
  ]);
});

test('peaks that overlap nothing lead to windows, with what is odd about them', () => {
  const query = side('Q', { build: null, peaks: [at('chr1', 300, 400), at('chr9', 1, 2), at('chr8', 1, 2)] });
  const plan = planHarmonise(side('R'), query);
  expect(plan.suggested).toBe('windows');
  expect(plan.warnings).toEqual([
    'Only 0.0 % of the peaks of Q overlap a peak of R; check that both lie on the same genome build.',
    '2 peaks of Q lie on contigs without a peak of R (chr8, …).',
  ]);
});

test('other builds are refused without a chain file, and gene activity is offered', () => {
  expect(() => planHarmonise(side('R'), side('Q', { build: 'GRCh37' }))).toThrow(
    expect.objectContaining({
      code: 'chromatin.builds-differ',
      message: expect.stringContaining('R lie on hg38 and those of Q on hg19') as string,
      remedy: expect.stringContaining('by gene activity') as string,
    }),
  );
});

test('with a chain file the peaks of the query are lifted, or those of the reference where fragments are counted', () => {
  const query = side('Q', { build: 'hg19' });
  const summed = planHarmonise(side('R'), query, true);
  expect([summed.suggested, summed.lift, summed.overlap]).toEqual(['sum-overlapping', 'query-peaks', null]);
  const recounted = planHarmonise(side('R'), { ...query, hasFragments: true }, true);
  expect([recounted.suggested, recounted.lift]).toEqual(['recount', 'reference-peaks']);
  expect(possible(side('R', { hasFragments: true }), { ...query, hasFragments: true }, true)).toEqual([
    ...['recount', 'sum-overlapping', 'gene-activity'],
  ]);
});

test('builds go by several names', () => {
  expect([buildName('GRCh38.p13'), buildName('hs37d5'), buildName(' GRCm38 '), buildName('rn7')]).toEqual([
    ...['hg38', 'hg19', 'mm10', 'rn7'],
  ]);
  expect([buildsDiffer('hg38', 'GRCh38'), buildsDiffer('hg38', null), buildsDiffer('mm9', 'mm10')]).toEqual([
    ...[false, false, true],
  ]);
});

test('the overlap names every contig once, as the reference writes it', () => {
  const { contigs } = overlapOfPeaks(peaks, [...others, at('chr1', 150, 150)]);
  expect(contigs.map(({ contig, reference, query, queryHit }) => [contig, reference, query, queryHit])).toEqual([
    ['chr1', 2, 2, 1],
    ['chr2', 1, 0, 0],
    ['3', 0, 1, 0],
  ]);
  expect(overlapOfPeaks([], []).contigs).toEqual([]);
});

test('unions and windows of nothing are nothing; peaks that touch are one', () => {
  expect([unionPeaks([]), unionPeaks([[], []]), windowsOver([[]], 500)]).toEqual([[], [], []]);
  expect(unionPeaks([[at('chr1', 5, 9)], [at('1', 9, 12), at('1', 20, 20)]]).map(peakName)).toEqual(['chr1:5-12']);
  expect(windowsOver([[at('chr1', 499, 1001)]], 500).map(peakName)).toEqual([
    'chr1:0-500',
    'chr1:500-1000',
    'chr1:1000-1500',
  ]);
});

test('summing peaks that overlap nothing is refused, as is a list of another length', async () => {
  const source = { name: 'Q', matrix: csrOf([[1]]), peaks: [at('chr7', 0, 9)] };
  await expect(sumPeaks(source, peaks, { reference: 'R' })).rejects.toThrow(
    expect.objectContaining({
      code: 'chromatin.peaks-do-not-overlap',
      message: 'None of the 1 peaks of Q overlaps a peak of R.',
    }),
  );
  await expect(sumPeaks({ ...source, peaks }, peaks, { reference: 'R' })).rejects.toThrow(
    expect.objectContaining({ code: 'chromatin.peaks-not-of-matrix' }),
  );
});

const chain = (from: number, length: number, to: number): Chain => ({
  ...{ contig: 'chr1', size: 1000, toContig: 'chr1', toSize: 1000, reverse: false },
  from: Int32Array.of(from),
  to: Int32Array.of(to),
  length: Int32Array.of(length),
});

test('what has two places, none, or only half of one is not lifted', () => {
  const map = new ChainMap('a.chain', [chain(0, 300, 10), chain(100, 100, 700), chain(300, 50, 400)]);
  const asked = [
    at('1', 0, 50),
    at('chr1', 120, 140),
    at('chr1', 500, 510),
    at('chr1', 340, 360),
    at('chr1', 280, 320),
  ];
  const { peaks: lifted, source, failed } = liftPeaks(asked, map);
  expect([lifted, [...source]]).toEqual([[at('chr1', 10, 60)], [0]]);
  expect(failed).toEqual({ deleted: 1, partial: 1, split: 1, repeated: 1, stretched: 0 });
});

test('a chain file of other contigs is refused', () => {
  const map = new ChainMap('mm9ToMm10.chain', [chain(0, 300, 10)]);
  expect(() => liftPeaks([at('chr7', 0, 50)], map)).toThrow(
    expect.objectContaining({
      code: 'chromatin.chain-does-not-fit',
      message: 'The chain file mm9ToMm10.chain starts from chr1; the peaks lie on chr7.',
    }),
  );
  expect(liftPeaks([], map).peaks).toEqual([]);
});
