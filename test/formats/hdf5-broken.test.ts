import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/base/app-error';
import type { StudyFile } from '#formats/study-file';
import { hdf5Kind, looksLikeHdf5 } from '#formats/hdf5/hdf5-kind';
import { openH5ad } from '#formats/h5ad/open-h5ad';
import { openH5mu } from '#formats/h5mu/open-h5mu';
import { openLoom } from '#formats/loom/open-loom';
import { openTenxH5 } from '#formats/tenx-h5/open-tenx-h5';
import { frame, sparse, tag, texts, writeHdf5 } from '../support/hdf5-writer.ts';
import type { Hdf5Root, SparseParts } from '../support/hdf5-writer.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const folder = temporaryFolders();
const cells = ['c0', 'c1', 'c2'];
const genes = ['g0', 'g1', 'g2', 'g3'];

/** [[0, 2, 0, 1], [0, 0, 0, 0], [3, 0, 4, 0]] */
const good: SparseParts = {
  data: Float32Array.of(2, 1, 3, 4),
  indices: Int32Array.of(1, 3, 0, 2),
  indptr: Int32Array.of(0, 2, 2, 4),
  shape: [3, 4],
};
const goodRows = {
  rows: 3,
  columns: 4,
  indptr: Float64Array.of(0, 2, 2, 4),
  indices: Uint32Array.of(1, 3, 0, 2),
  values: Float32Array.of(2, 1, 3, 4),
};

describe('a broken AnnData file is refused with the place and the remedy', () => {
  const bad: [what: string, parts: Partial<SparseParts>, code: string, place: string][] = [
    ['an index too large', { indices: Int32Array.of(1, 4, 0, 2) }, 'reading.index-out-of-range', 'X/indices'],
    ['a negative index', { indices: Int32Array.of(1, 3, -1, 2) }, 'reading.index-out-of-range', 'X/indices'],
    ['a falling row pointer', { indptr: Int32Array.of(0, 3, 2, 4) }, 'reading.row-pointer-broken', 'X/indptr'],
    ['a row pointer that starts late', { indptr: Int32Array.of(1, 2, 2, 4) }, 'reading.row-pointer-broken', 'X/indptr'],
    ['a row pointer past the end', { indptr: Int32Array.of(0, 2, 2, 5) }, 'reading.row-pointer-broken', 'X/indptr'],
    ['values nobody points to', { indptr: Int32Array.of(0, 2, 2, 3) }, 'reading.row-pointer-broken', 'X/indptr'],
    ['a row pointer too short', { indptr: Int32Array.of(0, 2, 4) }, 'reading.wrong-shape', 'X/indptr'],
    ['fewer values than indices', { data: Float32Array.of(2, 1, 3) }, 'reading.wrong-shape', 'X/data'],
    ['another shape than the tables', { shape: [4, 4] }, 'reading.wrong-shape', 'X'],
    ['text where numbers belong', { data: ['2', '1', '3', 'four'] }, 'reading.wrong-type', 'X/data'],
    ['a missing value', { data: Float32Array.of(2, 1, NaN, 4) }, 'reading.value-not-finite', 'X'],
    ['an infinite value', { data: Float32Array.of(2, 1, 3, Infinity) }, 'reading.value-not-finite', 'X'],
    ['a value too large for float32', { data: Float64Array.of(2, 1, 3, 1e300) }, 'reading.value-not-finite', 'X'],
  ];
  it.each(bad)('%s', async (_what, parts, code, place) => {
    const path = await anndata((root) => sparse(root, 'X', { ...good, ...parts }));
    const error = await refusalOf(() => readAll(path));
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject({ file: 'study.h5ad', place });
    expect(error.message).toContain('study.h5ad');
  });

  it.each(bad.filter(([, parts]) => parts.shape === undefined))(
    '%s, in a matrix stored by columns',
    async (_what, parts, code, place) => {
      // The transpose of the same matrix: four cells, three genes.
      const path = await anndata(
        (root) => sparse(root, 'X', { ...good, ...parts, shape: [4, 3] }, 'csc_matrix'),
        genes,
        cells,
      );
      expect(await refusalOf(() => readAll(path))).toMatchObject({ code, details: { place } });
    },
  );

  it('names row and column of a value that is not finite', async () => {
    const path = await anndata((root) => sparse(root, 'X', { ...good, data: Float32Array.of(2, 1, 3, NaN) }));
    expect((await refusalOf(() => readAll(path))).details).toMatchObject({ row: 2, column: 2 });
    const dense = await anndata((root) => {
      root.create_dataset({ name: 'X', data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NaN), shape: [3, 4] });
    });
    expect((await refusalOf(() => readAll(dense))).details).toMatchObject({ row: 2, column: 3 });
  });

  it('a table of cells with another number of rows than the matrix', async () => {
    const path = await anndata((root) => sparse(root, 'X', good), ['c0', 'c1']);
    expect(await refusalOf(() => openH5ad(path))).toMatchObject({
      code: 'reading.wrong-shape',
      details: { place: 'X' },
    });
    const dense = await anndata((root) =>
      root.create_dataset({ name: 'X', data: new Float32Array(12), shape: [4, 3] }),
    );
    expect(await refusalOf(() => openH5ad(dense))).toMatchObject({ code: 'reading.wrong-shape' });
  });

  it('a dense matrix of texts, a matrix in no known form, a matrix without its parts', async () => {
    const words = await anndata((root) => texts(root, 'X', ['a', 'b']));
    expect(await refusalOf(() => openH5ad(words))).toMatchObject({
      code: 'reading.wrong-type',
      details: { place: 'X' },
    });
    const odd = await anndata((root) => sparse(root, 'X', good, 'coo_matrix'));
    expect(await refusalOf(() => openH5ad(odd))).toMatchObject({ code: 'reading.wrong-type' });
    const empty = await anndata((root) => tag(root.create_group('X'), 'csr_matrix', '0.1.0'));
    expect(await refusalOf(() => openH5ad(empty))).toMatchObject({
      code: 'reading.part-missing',
      details: { place: 'X/indptr' },
    });
  });

  it('a file whose tables are missing', async () => {
    const path = await writeHdf5(join(folder(), 'study.h5ad'), (root) => {
      tag(root, 'anndata', '0.1.0');
      sparse(root, 'X', good);
    });
    expect(await refusalOf(() => openH5ad(path))).toMatchObject({
      code: 'reading.part-missing',
      details: { place: 'obs' },
    });
  });
});

describe('a file that is not whole', () => {
  it('cut off at any place is refused when it is opened', async () => {
    const bytes = readFileSync(await anndata((root) => sparse(root, 'X', good)));
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const path = join(folder(), 'cut.h5ad');
      const kept = Math.floor(bytes.length * share);
      writeFileSync(path, bytes.subarray(0, kept));
      const error = await refusalOf(() => openH5ad(path));
      expect(error.code).toBe('reading.hdf5-truncated');
      expect(error.details).toEqual({ file: 'cut.h5ad', bytes: kept, expectedBytes: bytes.length });
    }
  });

  it('is said to be no HDF5, too short, or not there', async () => {
    const path = join(folder(), 'table.h5ad');
    writeFileSync(path, 'cell,label\nc0,B\n'.repeat(100));
    expect(await looksLikeHdf5(path)).toBe(false);
    expect(await refusalOf(() => openH5ad(path))).toMatchObject({ code: 'reading.hdf5-not-hdf5' });
    writeFileSync(path, '');
    expect(await refusalOf(() => hdf5Kind(path))).toMatchObject({ code: 'reading.hdf5-truncated' });
    expect(await refusalOf(() => openLoom(`${path}.gone`))).toMatchObject({ code: 'reading.no-such-file' });
    expect(await refusalOf(() => openH5ad(folder()))).toMatchObject({ code: 'reading.hdf5-not-hdf5' });
  });

  it('with rubbish behind the signature is damaged', async () => {
    const bytes = readFileSync(await anndata((root) => sparse(root, 'X', good)));
    const path = join(folder(), 'rubbish.h5ad');
    writeFileSync(
      path,
      Uint8Array.from(bytes, (byte, i) => (i < 8 || i > 200 ? byte : 0xa5)),
    );
    expect(await refusalOf(() => openH5ad(path))).toMatchObject({ code: 'reading.hdf5-damaged' });
  });

  it('with a damaged block of values is refused where it is read', async () => {
    const path = await anndata((root) => {
      const data = Float32Array.from({ length: 12 }, (_, i) => i);
      root.create_dataset({ name: 'X', data, shape: [3, 4], chunks: [3, 4], compression: 6 });
    });
    const bytes = readFileSync(path);
    const zlibStream = bytes.indexOf(Uint8Array.of(0x78, 0x9c));
    expect(zlibStream).toBeGreaterThan(0);
    writeFileSync(path, bytes.fill(0xff, zlibStream, zlibStream + 8));
    const error = await refusalOf(() => readAll(path));
    expect(error).toMatchObject({ code: 'reading.part-unreadable', details: { place: 'X' } });
    expect(error.message).not.toMatch(/HDF5-DIAG|\n|\.c line/);
  });

  it('in a compression that is not at hand names the compression and the way out', async () => {
    const path = fileURLToPath(new URL('../fixtures/formats/compressed.h5ad', import.meta.url));
    const error = await refusalOf(() => readAll(path));
    expect(error).toMatchObject({ code: 'reading.compression-unavailable', details: { place: 'X', filter: 'sz3' } });
    expect(error.remedy).toContain('gzip');
  });
});

describe('what is odd but whole is read', () => {
  it('wide row pointers and indices', async () => {
    const path = await anndata((root) =>
      sparse(root, 'X', {
        ...good,
        indptr: BigInt64Array.of(0n, 2n, 2n, 4n),
        indices: BigInt64Array.of(1n, 3n, 0n, 2n),
      }),
    );
    expect(await readAll(path)).toEqual(goodRows);
  });

  it('rows out of order are put in order; places named twice are added up', async () => {
    const unsorted = { ...good, data: Float32Array.of(1, 2, 4, 3), indices: Int32Array.of(3, 1, 2, 0) };
    expect(await readAll(await anndata((root) => sparse(root, 'X', unsorted)))).toEqual(goodRows);
    const twice: SparseParts = {
      data: Float32Array.of(0.5, 1, 1.5, 3, 4),
      indices: Int32Array.of(1, 3, 1, 0, 2),
      indptr: Int32Array.of(0, 3, 3, 5),
      shape: [3, 4],
    };
    expect(await readAll(await anndata((root) => sparse(root, 'X', twice)))).toEqual(goodRows);
    const byColumns: SparseParts = {
      data: Float32Array.of(3, 0.5, 1.5, 4, 1),
      indices: Int32Array.of(2, 0, 0, 2, 0),
      indptr: Int32Array.of(0, 1, 3, 4, 5),
      shape: [3, 4],
    };
    expect(await readAll(await anndata((root) => sparse(root, 'X', byColumns, 'csc_matrix')))).toEqual(goodRows);
  });

  it('an empty matrix: no cells, or no values', async () => {
    const none = {
      data: new Float32Array(0),
      indices: new Int32Array(0),
      indptr: Int32Array.of(0),
      shape: [0, 4] as [number, number],
    };
    const noCells = await readAll(await anndata((root) => sparse(root, 'X', none), []));
    expect([noCells.rows, noCells.values.length]).toEqual([0, 0]);
    const noValues = { ...none, indptr: Int32Array.of(0, 0, 0, 0), shape: [3, 4] as [number, number] };
    const empty = await readAll(await anndata((root) => sparse(root, 'X', noValues)));
    expect([empty.rows, empty.values.length]).toEqual([3, 0]);
    const turned = await readAll(
      await anndata((root) => sparse(root, 'X', { ...noValues, indptr: new Int32Array(5) }, 'csc_matrix')),
    );
    expect(turned).toEqual(empty);
  });

  it('columns that cannot be read are skipped with the reason and the others are there', async () => {
    const path = await anndata((root) => {
      sparse(root, 'X', good);
      const obs = root.get('obs') as Hdf5Root;
      obs.create_dataset({ name: 'short', data: Float64Array.of(1, 2) });
      tag(obs.create_group('strange'), 'awkward-array', '0.1.0');
      const codes = obs.create_group('codes');
      tag(codes, 'categorical', '0.2.0');
      codes.create_dataset({ name: 'codes', data: Int8Array.of(0, 1, 2) });
      texts(codes, 'categories', ['a', 'b']);
      obs.delete_attribute('column-order');
      const order = ['short', 'strange', 'codes', 'gone', 'fine'];
      obs.create_attribute('column-order', order, [5], 'S');
      obs.create_dataset({ name: 'fine', data: Float64Array.of(1, NaN, 3) });
    });
    const file = await openH5ad(path);
    const table = await file.readCells(file.slots[0]!);
    expect([...table.columns]).toEqual([['fine', { kind: 'number', values: Float64Array.of(1, NaN, 3) }]]);
    expect(file.skipped.map((part) => part.place)).toEqual(['obs/short', 'obs/strange', 'obs/codes', 'obs/gone']);
    expect(file.skipped.map((part) => part.reason).join('\n')).toMatch(/2 rows[^]*awkward-array[^]*category number 2/);
    await file.readCells(file.slots[0]!);
    expect(file.skipped).toHaveLength(4);
    file.close();
  });

  it('a broken layer and a broken embedding are skipped, X stays', async () => {
    const path = await anndata((root) => {
      sparse(root, 'X', good);
      const layers = root.create_group('layers') as Hdf5Root;
      sparse(layers, 'wrong', { ...good, shape: [2, 4] });
      sparse(layers, 'right', good);
      const obsm = root.create_group('obsm');
      obsm.create_dataset({ name: 'X_pca', data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
      obsm.create_dataset({ name: 'X_nan', data: Float32Array.of(1, NaN, 3), shape: [3, 1] });
      obsm.create_dataset({ name: 'X_short', data: Float32Array.of(1, 2), shape: [2, 1] });
    });
    const file = await openH5ad(path);
    expect(file.slots.map((slot) => slot.id)).toEqual(['X', 'layers/right']);
    expect([...(await file.readEmbeddings(file.slots[0]!))]).toEqual([
      ['X_pca', { width: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ]);
    expect(file.skipped.map((part) => part.place)).toEqual(['layers/wrong', 'obsm/X_nan', 'obsm/X_short']);
    file.close();
  });

  it('repeated names are given as they are', async () => {
    const path = await anndata((root) => sparse(root, 'X', good), ['c0', 'c0', 'c2']);
    const file = await openH5ad(path);
    expect((await file.readCells(file.slots[0]!)).ids).toEqual(['c0', 'c0', 'c2']);
    file.close();
  });
});

describe('a file of another kind', () => {
  it('is refused by its name', async () => {
    const path = await anndata((root) => sparse(root, 'X', good));
    for (const open of [openLoom, openTenxH5, openH5mu]) {
      const error = await refusalOf(() => open(path));
      expect(error.code).toBe('reading.hdf5-other-kind');
      expect(error.message).toContain('AnnData');
    }
    const other = await writeHdf5(join(folder(), 'other.h5'), (root) => root.create_group('weather'));
    expect(await hdf5Kind(other)).toBe('unknown');
    expect(await refusalOf(() => openH5ad(other))).toMatchObject({ code: 'reading.hdf5-other-kind' });
  });

  it('molecule_info is named for what it is', async () => {
    const path = await writeHdf5(join(folder(), 'molecule_info.h5'), (root) => {
      for (const name of ['barcode_idx', 'feature_idx', 'umi', 'count'])
        root.create_dataset({ name, data: Int32Array.of(1, 2) });
      texts(root, 'barcodes', ['AAA', 'CCC']);
    });
    expect(await hdf5Kind(path)).toBe('molecule-info');
    for (const open of [openTenxH5, openH5ad]) {
      expect(await refusalOf(() => open(path))).toMatchObject({ code: 'reading.molecule-info' });
    }
  });
});

/** An AnnData file with the tables of `cells` and `genes` and whatever `build` adds. */
function anndata(build: (root: Hdf5Root) => unknown, obs = cells, variables = genes): Promise<string> {
  return writeHdf5(join(folder(), 'study.h5ad'), (root) => {
    tag(root, 'anndata', '0.1.0');
    frame(root, 'obs', obs);
    frame(root, 'var', variables);
    build(root);
  });
}

async function readAll(path: string) {
  let file: StudyFile | undefined;
  try {
    file = await openH5ad(path);
    return await file.readRows(file.slots[0]!, 0, file.slots[0]!.cells);
  } finally {
    file?.close();
  }
}

/** The catalogued error that stops the action; any other outcome fails the test. */
async function refusalOf(action: () => Promise<unknown>): Promise<AppError> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('it was read');
}
