import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AppError, ErrorCode } from '#core/base/app-error';
import type { Interval } from '#core/chromatin/interval-index';
import { peakName } from '#core/chromatin/peak-sets';
import type { HarmoniseWay } from '#core/data/harmonise-way';
import type { Study } from '#core/data/study';
import { type ChromatinSide, fragmentSide, peakSide } from '#formats/chromatin/chromatin-side';
import { type HarmoniseOptions, harmonisePlan, harmoniseStudies } from '#formats/chromatin/harmonise-studies';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { bedOf, fragmentFiles, geneBedOf } from '#test/support/fragment-study-files';
import { barcodeOf, fragmentLines, insertionsIn, smallFragments } from '#test/support/small-fragments';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const at = (contig: string, start: number, end: number): Interval => ({ contig, start, end });
const ours = [at('chr1', 100, 200), at('chr1', 500, 600), at('chr2', 0, 50)];
const theirs = [at('chr1', 150, 250), at('chr1', 180, 550), at('chr3', 0, 50), at('chr1', 4000, 6000)];
const ourCounts = [
  [1, 2, 4],
  [0, 1, 0],
];
const theirCounts = [
  [1, 10, 100, 8],
  [2, 0, 5, 0],
];

function studyOf(name: string, peaks: readonly string[], counts: readonly (readonly number[])[]): Study {
  return {
    ...{ name, modality: 'peaks', valueKind: 'counts', species: 'human', embeddings: new Map() },
    cells: { ids: counts.map((_, i) => `${name} ${i}`), columns: new Map() },
    features: { ids: peaks, names: peaks, idType: 'coordinates', columns: new Map() },
    matrix: csrOf(counts),
  };
}

/** A side of peaks; the genome is told by the name of its gene list, or not at all. */
function peaks(
  name: string,
  places: readonly Interval[],
  counts: readonly (readonly number[])[],
  build?: string,
  write = peakName,
): ChromatinSide {
  const chromatin = build === undefined ? {} : { annotation: build };
  return peakSide(studyOf(name, places.map(write), counts), { path: name, repairs: [], chromatin })!;
}

const genes = [
  { name: 'A', contig: 'chr1', start: 300, end: 600, strand: '+' },
  { name: 'B', contig: 'chr2', start: 0, end: 40, strand: '-' },
] as const;
const fragments = smallFragments({ count: 300, barcodes: 3, seed: 4, contigs: ['chr1', 'chr2'], span: 900 });
const cells = [1, 0].map(barcodeOf);

/** A side of fragments with genes called after a build, and perhaps with peaks. */
function counted(
  build: string,
  places: readonly Interval[] | null = null,
  text = fragmentLines(fragments),
): ChromatinSide {
  const annotation = fileOf(`${build}.bed`, geneBedOf(genes));
  const bed = bedOf(places ?? []);
  const chromatin = { annotation, ...(places === null ? { peaks: undefined } : {}) };
  return fragmentSide([fragmentFiles(newFolder(), { list: cells, text, bed, chromatin })], {});
}

const dense = ({ matrix }: Study): number[][] => denseOf(inMemory(matrix));
const names = ({ features }: Study): readonly string[] => features.ids;
const harmonised = (a: ChromatinSide, b: ChromatinSide, way: HarmoniseWay | 'auto' = 'auto', chain?: string) =>
  harmoniseStudies(a, b, { way, chain });

async function refusal(
  a: ChromatinSide,
  b: ChromatinSide,
  code: ErrorCode,
  options: Partial<HarmoniseOptions> = {},
): Promise<AppError> {
  const error = await harmoniseStudies(a, b, { way: 'auto', ...options }).then(
    () => null,
    (thrown: unknown) => thrown as AppError,
  );
  expect(error?.code).toBe(code);
  return error!;
}

describe('each way, by hand', () => {
  test('the same peaks: as they are, under the names of the reference', async () => {
    const order = [2, 0, 1];
    const query = peaks(
      'Q',
      order.map((j) => ours[j]!),
      [[7, 8, 9]],
      undefined,
      ({ contig, start, end }) => `${contig.slice(3)}-${start}-${end}`,
    );
    const made = await harmonised(peaks('R', ours, ourCounts), query);
    expect(made.way).toBe('same-peaks');
    expect(names(made.reference)).toEqual(ours.map(peakName));
    expect(names(made.query)).toEqual(order.map((j) => peakName(ours[j]!)));
    expect([dense(made.reference), dense(made.query)]).toEqual([ourCounts, [[7, 8, 9]]]);
  });

  test("fragments of the query are counted in the reference's peaks", async () => {
    const made = await harmonised(peaks('R', ours, ourCounts), counted('hg38'));
    expect(made.way).toBe('recount');
    expect([names(made.reference), names(made.query)]).toEqual([ours.map(peakName), ours.map(peakName)]);
    expect(dense(made.reference)).toEqual(ourCounts);
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, ours));
    expect(made.query.cells.columns.has('frip')).toBe(true);
    expect(made.notes.map(({ text }) => text).join()).toMatch(/counts of fragments.tsv.gz lie in the peaks/);
  });

  test('both with fragments: the union of their peaks', async () => {
    const made = await harmonised(counted('hg38', ours), counted('GRCh38', theirs), 'union');
    const union = [at('chr1', 100, 600), at('chr1', 4000, 6000), at('chr2', 0, 50), at('chr3', 0, 50)];
    const expected = insertionsIn(fragments, cells, union);
    expect([names(made.reference), names(made.query)]).toEqual([union.map(peakName), union.map(peakName)]);
    expect([dense(made.reference), dense(made.query)]).toEqual([expected, expected]);
  });

  test("the query's peaks are summed where they overlap those of the reference", async () => {
    const made = await harmonised(peaks('R', ours, ourCounts), peaks('Q', theirs, theirCounts));
    expect(made.way).toBe('sum-overlapping');
    expect(names(made.query)).toEqual(names(made.reference));
    expect(dense(made.reference)).toEqual(ourCounts);
    expect(dense(made.query)).toEqual([
      [1 + 10, 10, 0],
      [2, 0, 0],
    ]);
    expect(made.plan.overlap).toMatchObject({ reference: 3, query: 4, referenceHit: 2, queryHit: 2, identical: 0 });
    expect(made.notes.map(({ text }) => text)).toContain('1 peaks of Q lie on contigs without a peak of R (chr3).');
    expect(made.notes.map(({ text }) => text)).toContain('10 % of 126 counts of Q lie in the peaks.');
  });

  test('fixed windows: peaks are shared out by their bases', async () => {
    const made = await harmonised(peaks('R', ours, ourCounts), peaks('Q', theirs, theirCounts), 'windows');
    const windows = ['chr1:0-5000', 'chr1:5000-10000', 'chr2:0-5000', 'chr3:0-5000'];
    expect([names(made.reference), names(made.query)]).toEqual([windows, windows]);
    expect(dense(made.reference)).toEqual([
      [3, 0, 4, 0],
      [1, 0, 0, 0],
    ]);
    expect(dense(made.query)).toEqual([
      [1 + 10 + 4, 4, 0, 100],
      [2, 0, 0, 5],
    ]);
  });

  test('fixed windows: fragments are counted', async () => {
    const made = await harmonised(peaks('R', ours, ourCounts), counted('hg38'), 'windows');
    const windows = [at('chr1', 0, 5000), at('chr2', 0, 5000)];
    expect(names(made.reference)).toEqual(windows.map(peakName));
    expect(names(made.query)).toEqual(windows.map(peakName));
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, windows));
    const both = await harmonised(counted('hg38'), counted('hg38'));
    expect([both.way, dense(both.query)]).toEqual(['windows', dense(made.query)]);
    const said = [...made.notes, ...both.notes].map(({ text }) => text).filter((text) => text.includes(' lie in '));
    expect(said.length).toBeGreaterThan(1);
    for (const text of said) expect(text).toMatch(/ lie in the windows\.$/);
  });

  test('gene activity: each side with its genes', async () => {
    const annotation = fileOf('hg38.bed', geneBedOf(genes));
    const made = await harmonised(peaks('R', ours, ourCounts, annotation), counted('hg38'), 'gene-activity');
    expect([names(made.reference), names(made.query)]).toEqual([
      ['A', 'B'],
      ['A', 'B'],
    ]);
    // A with its promoter reaches from 0 to 600, B from 0 to 2 040
    expect(dense(made.reference)).toEqual([
      [3, 4],
      [1, 0],
    ]);
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, [at('chr1', 0, 600), at('chr2', 0, 2040)]));
  });

  test('binary peaks that are summed are counts, and are said to be', async () => {
    const side = peakSide(
      { ...studyOf('Q', theirs.map(peakName), [[1, 1, 0, 1]]), valueKind: 'binary' },
      { path: 'Q', repairs: [] },
    );
    const made = await harmonised(peaks('R', ours, ourCounts), side!);
    expect([made.query.valueKind, dense(made.query)]).toEqual(['counts', [[2, 1, 0]]]);
  });
});

describe('two builds', () => {
  /** From hg19 to hg38: on chr1 a thousand bases on, nothing of other contigs. */
  const chain = () => fileOf('hg19ToHg38.over.chain', 'chain 9 chr1 9000 + 0 9000 chr1 10000 + 1000 10000 1\n9000\n\n');
  const moved = [at('chr1', 1100, 1200), at('chr1', 1500, 1600), at('chr2', 0, 50)];

  test('without a chain file nothing is counted, and gene activity is offered', async () => {
    const error = await refusal(
      peaks('R', ours, ourCounts, 'hg38'),
      peaks('Q', theirs, theirCounts, 'GRCh37'),
      'chromatin.builds-differ',
    );
    expect(error.message).toContain('R lie on hg38 and those of Q on hg19');
    expect(error.remedy).toMatch(/gene activity.*chain file/);
    await refusal(peaks('R', ours, ourCounts, 'hg38'), counted('hg19'), 'chromatin.builds-differ', { way: 'recount' });
  });

  test('gene activity is the way out: each side is counted on its own genome', async () => {
    const reference = peaks('R', ours, ourCounts, fileOf('hg38.bed', geneBedOf(genes)));
    const made = await harmonised(reference, counted('hg19'), 'gene-activity');
    expect([made.way, names(made.query)]).toEqual(['gene-activity', ['A', 'B']]);
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, [at('chr1', 0, 600), at('chr2', 0, 2040)]));
  });

  test("the query's peaks go through the chain file, then they are summed", async () => {
    const made = await harmonised(
      peaks('R', moved, ourCounts, 'hg38'),
      peaks('Q', theirs, theirCounts, 'hg19'),
      'auto',
      chain(),
    );
    expect([made.way, made.plan.lift]).toEqual(['sum-overlapping', 'query-peaks']);
    expect(dense(made.query)).toEqual([
      [11, 10, 0],
      [2, 0, 0],
    ]);
    const told = made.notes.map(({ text }) => text).join('\n');
    expect(told).toContain('3 of 4 peaks of Q have a place in the other genome by hg19ToHg38.over.chain (1 deleted).');
  });

  test("where the query has fragments, the reference's peaks go back, and keep their names", async () => {
    const made = await harmonised(peaks('R', moved, ourCounts, 'hg38'), counted('hg19'), 'auto', chain());
    expect([made.way, made.plan.lift]).toEqual(['recount', 'reference-peaks']);
    expect([names(made.reference), names(made.query)]).toEqual([
      ['chr1:1100-1200', 'chr1:1500-1600'],
      ['chr1:1100-1200', 'chr1:1500-1600'],
    ]);
    expect(dense(made.reference)).toEqual(ourCounts.map((row) => row.slice(0, 2)));
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, ours.slice(0, 2)));
  });

  test('a query with peaks and fragments whose peaks are to be summed all the same', async () => {
    const made = await harmonised(
      peaks('R', moved, ourCounts, 'hg38'),
      counted('hg19', theirs),
      'sum-overlapping',
      chain(),
    );
    const [a, b] = insertionsIn(fragments, cells, theirs) as [number[], number[]];
    expect(dense(made.query)).toEqual([a, b].map((row) => [row[0]! + row[1]!, row[1], 0]));
  });

  test('a chain file the wrong way round is refused: contigs have the same names in both', async () => {
    const back = fileOf(
      'hg38ToHg19.chain',
      'chain 9 chr1 248956422 + 1000 91000 chr1 249250621 + 0 90000 1\n90000\n\n',
    );
    const [reference, query] = [peaks('R', moved, ourCounts, 'hg38'), peaks('Q', theirs, theirCounts, 'hg19')];
    const error = await refusal(reference, query, 'chromatin.chain-other-way', { chain: back });
    expect(error.message).toContain('hg38ToHg19.chain leads from hg38 to hg19');
    const right = await harmonised(query, reference, 'auto', back);
    expect(right.way).toBe('sum-overlapping');
  });

  test('a chain file of other contigs, one in which nothing has a place, and none at all', async () => {
    const [reference, query] = [peaks('R', moved, ourCounts, 'hg38'), peaks('Q', theirs, theirCounts, 'hg19')];
    const other = fileOf('other.chain', 'chain 9 chr7 9000 + 0 9000 chr7 10000 + 1000 10000 1\n9000\n\n');
    await refusal(reference, query, 'chromatin.chain-does-not-fit', { chain: other });
    const far = fileOf('far.chain', 'chain 9 chr1 9000 + 8000 8010 chr1 10000 + 1000 1010 1\n10\n\n');
    const error = await refusal(reference, query, 'chromatin.nothing-lifted', { chain: far });
    expect(error.message).toContain('None of the 4 peaks of Q');
    await refusal(reference, query, 'reading.no-such-file', { chain: join(newFolder(), 'gone.chain') });
    await refusal(reference, query, 'reading.malformed-chain', { chain: fileOf('bad.chain', 'chain of pearls\n') });
  });

  test('a chain file counts where a build is not known; where both are the same it is not used, and that is said', async () => {
    const [reference, query] = [peaks('R', moved, ourCounts), peaks('Q', theirs, theirCounts, 'hg19')];
    expect(dense((await harmonised(reference, query, 'auto', chain())).query)).toEqual([
      [11, 10, 0],
      [2, 0, 0],
    ]);
    const same = await harmonised(
      peaks('R', ours, ourCounts, 'hg38'),
      peaks('Q', theirs, theirCounts, 'hg38'),
      'auto',
      chain(),
    );
    expect(same.notes.map(({ text }) => text)).toContain(
      'The chain file hg19ToHg38.over.chain was not used: both lie on hg38.',
    );
  });
});

describe('a way that cannot be gone is refused with what is missing', () => {
  test.each<[string, HarmoniseWay, () => [ChromatinSide, ChromatinSide], string]>([
    [
      'other peaks',
      'same-peaks',
      () => [peaks('R', ours, ourCounts), peaks('Q', theirs, theirCounts)],
      '0 of the 4 peaks',
    ],
    ['no peaks', 'same-peaks', () => [peaks('R', ours, ourCounts), counted('hg38')], 'Both studies need peaks'],
    ['no fragments', 'recount', () => [counted('hg38', ours), peaks('Q', theirs, theirCounts)], 'no fragments of Q'],
    ['no peaks', 'recount', () => [counted('hg38'), counted('hg38', theirs)], 'fragments.tsv.gz has no peaks'],
    ['no fragments', 'union', () => [peaks('R', ours, ourCounts), counted('hg38', theirs)], 'no fragments of R'],
    [
      'nothing overlaps',
      'sum-overlapping',
      () => [peaks('R', ours, ourCounts), peaks('Q', [at('chr1', 300, 400)], [[1]])],
      'No peak of Q overlaps',
    ],
  ])('%s for %s', async (_what, way, sides, says) => {
    const error = await refusal(...sides(), 'chromatin.way-not-possible', { way });
    expect(error.message).toContain(says);
    expect(error.message).toContain(way);
  });

  test('peaks alone cannot be counted anew', async () => {
    await expect(peaks('R', ours, ourCounts).count({ kind: 'windows', width: 5000 })).rejects.toMatchObject({
      code: 'chromatin.way-not-possible',
    });
  });
});

describe('before anything is counted', () => {
  test('the plan is that of what runs', async () => {
    const plan = await harmonisePlan(peaks('R', ours, ourCounts), counted('hg38'), false);
    expect(plan.suggested).toBe('recount');
    expect(plan.ways.filter(({ possible }) => possible).map(({ way }) => way)).toEqual([
      'recount',
      'windows',
      'gene-activity',
    ]);
  });

  test('peaks that hardly overlap on builds that are not known: a warning goes with the result', async () => {
    const far = [at('chr1', 300, 400), at('chr1', 700, 800), ...theirs.slice(2)];
    const made = await harmonised(peaks('R', ours, ourCounts), peaks('Q', far, theirCounts), 'windows');
    const warning = made.notes.find(({ severity }) => severity === 'warning');
    expect(warning!.text).toContain('Only 0.0 % of the peaks of Q overlap a peak of R');
  });

  test('a request to stop is heard', async () => {
    const stopped = harmoniseStudies(peaks('R', ours, ourCounts), peaks('Q', theirs, theirCounts), {
      way: 'auto',
      signal: AbortSignal.abort(),
    });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });
});
