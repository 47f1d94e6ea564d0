import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GeneModel } from '#core/chromatin/gene-model';
import type { Study } from '#core/data/study';
import { activityOfPeaks } from '#formats/chromatin/activity-of-peaks';
import { geneActivityStudy } from '#formats/chromatin/gene-activity-study';
import { peakPlaces, type PeakStudy, peakStudy, takeStudyColumns } from '#formats/chromatin/peak-study';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { geneBedOf } from '#test/support/fragment-study-files';
import { inMemory, storedRows } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** A study of peaks of two cells; the counts of column j are 2ʲ and 0 or 1. */
function studyOf(ids: readonly string[], of: Partial<Study> = {}): Study {
  return {
    name: 'peaks.h5ad',
    modality: 'peaks',
    valueKind: 'counts',
    species: 'human',
    cells: { ids: ['a', 'b'], columns: new Map([['label', { kind: 'text', values: ['T', 'B'] }]]) },
    features: { ids, names: ids, idType: 'coordinates', columns: new Map() },
    matrix: csrOf([ids.map((_, j) => 2 ** j), ids.map((_, j) => j % 2)]),
    embeddings: new Map([['X_umap', { width: 1, values: Float32Array.of(1, 2) }]]),
    ...of,
  };
}

const many = Array.from({ length: 20 }, (_, j) => `chr1:${1000 * j}-${1000 * j + 500}`);

describe('a study of peaks has the place of each', () => {
  test.each([
    ['chr1:100-200', 'chr1', 100],
    ['chr1-100-200', 'chr1', 100],
    ['chr1_100_200', 'chr1', 100],
    ['1:100-200', '1', 100],
    ['GL000192.1:100-200', 'GL000192.1', 100],
    ['chr1:1,100-2,200', 'chr1', 1100],
  ])('written %s', (name, contig, start) => {
    const study = studyOf([name]);
    expect(peakStudy(study)!.peaks).toMatchObject([{ contig, start }]);
    expect(peakStudy(study)!.study).toBe(study);
    expect(peakPlaces(study.features)).toEqual(peakStudy(study)!.peaks);
  });

  test('in a column, where the names are names', () => {
    const features = {
      ...{ ids: ['p1', 'p2'], names: ['p1', 'p2'], idType: 'other' as const },
      columns: new Map([['interval', { kind: 'text' as const, values: ['chr1:1-5', 'chr2:3-9'] }]]),
    };
    expect(peakStudy(studyOf(['p1', 'p2'], { features }))!.peaks).toEqual([
      { contig: 'chr1', start: 1, end: 5 },
      { contig: 'chr2', start: 3, end: 9 },
    ]);
  });

  test('a few columns without a place are left out, with their counts', () => {
    const ids = [...many.slice(0, 7), 'other', ...many.slice(7, 18), 'unassigned'];
    const made = peakStudy(studyOf(ids))!;
    expect(made.study.features.ids).toEqual(many.slice(0, 18));
    expect(made.peaks).toHaveLength(18);
    const kept = ids.flatMap((id, j) => (id.startsWith('chr') ? [j] : []));
    expect(denseOf(inMemory(made.study.matrix))).toEqual([kept.map((j) => 2 ** j), kept.map((j) => j % 2)]);
    expect(made.study.cells.ids).toEqual(['a', 'b']);
    expect(peakPlaces(studyOf(ids).features)).toEqual(made.peaks);
  });

  test.each<[string, Study]>([
    ['more than a tenth of the names are no places', studyOf([...many.slice(0, 8), 'other', 'x'])],
    ['none is', studyOf(['p1', 'p2'])],
    ['there are no features', studyOf([])],
    ['the study is one of genes', studyOf(many, { modality: 'gene-activity' })],
  ])('null where %s', (_what, study) => {
    expect(peakStudy(study)).toBeNull();
  });

  test('columns are taken in the order named, of stored rows too', async () => {
    const study = studyOf(many.slice(0, 4), {
      matrix: storedRows(
        csrOf([
          [1, 2, 4, 8],
          [0, 1, 0, 1],
        ]),
        1,
      ),
    });
    const made = takeStudyColumns(study, [3, 0]);
    expect(made.features.ids).toEqual([many[3], many[0]]);
    expect('take' in made.matrix && denseOf(await made.matrix.take([0, 1]))).toEqual([
      [8, 1],
      [1, 0],
    ]);
  });
});

describe('gene activity of peaks', () => {
  const ids = ['chr1:1000-1500', 'chr1:4000-4100', '1:9000-9500', 'chr2:10-20', 'chr7:5-9'];
  const genes: GeneModel[] = [
    { name: 'A', contig: 'chr1', start: 3500, end: 5000, strand: '+' }, // with its promoter from 1 500
    { name: 'B', contig: 'chr1', start: 4050, end: 7001, strand: '-' }, // with its promoter to 9 001
    { name: 'C', contig: 'chr2', start: 0, end: 15, strand: '+' },
    { name: 'D', contig: 'chr3', start: 0, end: 15, strand: '+' },
  ];
  const annotation = () => fileOf('genes.bed', geneBedOf(genes));
  const peaksOf = (of: Partial<Study> = {}): PeakStudy => peakStudy(studyOf(ids, of))!;

  test('sums the peaks that touch body and promoter; cells stay as they are', async () => {
    const study = studyOf(ids);
    const made = await activityOfPeaks(peakStudy(study)!, { annotation: annotation() });
    expect(made.study.features.ids).toEqual(['A', 'B', 'C', 'D']);
    // A: the second peak (the first ends where its promoter begins); B: the second and the third
    expect(denseOf(inMemory(made.study.matrix))).toEqual([
      [2, 2 + 4, 8, 0],
      [1, 1 + 0, 1, 0],
    ]);
    expect([made.study.modality, made.study.valueKind, made.study.name]).toEqual([
      'gene-activity',
      'counts',
      study.name,
    ]);
    expect([made.study.cells, made.study.embeddings]).toEqual([study.cells, study.embeddings]);
    expect(made.share).toMatchObject({ total: 31 + 2, used: 2 + 4 + 8 + 1 + 0 + 1 });
    expect(made.build).toBeNull();
    const told = made.notes.map(({ text }) => text);
    expect(told).toContain('48 % of 33 counts of peaks.h5ad lie in genes.');
    expect(told.some((text) => text.includes('on contigs where nothing is counted (chr7)'))).toBe(true);
    expect(told.join()).not.toContain('no fragment');
  });

  test.each([
    ['counts', 'counts'],
    ['binary', 'counts'],
    ['log-normalised', 'log-normalised'],
    ['unknown', 'unknown'],
  ] as const)('values that are %s become %s', async (before, after) => {
    const made = await activityOfPeaks(peaksOf({ valueKind: before }), { annotation: annotation() });
    expect(made.study.valueKind).toBe(after);
  });

  test('weighted: each cell sums to ten thousand, near genes get more', async () => {
    const made = await activityOfPeaks(peaksOf(), { annotation: annotation(), weighted: true });
    expect(made.study.valueKind).toBe('unknown');
    for (const row of denseOf(inMemory(made.study.matrix))) {
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(10_000, 1);
      expect(row[2]).toBeGreaterThan(row[3]!);
    }
  });

  test('rows that are read from somewhere give the same', async () => {
    const matrix = storedRows(inMemory(studyOf(ids).matrix), 1);
    const made = await activityOfPeaks(peaksOf({ matrix }), { annotation: annotation() });
    const expected = await activityOfPeaks(peaksOf(), { annotation: annotation() });
    const rows = 'take' in made.study.matrix ? await made.study.matrix.take([0, 1]) : made.study.matrix;
    expect(denseOf(rows)).toEqual(denseOf(inMemory(expected.study.matrix)));
  });

  test('a column called n_fragments in the file says nothing of listed cells', async () => {
    const cells = {
      ids: ['a', 'b'],
      columns: new Map([['n_fragments', { kind: 'number' as const, values: Float64Array.of(0, 3) }]]),
    };
    const { notes } = await activityOfPeaks(peaksOf({ cells }), { annotation: annotation() });
    expect(notes.map(({ text }) => text).join()).not.toContain('listed cells');
  });

  test('peaks that do not tell their genome, genes of other contigs, and a request to stop', async () => {
    await expect(activityOfPeaks(peaksOf(), {})).rejects.toMatchObject({ code: 'reading.build-unknown' });
    const other = fileOf('genes.bed', 'scaffold_1\t0\t90\tA\t+\n');
    await expect(activityOfPeaks(peaksOf(), { annotation: other })).rejects.toMatchObject({
      code: 'chromatin.no-contig-in-common',
    });
    const stopped = activityOfPeaks(peaksOf(), { annotation: annotation(), signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });

  test('a file of peaks, from its path; one of genes is refused', async () => {
    const table = (names: readonly string[]) =>
      fileOf(
        'study.csv',
        `cell,${names.join(',')}\na,${names.map((_, j) => 2 ** j).join(',')}\nb,${names.map((_, j) => j % 2).join(',')}\n`,
      );
    const chromatin = { annotation: annotation() };
    const made = await geneActivityStudy({ path: table(ids), repairs: [], chromatin }, false);
    expect(denseOf(inMemory(made.study.matrix))).toEqual([
      [2, 6, 8, 0],
      [1, 1, 1, 0],
    ]);
    expect([made.fragments, made.called]).toEqual([null, null]);
    const genesOnly = geneActivityStudy({ path: table(['CD3E', 'CD4', 'MS4A1']), repairs: [], chromatin }, false);
    await expect(genesOnly).rejects.toMatchObject({ code: 'chromatin.no-peaks' });
  });
});
