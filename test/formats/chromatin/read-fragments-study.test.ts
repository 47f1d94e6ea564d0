import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { ListedCells } from '#core/chromatin/match-barcodes';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import { type Column, textAt } from '#core/data/column';
import type { SparseRows } from '#core/data/sparse-rows';
import { windowWidth } from '#formats/chromatin/fragment-columns';
import { readFragmentsStudy } from '#formats/chromatin/read-fragments-study';
import type { Repair } from '#formats/inspect/repair';
import { denseOf } from '#test/support/arbitrary-matrix';
import { blocksOfFragments } from '#test/support/fragment-blocks';
import {
  cells,
  fragmentFiles,
  type FragmentFiles,
  fragments,
  geneBedOf,
  genes,
  peaks,
  regions,
} from '#test/support/fragment-study-files';
import { barcodeOf, fragmentLines, insertionsIn, smallFragments } from '#test/support/small-fragments';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const choiceOf = (files?: FragmentFiles) => fragmentFiles(newFolder(), files);
const slot = (name: string): Repair[] => [{ kind: 'use-matrix', slot: name }];
const dense = (rows: SparseRows): number[][] => denseOf(inMemory(rows));
const numbers = (column: Column | undefined): number[] => (column?.kind === 'number' ? [...column.values] : []);
const ofCells = fragments.filter(({ barcode }) => cells.includes(barcode));

describe('what is counted', () => {
  test('gene activity: insertions in body and promoter, as counted one by one', async () => {
    const { study, share, fragments: seen, called, build } = await readFragmentsStudy(choiceOf());
    expect(study.features.ids).toEqual(['C', 'D', 'A', 'B'].sort()); // by contig and start
    expect(dense(study.matrix)).toEqual(insertionsIn(fragments, cells, regions));
    expect(study.cells.ids).toEqual(cells);
    expect([study.name, study.modality, study.valueKind, study.features.idType]).toEqual([
      'fragments.tsv.gz',
      'gene-activity',
      'counts',
      'symbol',
    ]);
    expect([called, build]).toEqual([null, null]);
    expect(seen).toEqual({ ofCells: ofCells.length, ofOthers: fragments.length - ofCells.length });
    expect(share.total).toBe(2 * ofCells.length);
    const nine = share.contigs.find(({ contig }) => contig === 'chr9');
    expect(nine).toMatchObject({ known: false, used: 0 });
    expect(Object.keys(study).sort()).toEqual(
      ['cells', 'embeddings', 'features', 'matrix', 'modality', 'name', 'species', 'valueKind'].sort(),
    );
  });

  test('gene activity weighted by distance: as the counter gives it', async () => {
    const { study } = await readFragmentsStudy(choiceOf({ repairs: slot('weighted-gene-activity') }));
    const counter = new WeightedActivityCounter(genes);
    const rows = new ListedCells(cells);
    for (const block of blocksOfFragments(fragments)) counter.add(block, rows);
    const expected = await counter.result(cells.length);
    expect(study.features.ids).toEqual(expected.genes.map(({ name }) => name));
    expect(study.matrix).toEqual(expected.matrix);
    expect(study.valueKind).toBe('unknown');
    expect(numbers(study.cells.columns.get('n_fragments'))).toHaveLength(4);
  });

  test('peaks: in the order of the file, whatever lies there', async () => {
    const { study } = await readFragmentsStudy(choiceOf({ repairs: slot('peaks') }));
    expect(study.features.ids).toEqual(peaks.map((p) => `${p.contig}:${p.start}-${p.end}`));
    expect([study.modality, study.valueKind, study.features.idType]).toEqual(['peaks', 'counts', 'coordinates']);
    expect(dense(study.matrix)).toEqual(insertionsIn(fragments, cells, peaks));
  });

  test('a place that the list of peaks names twice is counted once', async () => {
    const bed = 'chr1\t0\t2500\ta\nchr2\t5\t90\tb\n1\t0\t2500\tc\nchr1\t0\t2500\td\n';
    const { study } = await readFragmentsStudy(choiceOf({ repairs: slot('peaks'), bed }));
    expect(study.features.ids).toEqual(['chr1:0-2500', 'chr2:5-90']);
  });

  test('peaks on none of the contigs of the fragments are refused', async () => {
    const counting = readFragmentsStudy(choiceOf({ repairs: slot('peaks'), bed: 'scaffold_1\t0\t2500\n' }));
    await expect(counting).rejects.toMatchObject({ code: 'chromatin.no-contig-in-common' });
  });

  test.each([
    ['windows-5000', 5000],
    ['windows-700', 700],
  ])('%s: all windows that a cell has an insertion in', async (name, width) => {
    const { study } = await readFragmentsStudy(choiceOf({ repairs: slot(name) }));
    const all = ['chr1', 'chr2', 'chr9'].flatMap((contig) =>
      Array.from({ length: Math.ceil(21_000 / width) }, (_, k) => ({ contig, start: k * width, end: (k + 1) * width })),
    );
    const counts = insertionsIn(fragments, cells, all);
    const seen = all.flatMap((_, j) => (counts.some((row) => row[j]! > 0) ? [j] : []));
    expect(study.features.ids).toEqual(seen.map((j) => `${all[j]!.contig}:${all[j]!.start}-${all[j]!.end}`));
    expect(dense(study.matrix)).toEqual(counts.map((row) => seen.map((j) => row[j]!)));
  });

  test('windows besides: the same as windows by themselves, for the same cells', async () => {
    const both = await readFragmentsStudy(choiceOf(), { also: { kind: 'windows', width: windowWidth } });
    const alone = await readFragmentsStudy(choiceOf({ repairs: slot('windows-5000') }));
    expect(both.also!.matrix).toEqual(alone.study.matrix);
    expect(both.also!.features).toEqual(alone.study.features);
    expect(both.also!.cells).toBe(both.study.cells);
    expect([both.also!.name, both.also!.modality]).toEqual(['windows of fragments.tsv.gz', 'peaks']);
    expect(dense(both.study.matrix)).toEqual(insertionsIn(fragments, cells, regions));
    expect(alone.also).toBeNull();
  });

  test('names of cells known from elsewhere go before the list, in whatever way they are written', async () => {
    const names = [1, 3].map((i) => `pbmc#${barcodeOf(i)}`);
    const { study } = await readFragmentsStudy(choiceOf(), { cells: names });
    expect(study.cells.ids).toEqual(names);
    expect(dense(study.matrix)).toEqual(insertionsIn(fragments, [1, 3].map(barcodeOf), regions));
  });

  test.each(['windows-99', 'windows-', 'X', 'gene_activity', 'windows-5000000000'])(
    'there are no columns called %s',
    async (name) => {
      const refusal = readFragmentsStudy(choiceOf({ repairs: slot(name) }));
      await expect(refusal).rejects.toMatchObject({ code: 'reading.no-such-matrix' });
      await expect(refusal).rejects.toThrow('gene-activity, weighted-gene-activity, windows-5000, peaks');
    },
  );

  test('without a list of peaks there are no peaks to count in', async () => {
    const refusal = readFragmentsStudy(choiceOf({ repairs: slot('peaks'), chromatin: { peaks: undefined } }));
    await expect(refusal).rejects.toMatchObject({ code: 'reading.no-such-matrix' });
    await expect(refusal).rejects.not.toThrow('windows-5000, peaks');
  });

  test('a genome whose genes are not shipped stops gene activity, and nothing else', async () => {
    const hs1 = { annotation: 'T2T-CHM13v2.0' };
    await expect(readFragmentsStudy(choiceOf({ chromatin: hs1 }))).rejects.toMatchObject({
      code: 'reading.no-gene-models',
    });
    const { study, build } = await readFragmentsStudy(choiceOf({ chromatin: hs1, repairs: slot('peaks') }));
    expect([build, study.species]).toEqual(['hs1', 'human']);
    expect([...study.cells.columns.keys()]).toEqual(['n_fragments', 'frip']);
    const text = `# reference_path=/refs/T2T-CHM13v2.0\n${fragmentLines(fragments)}`;
    const declared = await readFragmentsStudy(
      choiceOf({ text, chromatin: { annotation: undefined }, repairs: slot('windows-5000') }),
    );
    expect(declared.build).toBe('hs1');
  });
});

describe('columns of the cells', () => {
  test('fragments, the share in peaks and the enrichment at gene starts, as counted one by one', async () => {
    const { study } = await readFragmentsStudy(choiceOf({ repairs: slot('peaks') }));
    expect([...study.cells.columns.keys()]).toEqual(['n_fragments', 'tss_enrichment', 'frip']);
    const own = cells.map((cell) => fragments.filter(({ barcode }) => barcode === cell));
    expect(numbers(study.cells.columns.get('n_fragments'))).toEqual(own.map((list) => list.length));
    const melted = [peaks[0]!, { contig: 'chr1', start: 0, end: 8000 }]; // the peaks of chr1 overlap
    const inPeaks = insertionsIn(fragments, cells, melted).map((row) => row[0]! + row[1]!);
    expect(numbers(study.cells.columns.get('frip'))).toEqual(inPeaks.map((n, i) => n / (2 * own[i]!.length)));
    const starts = genes.map(({ contig, start, end, strand }) => ({ contig, at: strand === '+' ? start : end - 1 }));
    const around = (from: number, to: number) =>
      insertionsIn(
        fragments,
        cells,
        starts.map(({ contig, at }) => ({ contig, start: at + from, end: at + to })),
      ).map((row) => row.reduce((a, b) => a + b));
    const [middle, left, right] = [around(-50, 51), around(-2000, -1900), around(1901, 2001)];
    expect(numbers(study.cells.columns.get('tss_enrichment'))).toEqual(
      middle.map((w, i) => (2 * (w / 101)) / Math.max((left[i]! + right[i]!) / 100, 0.2)),
    );
  });

  test('those of the list and of a labels file come along; theirs go before ours of the same name', async () => {
    const labels = `cell,label,frip\n${cells[2]},T,7\n${barcodeOf(9)},B,8\n`;
    const list = ['barcode\tbatch\tn_fragments', ...cells.map((cell) => `${cell}\tx\t0`)];
    const { study, notes } = await readFragmentsStudy(choiceOf({ labels, list, repairs: slot('peaks') }));
    expect([...study.cells.columns.keys()].sort()).toEqual(
      ['batch', 'frip', 'frip (study)', 'label', 'n_fragments', 'n_fragments (study)', 'tss_enrichment'].sort(),
    );
    expect(numbers(study.cells.columns.get('n_fragments'))).toEqual([0, 0, 0, 0]);
    expect(numbers(study.cells.columns.get('n_fragments (study)'))).not.toContain(0);
    expect(numbers(study.cells.columns.get('frip'))).toEqual([NaN, NaN, 7, NaN]);
    expect(notes.map(({ text }) => text).join('\n')).not.toContain('no fragment');
  });

  test('a labels file alone is the list', async () => {
    const { study } = await readFragmentsStudy(
      choiceOf({ list: null, labels: `cell,label\n${cells[1]},T\n${cells[3]},B\n` }),
    );
    expect(study.cells.ids).toEqual([cells[1], cells[3]]);
    expect(study.cells.columns.get('label')).toMatchObject({ kind: 'categories' });
    expect(dense(study.matrix)).toEqual(insertionsIn(fragments, [cells[1]!, cells[3]!], regions));
  });

  test.each([
    ['without the ending', (cell: string) => cell.replace('-1', '')],
    ['with the name of a sample in front', (cell: string) => `pbmc_${cell}`],
  ])('a labels file whose cells are written %s than in the list', async (_what, write) => {
    const labels = `cell,label\n${write(cells[2]!)},T\n${write(barcodeOf(9))},B\n`;
    const { study } = await readFragmentsStudy(choiceOf({ labels }));
    const column = study.cells.columns.get('label')!;
    expect(cells.map((_, i) => textAt(column, i))).toEqual([null, null, 'T', null]);
  });

  test('a labels file that fits no listed cell is refused', async () => {
    await expect(readFragmentsStudy(choiceOf({ labels: 'cell,label\nx,T\n' }))).rejects.toMatchObject({
      code: 'reading.labels-match-nothing',
    });
  });
});

describe('what a person is told', () => {
  const texts = async (files: FragmentFiles) =>
    (await readFragmentsStudy(choiceOf(files))).notes.map(({ text }) => text);

  test('the share used, contigs that nothing is counted on, cells without a fragment, lines passed over', async () => {
    const bad = 'chr1\t20\t10\tAAA\t1\n';
    const told = await texts({ list: [...cells, barcodeOf(40)], text: fragmentLines(fragments) + bad });
    const used = insertionsIn(fragments, cells, regions);
    expect(used.flat().length).toBeGreaterThan(0);
    expect(told.some((text) => /^\d+ % of \d+ counts of fragments.tsv.gz lie in genes\.$/.test(text))).toBe(true);
    expect(told.some((text) => text.includes('lie on contigs where nothing is counted (chr9)'))).toBe(true);
    expect(told).toContain('1 of 5 listed cells have no fragment in fragments.tsv.gz.');
    expect(told.some((text) => text.startsWith('1 of 601 lines of fragments.tsv.gz are no fragment'))).toBe(true);
  });

  test('nothing of genes where windows are counted', async () => {
    expect((await texts({ repairs: slot('windows-5000') })).join('\n')).not.toMatch(/Gene activity/);
  });
});

test('random fragments, genes and cells: always what is counted one by one', async () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = Random.forPurpose(seed, 'genes');
    const some = smallFragments({ count: 150, barcodes: 5, seed, span: 8000 });
    const models = Array.from({ length: 7 }, (_, i) => {
      const start = random.below(9000);
      const strand = random.below(2) === 0 ? ('+' as const) : ('-' as const);
      return { contig: `chr${1 + random.below(2)}`, start, end: start + 1 + random.below(4000), name: `G${i}`, strand };
    });
    const list = [2, 0, 4].map(barcodeOf);
    const { study } = await readFragmentsStudy(
      choiceOf({ text: fragmentLines(some), list, geneBed: geneBedOf(models) }),
    );
    const places = study.features.ids.map((name) => {
      const { contig, start, end, strand } = models.find((model) => model.name === name)!;
      return strand === '+' ? { contig, start: Math.max(0, start - 2000), end } : { contig, start, end: end + 2000 };
    });
    expect(places).toHaveLength(7);
    expect(dense(study.matrix)).toEqual(insertionsIn(some, list, places));
  }
});
