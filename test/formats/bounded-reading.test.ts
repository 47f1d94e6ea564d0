import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csvLayout } from '#formats/csv/csv-layout';
import { openCsv } from '#formats/csv/open-csv';
import { RowCursor } from '#formats/csv/row-cursor';
import { readRowNames } from '#formats/csv/row-names';
import { RowParser } from '#formats/csv/row-parser';
import { sampleTable, turnTable } from '#formats/csv/turn-table';
import { openH5ad } from '#formats/h5ad/open-h5ad';
import { CompressedMatrix } from '#formats/hdf5/compressed-matrix';
import { Hdf5File } from '#formats/hdf5/hdf5-file';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { openLoom } from '#formats/loom/open-loom';
import { featureSlots } from '#formats/mtx/feature-slots';
import { openMtx } from '#formats/mtx/open-mtx';
import { readCellNames, readFeatureNames } from '#formats/mtx/read-names';
import { readSlot } from '#formats/mtx/read-slot';
import { stackRows } from '#formats/read-rows';
import { readStudy } from '#formats/read-study';
import { transposedFile } from '#formats/transposed-file';
import { countMatrix, denseOf } from '#test/support/arbitrary-matrix';
import { frame, sparse, tag, textAttribute, writeHdf5 } from '#test/support/hdf5-writer';
import { openSpills } from '#test/support/open-spills';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

/** So little that a dozen entries already go to disk. */
const scarce = 1;

interface Reader {
  readonly rows: number;
  read(from: number, to: number): CsrMatrix | Promise<CsrMatrix>;
}

/** Block by block and backwards row by row: both must give what is read at once. */
async function expectSameInPieces(reader: Reader, whole: CsrMatrix, step: number): Promise<void> {
  const blocks: CsrMatrix[] = [];
  for (let from = 0; from < reader.rows; from += step) {
    blocks.push(await reader.read(from, Math.min(reader.rows, from + step)));
  }
  expect(stackRows(blocks, whole.columns)).toEqual(whole);
  const rows: CsrMatrix[] = [];
  for (let row = reader.rows - 1; row >= 0; row--) rows.unshift(await reader.read(row, row + 1));
  expect(stackRows(rows, whole.columns)).toEqual(whole);
}

/** Lists of a sparse matrix by columns, as files hold them: unordered, places named several times, empty lines. */
const columnLists = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 20 })).chain(([cells, genes]) =>
  fc.record({
    cells: fc.constant(cells),
    lines: fc.array(
      fc.array(fc.record({ cell: fc.nat(cells - 1), value: fc.integer({ min: -5, max: 500 }) }), { maxLength: 40 }),
      { minLength: genes, maxLength: genes },
    ),
  }),
);

describe('a matrix stored by columns', () => {
  test('is the same read at once, with hardly any memory, and in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(columnLists, fc.integer({ min: 1, max: 9 }), async ({ cells, lines }, step) => {
        const path = await byColumns(cells, lines);
        const file = await openH5ad(path);
        const whole = await file.readRows(file.slots[0]!, 0, cells);
        const sums = Array.from({ length: cells }, () => new Array<number>(lines.length).fill(0));
        lines.forEach((line, gene) => line.forEach(({ cell, value }) => (sums[cell]![gene]! += value / 8)));
        expect(denseOf(whole)).toEqual(sums);
        await expectSameInPieces({ rows: cells, read: (a, b) => file.readRows(file.slots[0]!, a, b) }, whole, step);
        file.close();

        const raw = await Hdf5File.open(path);
        const spill = await new CompressedMatrix(raw, 'X', lines.length, cells).turnedOver({}, scarce);
        expect(spill.read(0, cells)).toEqual(whole);
        await expectSameInPieces(spill, whole, step);
        spill.close();
        raw.close();
      }),
      { numRuns: 40 },
    );
    expect(openSpills()).toEqual([]);
  });

  test('that is large is sampled by columns; values, cells and the report say so', async () => {
    const [cells, genes] = [30_000, 400];
    const value = (cell: number, gene: number): number => 1 + ((cell * 7 + gene * 13) % 40);
    const each = 11_000; // every gene in each cell c with c % 30 < 11
    const indices = new Int32Array(genes * each);
    const data = new Float32Array(genes * each);
    for (let gene = 0; gene < genes; gene++) {
      for (let k = 0; k < each; k++) {
        const cell = Math.floor(k / 11) * 30 + (k % 11);
        indices[gene * each + k] = cell;
        data[gene * each + k] = value(cell, gene);
      }
    }
    const indptr = Int32Array.from({ length: genes + 1 }, (_, gene) => gene * each);
    const path = await anndata(cells, genes, { data, indices, indptr });
    const file = await openH5ad(path);
    const { matrix, wholeRows, seen } = (await file.sampleRows(file.slots[0]!, 1000, 10_000))!;
    expect([matrix.rows, matrix.columns, wholeRows]).toEqual([1000, genes, false]);
    expect(seen).toBeGreaterThan(0.1);
    expect(seen).toBeLessThan(0.5);
    let count = 0;
    for (let row = 0; row < matrix.rows; row++) {
      for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++, count++) {
        expect(matrix.values[p]).toBe(value(row * 30, matrix.indices[p]!)); // every thirtieth cell
      }
    }
    expect(count / 1000 / genes).toBeCloseTo(seen!, 1);
    const turned = transposedFile(file);
    const features = (await turned.sampleRows(turned.slots[0]!, 50, 10_000))!;
    expect(features.matrix.rows).toBeLessThanOrEqual(50);
    expect([features.wholeRows, features.matrix.values.length > 100]).toEqual([false, true]);
    turned.close();

    const report = await inspectStudy({ path, repairs: [] });
    expect([report.values.kind, report.emptyCells]).toEqual(['counts', 0]);
    expect(report.values.evidence).toContain('some of their features');
    expect(report.findings.map(({ code }) => code)).toContain('sample.some-features');
    expect(openSpills()).toEqual([]);
  });

  test('is refused where neither memory nor disk can take it, before its values are read', async () => {
    const many = 2 ** 45; // 280 TB of rows; chunks that were never written take no room in the file
    const path = await writeHdf5(join(newFolder(), 'columns.h5ad'), (root) => {
      tag(root, 'anndata', '0.1.0');
      frame(root, 'obs', ['c']);
      frame(root, 'var', ['g']);
      const group = root.create_group('X');
      tag(group, 'csc_matrix', '0.1.0');
      group.create_attribute('shape', [1, 1], [2], '<i');
      group.create_dataset({ name: 'indptr', data: BigInt64Array.of(0n, BigInt(many)) });
      for (const [name, data] of [
        ['data', Float32Array.of(1)],
        ['indices', Int32Array.of(0)],
      ] as const) {
        const list = group.create_dataset({ name, data, shape: [1], maxshape: [null], chunks: [1 << 20] });
        list.resize([many]);
      }
    });
    const file = await openH5ad(path);
    const refusal = await file.readRows(file.slots[0]!, 0, 1).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'reading.too-large-for-memory', details: { gigabytes: 281_475 } });
    expect((refusal as Error).message).toContain('columns.h5ad');
    file.close();
  });

  test('stops when it is told to, tells how far it is, and can be read afterwards', async () => {
    const lines = Array.from({ length: 5 }, (_, gene) => [{ cell: gene % 3, value: gene + 1 }]);
    const file = await openH5ad(await byColumns(3, lines));
    const slot = file.slots[0]!;
    await expect(file.prepareRows(slot, { signal: { aborted: true } })).rejects.toThrow(Cancelled);
    expect(openSpills()).toEqual([]);
    const told: number[] = [];
    await Promise.all([
      file.prepareRows(slot, { progress: (fraction) => told.push(fraction) }),
      file.prepareRows(slot),
      file.readRows(slot, 0, 2),
    ]);
    expect(told).toEqual([1]);
    expect((await file.readRows(slot, 0, 3)).values).toHaveLength(5);
    file.close();
  });
});

describe('a loom file', () => {
  test('whose blocks on disk are as wide as the study is turned over, and is the same', async () => {
    const [features, cells] = [60_000, 600];
    const write = (chunks: [number, number]): Promise<string> =>
      writeHdf5(join(newFolder(), 'study.loom'), (root) => {
        textAttribute(root, 'LOOM_SPEC_VERSION', '2.0.1');
        const matrix = root.create_dataset({
          name: 'matrix',
          data: new Uint8Array(cells),
          shape: [1, cells],
          maxshape: [null, cells],
          chunks,
          compression: 'gzip',
        });
        matrix.resize([features, cells]); // rows that were not written hold zeros
        for (let row = 0; row < features; row += 997) {
          matrix.write_slice(
            [[row, row + 1], []],
            Uint8Array.from({ length: cells }, (_, j) => (row + j * 7) % 5),
          );
        }
        root.create_group('col_attrs');
        root.create_group('row_attrs');
      });
    const wide = await openLoom(await write([100, cells]));
    const narrow = await openLoom(await write([1000, 20]));
    for (const [from, to] of [
      [0, 40],
      [40, 41],
      [599, 600],
    ]) {
      const rows = await wide.readRows(wide.slots[0]!, from!, to!);
      expect(rows.values.length).toBeGreaterThan(40);
      expect(rows).toEqual(await narrow.readRows(narrow.slots[0]!, from!, to!));
    }
    expect(await narrow.sampleRows(narrow.slots[0]!, 100, 10_000)).toBeNull();
    const { matrix, wholeRows, seen } = (await wide.sampleRows(wide.slots[0]!, 100, 10_000))!;
    expect([matrix.rows, matrix.columns, wholeRows]).toEqual([100, features, false]);
    expect(seen).toBeCloseTo((10 * Math.floor(100_000 / cells)) / features, 6);
    wide.close();
    narrow.close();
    expect(openSpills()).toEqual([]);
  });
});

describe('a matrix-market folder', () => {
  test('is the same read at once, with hardly any memory, and in pieces, whatever its order', async () => {
    await fc.assert(
      fc.asyncProperty(
        countMatrix,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat()),
        async (counts, cellsInRows, step, chance) => {
          const entries: string[] = [];
          for (let cell = 0; cell < counts.rows; cell++) {
            for (let p = counts.indptr[cell]!; p < counts.indptr[cell + 1]!; p++) {
              const [feature, value] = [counts.indices[p]! + 1, counts.values[p]!];
              entries.push(cellsInRows ? `${cell + 1} ${feature} ${value}\n` : `${feature} ${cell + 1} ${value}\n`);
            }
          }
          entries.sort(() => (chance.next().value! % 3) - 1);
          const folder = newFolder();
          // One feature more than there are keeps the matrix from being square, where the sizes do not tell.
          const features = Math.max(counts.columns, counts.rows) + 1;
          const sizes = cellsInRows ? [counts.rows, features] : [features, counts.rows];
          const head = `%%MatrixMarket matrix coordinate integer general\n${sizes.join(' ')} ${entries.length}\n`;
          writeFileSync(join(folder, 'matrix.mtx'), head + entries.join(''));
          writeFileSync(join(folder, 'barcodes.tsv'), names('c', counts.rows));
          writeFileSync(join(folder, 'genes.tsv'), names('g', features));
          const file = await openMtx(folder);
          const whole = await file.readRows(file.slots[0]!, 0, counts.rows);
          expect(whole).toEqual({ ...counts, columns: features });
          await expectSameInPieces(
            { rows: counts.rows, read: (a, b) => file.readRows(file.slots[0]!, a, b) },
            whole,
            step,
          );
          file.close();

          const cells = await readCellNames(join(folder, 'barcodes.tsv'), sizes);
          const own = featureSlots(await readFeatureNames(join(folder, 'genes.tsv'), sizes), counts.rows, 0)[0]!;
          const source = { path: join(folder, 'matrix.mtx'), entries: 0, cells, cellsAreRows: cellsInRows };
          const spill = await readSlot({ ...source, features: own }, {}, scarce);
          await expectSameInPieces(spill, whole, step);
          spill.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(openSpills()).toEqual([]);
  });
});

/** Fields that mean something: plain, signed and small numbers, exponents, blanks around, and what float32 rounds. */
const field = fc.oneof(
  { weight: 4, arbitrary: fc.constant('0') },
  fc.nat(10_000).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String),
  fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value.toFixed(4)),
  fc.constantFrom('-0', '0.0', '.5', '7.', '+3', '1e-3', '2E4', ' 8', '000123', '123456789012345678', '1e-60', '"9"'),
);

const table = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([rows, columns]) =>
  fc.record({
    numbers: fc.array(fc.array(field, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
    text: fc.boolean(),
    windows: fc.boolean(),
    packed: fc.boolean(),
    mark: fc.boolean(),
  }),
);

describe('a table', () => {
  test('is the same read at once, row by row where it lies, and turned over with hardly any memory', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (given, step) => {
        const columns = given.numbers[0]!.map((_, j) => `column_${j}`);
        const lines = [
          ['', ...(given.text ? ['cluster'] : []), ...columns],
          ...given.numbers.map((row, i) => [
            i % 3 === 0 ? `"row, ${i}"` : `row_${i}`,
            ...(given.text ? [`k${i % 2}`] : []),
            ...row,
          ]),
        ];
        const text = lines.map((line) => line.join(',')).join(given.windows ? '\r\n' : '\n');
        const bytes = Buffer.from((given.mark ? '\ufeff' : '') + text);
        const path = join(newFolder(), given.packed ? 'table.csv.gz' : 'table.csv');
        writeFileSync(path, given.packed ? gzipSync(bytes) : bytes);

        const layout = await csvLayout(path);
        const file = await openCsv(path, { transpose: !layout.cellsInRows });
        expect(file.cellsInRows).toBe(true);
        const cells = await file.readCells(file.slots[0]!);
        const whole = await file.readRows(file.slots[0]!, 0, file.slots[0]!.cells);
        const want = given.numbers.map((row) => row.map((f) => Math.fround(Number(f.replaceAll('"', '')))));
        expect(denseOf(whole).map((row) => row.map((v) => v + 0))).toEqual(want.map((row) => row.map((v) => v + 0)));

        const parser = new RowParser(path, layout, 'cell');
        const named = await readRowNames(path, layout, parser, {});
        expect([named.names, named.columns, named.extent]).toEqual([cells.ids, cells.columns, file.extent]);
        const cursor = new RowCursor(path, layout, parser, named.places);
        await expectSameInPieces({ rows: whole.rows, read: (a, b) => cursor.read(a, b) }, whole, step);
        cursor.close();

        const turned = await openCsv(path, { transpose: layout.cellsInRows });
        const [slot] = turned.slots;
        const upright = await turned.readRows(slot!, 0, columns.length);
        expect([slot!.cells, slot!.features]).toEqual([columns.length, given.numbers.length]);
        const spill = await turnTable(path, layout, parser, given.numbers.length, {}, scarce);
        expect(spill.read(0, columns.length)).toEqual(upright);
        await expectSameInPieces(spill, upright, step);
        spill.close();
        const extent = { read: whole.rows, estimated: whole.rows, complete: true };
        const sample = await sampleTable(path, layout, parser, extent, { count: 50, budgetMs: 1000 });
        expect(sample).toEqual({ matrix: upright, wholeRows: true });
      }),
      { numRuns: 40 },
    );
    expect(openSpills()).toEqual([]);
  });
});

/** 8-digit numbers without order; every tenth is 0. */
const digits = Array.from({ length: 9973 }, (_, i) => (i % 10 === 0 ? '0' : String(10_000_000 + i * 7919)));
const at = (row: number, column: number): string =>
  digits[(Math.imul(row * 4001 + column, 2_654_435_761) >>> 8) % 9973]!;
const value = (row: number, column: number): number => Math.fround(Number(at(row, column)));

/** A table of 37 MB (packed 8 MB), too large to be read whole: 3 600 rows of a name, a text and 1 200 numbers. */
function largeTable(rowName: (row: number) => string, columnName: (column: number) => string, packed: boolean) {
  const [rows, columns] = [3600, 1200];
  const lines = [['', 'batch', ...Array.from({ length: columns }, (_, j) => columnName(j))].join(',')];
  for (let row = 0; row < rows; row++) {
    let line = `${rowName(row)},b${row % 3}`;
    for (let column = 0; column < columns; column++) line += `,${at(row, column)}`;
    lines.push(line);
  }
  const path = join(newFolder(), packed ? 'large.csv.gz' : 'large.csv');
  writeFileSync(path, packed ? gzipSync(lines.join('\n'), { level: 1 }) : lines.join('\n'));
  return { path, rows, columns };
}

const gene = (i: number): string => `ENSG${String(i).padStart(11, '0')}`;
const cell = (i: number): string => `cell_${i}`;

describe('a large table', () => {
  test.each([false, true])(
    'of cells × genes is opened by its first lines and read where it lies (gzip: %s)',
    async (packed) => {
      const { path, rows, columns } = largeTable(cell, gene, packed);
      const file = await openCsv(path);
      const [slot] = file.slots;
      expect([file.cellsInRows, file.extent.complete, slot!.features]).toEqual([true, false, columns]);
      expect(file.extent.read).toBeLessThan(1000);
      expect(Math.abs(slot!.cells / rows - 1)).toBeLessThan(0.1); // an estimate as yet
      const { ids, columns: texts } = await file.readCells(slot!);
      expect([ids.length, ids.at(-1), slot!.cells]).toEqual([rows, cell(rows - 1), rows]);
      expect(texts.get('batch')).toMatchObject({ kind: 'categories', categories: ['b0', 'b1', 'b2'] });
      const expectRows = async (from: number, to: number): Promise<void> => {
        const dense = denseOf(await file.readRows(slot!, from, to));
        dense.forEach((row, i) => expect(row).toEqual(row.map((_, j) => value(from + i, j))));
      };
      for (const [from, to] of [
        [1500, 1505],
        [1505, 1510],
        [0, 3],
        [3597, 3600],
        [1024, 1025],
        [1023, 1024],
      ]) {
        await expectRows(from!, to!);
      }
      await expect(file.readRows(slot!, 3599, 3601)).rejects.toThrow(RangeError);
      const sample = await file.sampleRows(slot!, 100, 10_000);
      if (packed) expect([sample!.wholeRows, sample!.matrix.rows]).toEqual([true, 100]);
      else expect(sample).toBeNull();
      file.close();

      const looked = await inspectStudy({ path, repairs: [] });
      expect([looked.values.kind, looked.features, looked.sizeEstimated ? 0 : looked.cells]).toEqual([
        'counts',
        columns,
        looked.sizeEstimated ? 0 : rows,
      ]);
    },
  );

  test('of genes × cells is turned over when its cells are read, and stops when it is told to', async () => {
    const { path, rows, columns } = largeTable(gene, cell, false);
    const file = await openCsv(path);
    const [slot] = file.slots;
    expect([file.cellsInRows, slot!.cells]).toEqual([false, columns]);
    const signal = { aborted: false };
    const stopped = file.prepareRows(slot!, { signal, progress: (fraction) => (signal.aborted = fraction > 0.3) });
    await expect(stopped).rejects.toThrow(Cancelled);
    expect(openSpills()).toEqual([]);
    const told: number[] = [];
    await file.prepareRows(slot!, { progress: (fraction) => told.push(fraction) });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    const dense = denseOf(await file.readRows(slot!, 700, 702));
    dense.forEach((row, i) => expect(row).toEqual(row.map((_, j) => value(j, 700 + i))));
    expect((await file.readFeatures(slot!)).ids).toHaveLength(rows);
    file.close();

    told.length = 0; // names, turning over and reading are one rising line
    await readStudy({ path, repairs: [] }, { progress: (fraction) => told.push(fraction) });
    expect([told[0]! < 0.1, told.at(-1)]).toEqual([true, 1]);
    expect(told).toEqual([...told].sort((a, b) => a - b));

    const looked = await openCsv(path, { budgetMs: 0 });
    await looked.readFeatures(looked.slots[0]!);
    expect([looked.extent.complete, looked.extent.read < rows]).toEqual([false, true]);
    const sample = (await looked.sampleRows(looked.slots[0]!, 100, 0))!;
    expect([sample.wholeRows, sample.matrix.rows]).toEqual([false, 100]);
    expect(sample.seen).toBeGreaterThan(0);
    expect(sample.seen).toBeLessThan(0.1);
    expect(denseOf(sample.matrix).map((row) => row[0])).toEqual(range(100).map((i) => value(0, 12 * i)));
    looked.close();
  });

  test('is refused with the line where that line is read', async () => {
    const { path } = largeTable(cell, gene, false);
    appendFileSync(path, `\ncell_3600,b1${',7'.repeat(1199)},x\ncell_3601,b1,1\n`);
    const file = await openCsv(path);
    const [slot] = file.slots;
    expect((await file.readCells(slot!)).ids).toHaveLength(3602);
    await expect(file.readRows(slot!, 3600, 3601)).rejects.toMatchObject({
      code: 'reading.csv-not-a-number',
      details: { line: 3602, column: gene(1199), found: '"x"' },
    });
    await expect(file.readRows(slot!, 3601, 3602)).rejects.toMatchObject({ code: 'reading.csv-ragged' });
    expect((await file.readRows(slot!, 3599, 3600)).rows).toBe(1);
    file.close();
    await expect(readStudy({ path, repairs: [] })).rejects.toMatchObject({ code: 'reading.csv-not-a-number' });
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function byColumns(cells: number, lines: { cell: number; value: number }[][]): Promise<string> {
  const flat = lines.flat();
  let sum = 0;
  return anndata(cells, lines.length, {
    data: Float32Array.from(flat, ({ value }) => value / 8),
    indices: Int32Array.from(flat, ({ cell }) => cell),
    indptr: Int32Array.of(0, ...lines.map((line) => (sum += line.length))),
  });
}

function anndata(
  cells: number,
  genes: number,
  parts: { data: Float32Array; indices: Int32Array; indptr: Int32Array },
): Promise<string> {
  return writeHdf5(join(newFolder(), 'columns.h5ad'), (root) => {
    tag(root, 'anndata', '0.1.0');
    frame(root, 'obs', names('c', cells).trim().split('\n'));
    frame(root, 'var', names('g', genes).trim().split('\n'));
    sparse(root, 'X', { ...parts, shape: [cells, genes] }, 'csc_matrix');
  });
}

function names(stem: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${stem}${i}\n`).join('');
}
