import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Interval } from '#core/chromatin/interval-index';
import { peakName } from '#core/chromatin/peak-sets';
import type { Study } from '#core/data/study';
import type { Repair, StudyChoice } from '#formats/inspect/repair';
import { type PairChoice, readPair, type ReadPairOptions } from '#formats/pair/read-pair';
import { RowFiles } from '#store/row-store';
import { denseOf } from '#test/support/arbitrary-matrix';
import {
  bedOf,
  cells,
  fragmentFiles,
  type FragmentFiles,
  fragments,
  regions,
} from '#test/support/fragment-study-files';
import { barcodeOf, fragmentLines, insertionsIn, smallFragments } from '#test/support/small-fragments';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const withoutPeaks = { peaks: undefined };
const fragmentsAs = (of: FragmentFiles = {}): StudyChoice =>
  fragmentFiles(newFolder(), { ...of, chromatin: { ...withoutPeaks, ...of.chromatin } });
const genesFile = () => fragmentsAs().chromatin!.annotation!;

/** A table of cells × features as a file; cells are called c0, c1, … */
function tableOf(
  name: string,
  features: readonly string[],
  rows: readonly (readonly number[])[],
  ids?: readonly string[],
): string {
  const lines = rows.map((row, i) => `${ids?.[i] ?? `c${i}`},${row.join(',')}`);
  return fileOf(name, `cell,${features.join(',')}\n${lines.join('\n')}\n`);
}

const rnaCounts = [
  [5, 0, 2, 1],
  [0, 3, 1, 0],
  [2, 2, 0, 7],
];
const rna = (): StudyChoice => ({ path: tableOf('rna.csv', ['A', 'B', 'C', 'D'], rnaCounts), repairs: [] });

const places: readonly Interval[] = [
  { contig: 'chr1', start: 2000, end: 4000 },
  { contig: 'chr1', start: 8000, end: 12_000 },
  { contig: 'chr2', start: 100, end: 3000 },
];
const peakCounts = [
  [1, 2, 4],
  [0, 1, 3],
];
/** Peaks as a file, with genes to make gene activity of. */
const peaks = (
  of: { at?: readonly Interval[]; counts?: number[][]; ids?: string[]; name?: string } = {},
): StudyChoice => {
  const { at = places, counts = peakCounts, ids, name = 'peaks.csv' } = of;
  return { path: tableOf(name, at.map(peakName), counts, ids), repairs: [], chromatin: { annotation: genesFile() } };
};

const read = (
  reference: StudyChoice | StudyChoice[],
  query: StudyChoice | StudyChoice[],
  of: Partial<PairChoice> = {},
  options?: ReadPairOptions,
) => readPair({ reference: [reference].flat(), query: [query].flat(), harmonise: 'auto', ...of }, options);
const dense = ({ matrix }: Study): number[][] => denseOf(inMemory(matrix));
const names = ({ features }: Study): readonly string[] => features.ids;
/** Columns are by contig and start; body and promoter of A, B, C and D. */
const activity = (list: readonly string[], of = fragments): number[][] => insertionsIn(of, list, regions);
const slot = (name: string): Repair[] => [{ kind: 'use-matrix', slot: name }];
const windowsOf = (list: readonly string[], width: number, study: Study): number[][] =>
  insertionsIn(
    fragments,
    list,
    names(study).map((name) => {
      const [contig, start] = name.split(/[:-]/) as [string, string];
      return { contig, start: Number(start), end: Number(start) + width };
    }),
  );

describe('genes and open chromatin', () => {
  test('RNA × fragments: gene activity, and windows for the neighbour graph', async () => {
    const told: [number, string][] = [];
    const progress = (fraction: number, text: string): void => {
      told.push([fraction, text]);
    };
    const made = await read(rna(), fragmentsAs(), {}, { progress });
    expect([made.reference.modality, dense(made.reference)]).toEqual(['rna', rnaCounts]);
    expect([made.query.modality, names(made.query)]).toEqual(['gene-activity', ['A', 'B', 'C', 'D']]);
    expect(dense(made.query)).toEqual(activity(cells));
    expect(made.queryPeaks!.modality).toBe('peaks');
    expect(made.queryPeaks!.cells).toBe(made.query.cells);
    expect(dense(made.queryPeaks!)).toEqual(windowsOf(cells, 5000, made.queryPeaks!));
    const fractions = told.map(([fraction]) => fraction);
    expect(fractions.toSorted((a, b) => a - b)).toEqual(fractions);
    expect([...new Set(told.map(([, text]) => text))]).toEqual(['Reading the reference', 'Reading the query']);
    expect(fractions.at(-1)).toBe(1);
  });

  test('RNA × fragments with peaks of their own: these are counted in the same pass, for the neighbour graph', async () => {
    const own = [{ contig: 'chr1', start: 3000, end: 9000 }];
    const made = await read(rna(), fragmentsAs({ chromatin: { peaks: fileOf('own.bed', bedOf(own)) } }));
    expect(dense(made.query)).toEqual(activity(cells));
    expect(names(made.queryPeaks!)).toEqual(own.map(peakName));
    expect(dense(made.queryPeaks!)).toEqual(insertionsIn(fragments, cells, own));
    expect(made.query.cells.columns.has('frip')).toBe(true);
  });

  test('fragments × RNA: gene activity, and no windows; what is told rises all the same', async () => {
    const told: number[] = [];
    const made = await read(fragmentsAs(), rna(), {}, { progress: (fraction) => told.push(fraction) });
    expect(dense(made.reference)).toEqual(activity(cells));
    expect(dense(made.query)).toEqual(rnaCounts);
    expect(made.queryPeaks).toBeUndefined();
    expect(told.toSorted((a, b) => a - b)).toEqual(told);
    expect(told.at(-1)).toBe(1);
  });

  test('RNA × peaks: peaks that touch body and promoter are summed; the peaks themselves make the graph', async () => {
    const made = await read(rna(), peaks());
    expect(names(made.query)).toEqual(['A', 'B', 'C', 'D']);
    expect(dense(made.query)).toEqual([
      [1, 2, 4, 0],
      [0, 1, 3, 0],
    ]);
    expect(names(made.queryPeaks!)).toEqual(places.map(peakName));
    expect(dense(made.queryPeaks!)).toEqual(peakCounts);
    expect(made.notes.map(({ text }) => text).join()).toContain('counts of peaks.csv lie in genes');
  });

  test('peaks × RNA', async () => {
    const made = await read(peaks(), rna());
    expect(dense(made.reference)).toEqual([
      [1, 2, 4, 0],
      [0, 1, 3, 0],
    ]);
    expect(made.queryPeaks).toBeUndefined();
  });

  test('a way that is for places alone was asked for: it is said that it was not gone', async () => {
    const { notes } = await read(rna(), fragmentsAs(), { harmonise: 'recount' });
    expect(notes[0]).toMatchObject({ severity: 'warning' });
    expect(notes[0]!.text).toBe('"recount" was not done: rna.csv has no peaks and no fragments to count anew.');
    expect(
      (await read(rna(), fragmentsAs(), { harmonise: 'gene-activity' })).notes.map(({ step }) => step),
    ).not.toContain('harmonise');
  });

  test('files that only fragments and peaks need are said not to have been used', async () => {
    const query = { ...rna(), chromatin: { barcodes: '/lists/cells.tsv', peaks: '/lists/peaks.bed' } };
    const { notes } = await read(rna(), query, { chain: '/chains/hg19ToHg38.over.chain.gz' });
    expect(notes.map(({ text }) => text)).toEqual([
      'The chain file hg19ToHg38.over.chain.gz was not used: both studies are matched by genes.',
      'cells.tsv was not used: rna.csv holds no fragments.',
      'peaks.bed was not used: rna.csv holds no fragments.',
    ]);
  });

  test('two studies of genes are as they are', async () => {
    const made = await read(rna(), rna());
    expect([dense(made.reference), dense(made.query), made.notes]).toEqual([rnaCounts, rnaCounts, []]);
  });
});

describe('open chromatin on both sides', () => {
  test('peaks × fragments: the fragments are counted in the peaks', async () => {
    const made = await read(peaks(), fragmentsAs());
    expect([names(made.reference), names(made.query)]).toEqual([places.map(peakName), places.map(peakName)]);
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, places));
    expect(made.queryPeaks).toBeUndefined();
  });

  test('fragments × peaks: windows, or the peaks that came with the fragments', async () => {
    const windows = await read(fragmentsAs(), peaks());
    expect(dense(windows.reference)).toEqual(windowsOf(cells, 5000, windows.reference));
    expect(names(windows.query)).toEqual(['chr1:0-5000', 'chr1:5000-10000', 'chr1:10000-15000', 'chr2:0-5000']);
    expect(dense(windows.query)).toEqual([
      [1, 1, 1, 4],
      [0, 0.5, 0.5, 3],
    ]);
    const own = [{ contig: 'chr1', start: 3000, end: 9000 }];
    const chromatin = { peaks: fileOf('own.bed', bedOf(own)) };
    const summed = await read(fragmentsAs({ chromatin }), peaks());
    expect(dense(summed.reference)).toEqual(insertionsIn(fragments, cells, own));
    expect(dense(summed.query)).toEqual([[3], [1]]);
  });

  test('fragments × fragments: windows', async () => {
    const made = await read(fragmentsAs(), fragmentsAs({ list: [barcodeOf(3)] }));
    expect(dense(made.reference)).toEqual(windowsOf(cells, 5000, made.reference));
    expect(dense(made.query)).toEqual(windowsOf([barcodeOf(3)], 5000, made.query));
  });

  test('peaks × peaks of the same names are as they are, unless another way is asked for', async () => {
    const made = await read(peaks(), peaks());
    expect([dense(made.reference), dense(made.query), made.notes]).toEqual([peakCounts, peakCounts, []]);
    const { notes } = await read(peaks(), peaks(), { chain: 'hg19ToHg38.over.chain.gz' });
    expect(notes.map(({ text }) => text)).toEqual([
      'The chain file hg19ToHg38.over.chain.gz was not used: both studies have the same peaks.',
    ]);
    const windows = await read(peaks(), peaks(), { harmonise: 'windows' });
    expect(names(windows.query)).toHaveLength(4);
    const genes = await read(peaks(), peaks(), { harmonise: 'gene-activity' });
    expect([names(genes.reference), names(genes.query)]).toEqual([
      ['A', 'B', 'C', 'D'],
      ['A', 'B', 'C', 'D'],
    ]);
    expect(names(genes.queryPeaks!)).toEqual(places.map(peakName));
  });

  test('the same names on genomes that are said to be others are not taken for the same places', async () => {
    const on = (annotation: string): StudyChoice => ({ ...peaks(), chromatin: { annotation } });
    await expect(read(on('hg19'), on('hg38'))).rejects.toMatchObject({ code: 'chromatin.builds-differ' });
    expect((await read(on('hg38'), on('GRCh38'))).notes).toEqual([]);
  });

  test('peaks × other peaks: those that overlap are summed', async () => {
    const at = [
      { contig: 'chr1', start: 3000, end: 9000 },
      { contig: 'chr9', start: 0, end: 90 },
    ];
    const made = await read(peaks(), peaks({ at, counts: [[5, 7]] }));
    expect(dense(made.query)).toEqual([[5, 5, 0]]);
    expect(names(made.query)).toEqual(places.map(peakName));
  });

  test('gene activity for fragments × peaks, windows for the graph of fragments', async () => {
    const made = await read(peaks(), fragmentsAs(), { harmonise: 'gene-activity' });
    expect(dense(made.query)).toEqual(activity(cells));
    expect(names(made.queryPeaks!)[0]).toBe('chr1:0-5000');
  });
});

describe('several samples of fragments', () => {
  const second = smallFragments({ count: 200, barcodes: 3, seed: 12 });
  const sample = (
    name: string,
    of: readonly (typeof fragments)[number][],
    list: readonly string[] | null,
    more: FragmentFiles = {},
  ) => fragmentsAs({ ...more, name, list, text: fragmentLines(of) });

  test('the same barcodes in both: cells bear the name of their file, in the matrix and in the windows', async () => {
    const list = [2, 0].map(barcodeOf);
    const made = await read(rna(), [sample('a.tsv.gz', fragments, list), sample('b.tsv.gz', second, list)]);
    const ids = ['a.tsv.gz', 'b.tsv.gz'].flatMap((file) => list.map((barcode) => `${file}:${barcode}`));
    expect(made.query.cells.ids).toEqual(ids);
    expect(dense(made.query)).toEqual([...activity(list), ...activity(list, second)]);
    expect(made.queryPeaks!.cells.ids).toEqual(ids);
    expect(made.queryPeaks!.matrix.rows).toBe(4);
    expect(made.query.cells.columns.get('batch')).toMatchObject({ categories: ['a.tsv.gz', 'b.tsv.gz'] });
  });

  test('one list for both: a cell belongs to the file that has its fragments', async () => {
    const [first, other] = [sample('a.tsv.gz', fragments, [5, 1].map(barcodeOf)), sample('b.tsv.gz', second, [])];
    const shared = { ...other, chromatin: { ...other.chromatin, barcodes: first.chromatin!.barcodes } };
    const made = await read(rna(), [first, shared]); // the second file has no sixth barcode
    expect(made.query.cells.ids).toEqual(
      ['a.tsv.gz', 'a.tsv.gz', 'b.tsv.gz'].map((file, i) => `${file}:${barcodeOf([5, 1, 1][i]!)}`),
    );
    expect(dense(made.query)).toEqual([...activity([5, 1].map(barcodeOf)), ...activity([barcodeOf(1)], second)]);
  });

  test('one list of labels for both, cells named after their samples: each file has those of its own', async () => {
    const labels = ['donor1', 'donor2'].flatMap((donor) => [2, 0].map((i) => `${donor}_${barcodeOf(i)},${donor}${i}`));
    const more = { list: null, labels: `cell,label\n${labels.join('\n')}\n` };
    const files = [fragments, second].map((of, i) => sample(`run7-Donor${i + 1}_fragments.tsv.gz`, of, null, more));
    const made = await read(files, rna(), { label: 'label' });
    const names = ['donor1', 'donor2'].flatMap((donor) => [2, 0].map((i) => `${donor}_${barcodeOf(i)}`));
    expect(made.reference.cells.ids).toEqual(names);
    const list = [2, 0].map(barcodeOf);
    expect(dense(made.reference)).toEqual([...activity(list), ...activity(list, second)]);
    expect(made.notes.filter(({ text }) => text.startsWith('Of the 4 listed cells the 2 of donor'))).toHaveLength(2);
  });

  test('a BED file of peaks for both: the same cells, under the same names', async () => {
    const list = [2, 0].map(barcodeOf);
    const bed = fileOf('peaks.bed', bedOf(places));
    const made = await read(rna(), [sample('a.tsv.gz', fragments, list), sample('b.tsv.gz', second, list)], {
      queryPeaks: { path: bed, repairs: [] },
    });
    expect(made.queryPeaks!.cells.ids).toEqual(made.query.cells.ids);
    expect(dense(made.queryPeaks!)).toEqual([
      ...insertionsIn(fragments, list, places),
      ...insertionsIn(second, list, places),
    ]);
  });

  test('two files of the same name', async () => {
    const made = await read(rna(), [
      sample('f.tsv.gz', fragments, [barcodeOf(2)]),
      sample('f.tsv.gz', second, [barcodeOf(2)]),
    ]);
    expect(made.query.cells.ids).toEqual([`f.tsv.gz:${barcodeOf(2)}`, `f.tsv.gz (2):${barcodeOf(2)}`]);
  });

  test('counted in the peaks of a reference', async () => {
    const made = await read(peaks(), [
      sample('a.tsv.gz', fragments, [barcodeOf(0)]),
      sample('b.tsv.gz', second, [barcodeOf(1)]),
    ]);
    expect(made.query.cells.ids).toEqual([barcodeOf(0), barcodeOf(1)]);
    expect(dense(made.query)).toEqual([
      ...insertionsIn(fragments, [barcodeOf(0)], places),
      ...insertionsIn(second, [barcodeOf(1)], places),
    ]);
  });
});

describe("the query's peaks, given by themselves", () => {
  const bed = () => ({ path: fileOf('peaks.bed', bedOf(places)), repairs: [] });

  test('a BED file: the query is counted in it for the graph', async () => {
    const made = await read(rna(), fragmentsAs(), { queryPeaks: bed() });
    expect(names(made.queryPeaks!)).toEqual(places.map(peakName));
    expect(made.queryPeaks!.cells.ids).toEqual(cells);
    expect(dense(made.queryPeaks!)).toEqual(insertionsIn(fragments, cells, places));
  });

  test('cells that repairs left out of the query are not asked for in its peaks', async () => {
    const repairs: Repair[] = [{ kind: 'drop-cells-below', counts: 71 }];
    const sums = activity(cells).map((row) => row.reduce((a, b) => a + b));
    const left = cells.filter((_, i) => sums[i]! >= 71);
    expect([0, cells.length]).not.toContain(left.length);
    const made = await read(rna(), fragmentsAs({ repairs }), { queryPeaks: bed() });
    expect(made.query.cells.ids).toEqual(left);
    expect(made.queryPeaks!.cells.ids).toEqual(left);
    const windows = await read(rna(), fragmentsAs({ repairs }));
    expect([windows.query.cells.ids, windows.queryPeaks!.cells.ids]).toEqual([left, left]);
  });

  test('a matrix of peaks, and fragments whose cells are those of the query', async () => {
    const query = {
      path: tableOf('activity.csv', ['A', 'B', 'C', 'D'], rnaCounts.slice(0, 2), [cells[1]!, cells[0]!]),
      repairs: [],
    };
    const matrix = await read(rna(), query, { queryPeaks: peaks({ ids: [cells[1]!, cells[0]!] }) });
    expect(dense(matrix.queryPeaks!)).toEqual(peakCounts);
    const counted = await read(rna(), query, { queryPeaks: fragmentsAs({ list: null }) });
    expect(counted.queryPeaks!.cells.ids).toEqual([cells[1], cells[0]]);
    expect(dense(counted.queryPeaks!)).toEqual(windowsOf([cells[1]!, cells[0]!], 5000, counted.queryPeaks!));
  });

  test('with open chromatin on both sides: a BED file is what the query can be counted in, a matrix makes the graph', async () => {
    const own = await read(peaks({ at: [{ contig: 'chr1', start: 0, end: 5000 }], counts: [[3]] }), fragmentsAs(), {
      queryPeaks: bed(),
      harmonise: 'sum-overlapping',
    });
    expect(dense(own.query)).toEqual(insertionsIn(fragments, cells, places.slice(0, 1)));
    const at = [{ contig: 'chr2', start: 0, end: 90 }];
    const graph = peaks({ at, counts: [[8], [9]] });
    const made = await read(peaks(), peaks(), { queryPeaks: graph });
    expect([dense(made.query), dense(made.queryPeaks!)]).toEqual([peakCounts, [[8], [9]]]);
  });

  test('a BED file for a query that has no fragments is refused with what it is', async () => {
    await expect(read(rna(), rna(), { queryPeaks: bed() })).rejects.toMatchObject({ code: 'reading.bed' });
  });
});

describe('columns that a person chose stay', () => {
  test('gene activity against peaks: these become genes too', async () => {
    const made = await read(peaks(), fragmentsAs({ repairs: slot('gene-activity') }));
    expect([names(made.reference), names(made.query)]).toEqual([
      ['A', 'B', 'C', 'D'],
      ['A', 'B', 'C', 'D'],
    ]);
    expect(dense(made.query)).toEqual(activity(cells));
  });

  test('weighted gene activity against RNA', async () => {
    const made = await read(rna(), fragmentsAs({ repairs: slot('weighted-gene-activity') }));
    expect(made.query.valueKind).toBe('unknown');
    for (const row of dense(made.query)) expect(row.reduce((a, b) => a + b)).toBeCloseTo(10_000, 1);
  });

  test('windows of both', async () => {
    const repairs = slot('windows-700');
    const told: number[] = [];
    const made = await read(fragmentsAs({ repairs }), fragmentsAs({ repairs }), {}, { progress: (f) => told.push(f) });
    expect(dense(made.reference)).toEqual(windowsOf(cells, 700, made.reference));
    expect(dense(made.query)).toEqual(dense(made.reference));
    expect(told.at(-1)).toBe(1);
    expect(made.notes.some(({ text }) => text.includes('fragments.tsv.gz'))).toBe(true);
  });

  test('peaks against RNA: gene activity of the peaks, which make the graph', async () => {
    const chromatin = { peaks: fileOf('own.bed', bedOf(places)) };
    const made = await read(rna(), fragmentsAs({ repairs: slot('peaks'), chromatin }));
    expect(dense(made.queryPeaks!)).toEqual(insertionsIn(fragments, cells, places));
    expect(dense(made.query)).toEqual(insertionsIn(fragments, cells, places).map((row) => [...row, 0]));
  });
});

describe('reading', () => {
  test('labels of a reference of fragments, and cells without one of those left out', async () => {
    const labels = `cell,label\n${cells.map((cell, i) => `${cell},${'TBT'[i] ?? ''}`).join('\n')}\n`;
    const repairs: Repair[] = [{ kind: 'drop-labels', labels: ['B'] }];
    const made = await read(fragmentsAs({ labels, repairs }), rna(), { label: 'label' });
    expect(made.reference.cells.ids).toEqual([cells[0], cells[2]]);
    const peaksOfBoth = await read(fragmentsAs({ labels, repairs }), peaks(), { label: 'label' });
    expect(peaksOfBoth.reference.cells.ids).toEqual([cells[0], cells[2]]);
  });

  test('rows outside of memory are those in memory', async () => {
    const expected = await read(rna(), fragmentsAs());
    await using store = new RowFiles(newFolder(), { valuesInMemory: 0 });
    const made = await read(rna(), fragmentsAs(), {}, { store });
    for (const [one, other] of [
      [made.query, expected.query],
      [made.queryPeaks!, expected.queryPeaks!],
    ] as const) {
      expect('take' in one.matrix && denseOf(await one.matrix.take([...cells.keys()]))).toEqual(dense(other));
    }
  });

  test('who asks is told how cells were told from background, and heard when it is to stop', async () => {
    const called: [string, number][] = [];
    await read(
      rna(),
      fragmentsAs({ list: null, chromatin: { minimumFragments: 20 } }),
      {},
      {
        called: (file, told) => called.push([file, told.threshold]),
      },
    );
    expect(called).toEqual([['fragments.tsv.gz', 20]]);
    for (const [reference, query] of [
      [rna(), fragmentsAs()],
      [peaks(), fragmentsAs()],
      [peaks(), rna()],
    ] as const) {
      const stopped = read(reference, query, {}, { signal: AbortSignal.abort() });
      await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
    }
  });
});
