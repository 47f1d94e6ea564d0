import { describe, expect, test } from 'vitest';
import { fragmentCells, listedCells } from '#formats/chromatin/fragment-cells';
import { lookAtFragments } from '#formats/chromatin/look-at-fragments';
import { readFragmentsStudy } from '#formats/chromatin/read-fragments-study';
import type { StudyChoice } from '#formats/inspect/repair';
import { fragmentFiles, type FragmentFiles, fragments, regions } from '#test/support/fragment-study-files';
import type { TextFragment } from '#test/support/fragment-blocks';
import { denseOf } from '#test/support/arbitrary-matrix';
import { barcodeOf, fragmentLines, insertionsIn } from '#test/support/small-fragments';
import { inMemory } from '#test/support/stored-rows';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const choiceOf = (files?: FragmentFiles): StudyChoice => fragmentFiles(newFolder(), files);
const cellsOf = async (files: FragmentFiles, most?: number) => {
  const choice = choiceOf(files);
  return fragmentCells(choice, await lookAtFragments(choice.path, most === undefined ? {} : { most }), {});
};
const known = [3, 0, 5].map(barcodeOf);

describe('a list finds its barcodes in whatever way they are written', () => {
  const plain = known.map((barcode) => barcode.replace('-1', ''));
  const others: [string, readonly string[], string | null][] = [
    ['the same', known, null],
    ['without the ending', plain, 'without their ending (-1): 3 of 3'],
    ['with another ending', plain.map((barcode) => `${barcode}-4`), 'without their ending (-1): 3 of 3'],
    ['with a sample in front', known.map((barcode) => `pbmc#${barcode}`), 'by their bases alone: 3 of 3'],
    ['with a sample in front and no ending', plain.map((barcode) => `s1_${barcode}`), 'by their bases alone: 3 of 3'],
    ['with a sample behind', plain.map((barcode) => `${barcode}-1_2`), 'by their bases alone: 3 of 3'],
    ['with one that is not there', [...plain, 'ACGTACGTACGTACGT'], 'without their ending (-1): 3 of 4'],
  ];
  test.each(others)('%s', async (_what, list, says) => {
    const found = await cellsOf({ list });
    expect(found.table.ids).toEqual(list);
    expect(found.called).toBeNull();
    expect(found.notes.map(({ text }) => text.replace(/^.*? fragments.tsv.gz /, ''))).toEqual(
      says === null ? [] : [`${says}.`],
    );
    const { study } = await readFragmentsStudy(choiceOf({ list }));
    const expected = insertionsIn(fragments, [...known, ...list.slice(3)], regions);
    expect(denseOf(inMemory(study.matrix))).toEqual(expected);
  });

  test('also when the beginning of the file shows none of them', async () => {
    const late: TextFragment[] = [...fragments, { contig: 'chr1', start: 5, end: 90, barcode: 'GGGGGGGGCCCCCCCC-1' }];
    const found = await cellsOf({ list: ['GGGGGGGGCCCCCCCC'], text: fragmentLines(late) }, 1);
    expect(found.notes[0]!.text).toContain('1 of 1');
  });

  test('a list that matches nothing is refused with both', async () => {
    const refusal = cellsOf({ list: ['cell_1', 'cell_2'] });
    await expect(refusal).rejects.toMatchObject({ code: 'chromatin.barcodes-match-nothing' });
    await expect(refusal).rejects.toThrow(/None of the 2 listed cells.*cell_1, cell_2.*in the fragments: [ACGT]{16}-1/);
  });

  test('a list that mixes up two samples is refused; a list for each file is asked for', async () => {
    const list = ['a#', 'b#'].flatMap((sample) => known.map((barcode) => sample + barcode));
    const refusal = cellsOf({ list });
    await expect(refusal).rejects.toMatchObject({
      code: 'chromatin.barcodes-ambiguous',
      remedy: expect.stringContaining('each fragments file a list of its own') as string,
    });
    await expect(refusal).rejects.toThrow(`a#${known[0]} and b#${known[0]} in the list`);
  });
});

describe('without a list, cells are told by their fragments', () => {
  /** Twelve deep cells, a hundred barcodes of background. */
  const deep = Array.from({ length: 112 }, (_, cell) => {
    const count = cell % 9 === 0 && cell < 108 ? 400 + cell : 12 + (cell % 5);
    return Array.from({ length: count }, (_, i) => {
      const start = (i * 7919 + cell * 31) % 20_000;
      return { contig: 'chr1', start, end: start + 60, barcode: barcodeOf(cell) };
    });
  });
  const text = fragmentLines(deep.flat());
  const full = Array.from({ length: 12 }, (_, i) => barcodeOf(9 * i));

  test('behind a knee', async () => {
    const found = await cellsOf({ list: null, text });
    expect(found.table.ids).toEqual(full);
    expect(found.called!.knee).not.toBeNull();
    expect(found.called!.curve.rank.at(-1)).toBe(112);
    expect(found.notes[0]!.text).toMatch(/^12 of 112 barcodes of fragments.tsv.gz were taken for cells\. .*knee/);
    const { study, called } = await readFragmentsStudy(choiceOf({ list: null, text }));
    expect(called).toEqual(found.called);
    expect(study.cells.columns.get('n_fragments')).toEqual({
      kind: 'number',
      values: Float64Array.from(full, (_, i) => 400 + 9 * i),
    });
  });

  test('with at least the fragments that are asked for', async () => {
    const found = await cellsOf({ list: null, text, chromatin: { minimumFragments: 450 } });
    expect(found.table.ids).toEqual(full.filter((_, i) => 400 + 9 * i >= 450));
    expect(found.called!.threshold).toBe(450);
  });

  test('too few for a cell: refused with the file, how many there are and how many are asked for', async () => {
    const refusal = cellsOf({ list: null, text, chromatin: { minimumFragments: 600 } });
    await expect(refusal).rejects.toMatchObject({ code: 'chromatin.no-cells' });
    await expect(refusal).rejects.toThrow(
      'None of the 112 barcodes of fragments.tsv.gz has 600 fragments; the fullest has 499',
    );
  });
});

describe('who says which cells there are', () => {
  const labels = `cell,label\n${known[1]},T\n`;

  test('names known from elsewhere, else the list, else the labels file, else nobody', async () => {
    expect((await listedCells(choiceOf({ list: known, labels }), ['a', 'b']))!.ids).toEqual(['a', 'b']);
    expect((await listedCells(choiceOf({ list: known, labels })))!.ids).toEqual(known);
    expect((await listedCells(choiceOf({ list: null, labels })))!.ids).toEqual([known[1]]);
    expect(await listedCells(choiceOf({ list: null }))).toBeNull();
  });
});

describe('a look at the beginning', () => {
  test('sees the whole of a short file, and no more than is asked for of a long one', async () => {
    const { path } = choiceOf();
    const whole = await lookAtFragments(path);
    expect([whole.complete, whole.places.size, whole.fraction]).toEqual([true, 600, 1]);
    expect([...whole.barcodes].sort()).toEqual([0, 1, 2, 3, 4, 5].map(barcodeOf).sort());
    expect([...whole.contigs].sort()).toEqual(['chr1', 'chr2', 'chr9']);
    expect(whole.report).toMatchObject({ read: 600, malformed: 0 });
    const long = choiceOf({ text: fragmentLines(Array.from({ length: 200 }, () => fragments).flat()) });
    const part = await lookAtFragments(long.path, { most: 1000 });
    expect(part.complete).toBe(false);
    expect(part.places.size).toBeLessThan(120_000);
    expect(part.barcodes.length).toBe(6);
  });

  test('stops when it is told to', async () => {
    const looking = lookAtFragments(choiceOf().path, { signal: AbortSignal.abort() });
    await expect(looking).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });
});
