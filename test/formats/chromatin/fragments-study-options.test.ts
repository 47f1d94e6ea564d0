import { describe, expect, test } from 'vitest';
import { type Column, columnTexts } from '#core/data/column';
import type { SparseRows } from '#core/data/sparse-rows';
import { windowWidth } from '#formats/chromatin/fragment-columns';
import { fragmentTables } from '#formats/chromatin/fragment-tables';
import { readFragmentsStudy } from '#formats/chromatin/read-fragments-study';
import type { Repair } from '#formats/inspect/repair';
import { readStudy } from '#formats/read-study';
import { RowFiles } from '#store/row-store';
import { denseOf } from '#test/support/arbitrary-matrix';
import { cells, fragmentFiles, type FragmentFiles, fragments, regions } from '#test/support/fragment-study-files';
import { barcodeOf, fragmentLines, insertionsIn, smallFragments } from '#test/support/small-fragments';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const choiceOf = (files?: FragmentFiles) => fragmentFiles(newFolder(), files);
const slot = (name: string): Repair[] => [{ kind: 'use-matrix', slot: name }];
const dense = (rows: SparseRows): number[][] => denseOf(inMemory(rows));

describe('cells that the repairs leave out', () => {
  const list = [barcodeOf(40), ...cells];
  const counts = insertionsIn(fragments, list, regions);
  const sums = counts.map((row) => row.reduce((a, b) => a + b));

  test.each<[string, Repair[], (row: number) => boolean]>([
    ['none', [], () => true],
    ['drop-empty-cells', [{ kind: 'drop-empty-cells' }], (row) => sums[row]! > 0],
    ['drop-cells-below', [{ kind: 'drop-cells-below', counts: sums[2]! }], (row) => sums[row]! >= sums[2]!],
    ['drop-labels', [{ kind: 'drop-labels', labels: ['B'] }], (row) => row === 1 || row === 3],
    [
      'several',
      [
        { kind: 'drop-labels', labels: ['B'] },
        { kind: 'drop-cells-below', counts: sums[3]! },
      ],
      (row) => (row === 1 || row === 3) && sums[row]! >= sums[3]!,
    ],
  ])('%s', async (_what, repairs, kept) => {
    const labels = `cell,label\n${list[1]},T\n${list[2]},B\n${list[3]},T\n${list[4]},\n`;
    const choice = choiceOf({ list, repairs, labels });
    const rows = list.flatMap((_, row) => (kept(row) ? [row] : []));
    expect(sums[0]).toBe(0);
    const study = await readStudy(choice, { labelColumn: 'label' });
    expect(study.cells.ids).toEqual(rows.map((row) => list[row]));
    expect(dense(study.matrix)).toEqual(rows.map((row) => counts[row]!));
    const { also: windows } = await readFragmentsStudy(choice, {
      labelColumn: 'label',
      also: { kind: 'windows', width: windowWidth },
    });
    expect(windows!.cells).toEqual(study.cells);
    expect(windows!.matrix.rows).toBe(rows.length);
  });

  test('labels are renamed after cells were left out by the names in the file, and equal ones become one', async () => {
    const labels = `cell,label\n${list[1]},T\n${list[2]},B\n${list[3]},T cell\n${list[4]},\n`;
    const repairs: Repair[] = [
      {
        kind: 'rename-labels',
        names: [
          { from: 'T', to: 'B' },
          { from: 'T cell', to: 'B' },
        ],
      },
      { kind: 'drop-labels', labels: ['B'] },
    ];
    const { cells: kept } = await readStudy(choiceOf({ list, repairs, labels }), { labelColumn: 'label' });
    expect(kept.ids).toEqual([list[1], list[3]]);
    expect(columnTexts(kept.columns.get('label')!)).toEqual(['B', 'B']);
  });

  test('none at all is refused; so are labels that no column has', async () => {
    const none = choiceOf({ repairs: [{ kind: 'drop-cells-below', counts: 1e6 }] });
    await expect(readStudy(none)).rejects.toMatchObject({ code: 'reading.repair-leaves-nothing' });
    const other = choiceOf({ repairs: [{ kind: 'drop-labels', labels: ['B'] }] });
    await expect(readStudy(other, { labelColumn: 'label' })).rejects.toMatchObject({
      code: 'reading.repair-does-not-fit',
    });
  });

  test('cells of a list for several files, without a fragment in this one', async () => {
    const { study, also: windows } = await readFragmentsStudy(choiceOf({ list }), {
      withFragments: true,
      also: { kind: 'windows', width: windowWidth },
    });
    expect(study.cells.ids).toEqual(cells);
    expect(windows!.cells.ids).toEqual(cells);
    expect(dense(study.matrix)).toEqual(counts.slice(1));
  });
});

describe('a long count', () => {
  const many = fragmentLines(smallFragments({ count: 60_000, barcodes: 40, seed: 2 }));
  const some = fragmentLines(smallFragments({ count: 8000, barcodes: 40, seed: 2 }));

  test.each([
    ['with a list', [0, 3, 5].map(barcodeOf)],
    ['without one', null],
  ])('tells how far it is, rising from 0 to 1, %s', async (_what, list) => {
    const told: number[] = [];
    await readFragmentsStudy(choiceOf({ text: many, list }), { progress: (fraction) => told.push(fraction) });
    expect(told.length).toBeGreaterThan(1);
    expect(told.toSorted((a, b) => a - b)).toEqual(told);
    expect(told.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
    expect(told.at(-1)).toBe(1);
  });

  test.each([0, 0.2, 0.6])('stops when it is told to, at %f', async (at) => {
    const stop = new AbortController();
    if (at === 0) stop.abort();
    const progress = (fraction: number): void => {
      if (fraction >= at) stop.abort();
    };
    const counting = readFragmentsStudy(choiceOf({ text: many, list: null }), { signal: stop.signal, progress });
    await expect(counting).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });

  test.each<[string, Repair[]]>([
    ['gene activity', []],
    ['weighted gene activity', slot('weighted-gene-activity')],
    ['windows', slot('windows-700')],
    ['peaks', slot('peaks')],
    ['fewer cells', [{ kind: 'drop-cells-below', counts: 300 }]],
  ])('keeps rows outside of memory that are the same as those in memory: %s', async (_what, repairs) => {
    const list = Array.from({ length: 40 }, (_, i) => barcodeOf(39 - i));
    const expected = await readFragmentsStudy(choiceOf({ text: some, list, repairs }), {
      also: { kind: 'windows', width: windowWidth },
    });
    await using store = new RowFiles(newFolder(), { valuesInMemory: 0 });
    const made = await readFragmentsStudy(choiceOf({ text: some, list, repairs }), {
      store,
      also: { kind: 'windows', width: windowWidth },
    });
    for (const [one, other] of [
      [made.study, expected.study],
      [made.also, expected.also],
    ] as const) {
      if (one === null || other === null) continue;
      expect('indptr' in one.matrix).toBe(false);
      const rows = Uint32Array.from({ length: one.matrix.rows }, (_, i) => i);
      const held = 'take' in one.matrix ? await one.matrix.take(rows) : one.matrix;
      expect(denseOf(held)).toEqual(dense(other.matrix));
    }
    expect(made.study.cells).toEqual(expected.study.cells);
  });
});

describe('the tables without the matrix', () => {
  const quality = /^(n_fragments|tss_enrichment|frip)( \(study\))?$/;
  const labels = `cell,label\n${cells.map((cell, i) => `${cell},${'TB'[i % 2]!}`).join('\n')}\n`;
  test.each<[string, FragmentFiles]>([
    ['gene activity, listed', {}],
    ['gene activity, labels joined', { labels }],
    ['gene activity, labels as the list', { labels, list: null }],
    ['gene activity, cells told by their fragments', { list: null, chromatin: { minimumFragments: 50 } }],
    ['weighted gene activity', { repairs: slot('weighted-gene-activity') }],
    ['windows', { repairs: slot('windows-700') }],
    ['peaks', { repairs: slot('peaks'), labels }],
    ['the genes of hg38', { chromatin: { annotation: 'hg38' } }],
  ])('%s', async (_what, files) => {
    const tables = await fragmentTables(choiceOf(files), {});
    const { study } = await readFragmentsStudy(choiceOf(files));
    expect([tables.name, tables.modality, tables.species]).toEqual([study.name, study.modality, study.species]);
    expect(tables.features).toEqual(study.features);
    expect(tables.cells.ids).toEqual(study.cells.ids);
    const own = (columns: ReadonlyMap<string, Column>) => new Map([...columns].filter(([name]) => !quality.test(name)));
    expect(own(tables.cells.columns)).toEqual(own(study.cells.columns));
  });
});
