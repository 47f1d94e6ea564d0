import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Column } from '#core/data/column';
import type { CellEmbedding, StudyInMemory } from '#core/data/study';
import { openH5ad } from '#formats/h5ad/open-h5ad';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import { frame, sparse, tag, writeHdf5 } from '../support/hdf5-writer.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const folder = temporaryFolders();
const python = process.env['PYTHON'] ?? 'python3';
const hasAnndata = spawnSync(python, ['-c', 'import anndata'], { stdio: 'ignore' }).status === 0;

/** A file with three cells, two genes, a column and an embedding. */
function source(): Promise<string> {
  return writeHdf5(join(folder(), 'mine.h5ad'), (root) => {
    tag(root, 'anndata', '0.1.0');
    frame(root, 'obs', ['a', 'b', 'c'], { label: ['x', 'y', 'z'] });
    frame(root, 'var', ['g1', 'g2']);
    sparse(root, 'X', {
      data: Float32Array.of(1, 2, 3),
      indices: Int32Array.of(0, 1, 0),
      indptr: Int32Array.of(0, 1, 2, 3),
      shape: [3, 2],
    });
    root.create_group('obsm').create_dataset({ name: 'X_umap', data: new Float32Array(6), shape: [3, 2] });
    const uns = root.create_group('uns');
    tag(uns, 'dict', '0.1.0');
    tag(uns.create_dataset({ name: 'kept', data: Float64Array.of(42) }), 'array', '0.2.0');
  });
}

/** One column of each kind and an embedding, for `cells` cells. */
function additions(cells: number): { columns: Map<string, Column>; embeddings: Map<string, CellEmbedding> } {
  const each = <T>(value: (cell: number) => T): T[] => Array.from({ length: cells }, (_, cell) => value(cell));
  return {
    columns: new Map<string, Column>([
      [
        'label',
        {
          kind: 'categories',
          codes: Int32Array.from(each((cell) => (cell % 3) - 1)),
          categories: ['T cell', 'β'],
          ordered: true,
        },
      ],
      ['confidence', { kind: 'number', values: Float64Array.from(each((cell) => (cell === 1 ? NaN : cell / 4))) }],
      ['note', { kind: 'text', values: each((cell) => `n${cell}`) }],
      ['gap', { kind: 'text', values: each((cell) => (cell === 0 ? null : 'here')) }],
      ['known', { kind: 'boolean', values: Uint8Array.from(each((cell) => cell % 3)) }],
    ]),
    embeddings: new Map([
      ['X_umap', { width: 2, values: Float32Array.from(each((cell) => [cell, cell + 0.5]).flat()) }],
    ]),
  };
}

const texts = {
  label: [null, 'T cell', 'β'],
  note: ['n0', 'n1', 'n2'],
  gap: [null, 'here', 'here'],
  known: ['False', 'True', null],
};

async function studyOf(path: string): Promise<StudyInMemory> {
  const file = await openH5ad(path);
  const slot = file.slots[0]!;
  const study: StudyInMemory = {
    name: 'study',
    modality: 'rna',
    valueKind: 'counts',
    species: 'human',
    cells: await file.readCells(slot),
    features: await file.readFeatures(slot),
    matrix: await file.readRows(slot, 0, slot.cells),
    embeddings: await file.readEmbeddings(slot),
  };
  file.close();
  return study;
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a copy of the user’s file', () => {
  it('holds everything that was in it and the additions under free names; the file itself is untouched', async () => {
    const own = await source();
    const before = hashOf(own);
    const target = join(folder(), 'annotated.h5ad');
    const written = await writeAnnotatedH5ad({ source: own, target, study: await studyOf(own), ...additions(3) });
    expect(written.form).toBe('copy');
    expect(written.columns.get('label')).toBe('label_1');
    expect(written.columns.get('note')).toBe('note');
    expect(written.embeddings.get('X_umap')).toBe('X_umap_1');
    expect(hashOf(own)).toBe(before);
    const study = await studyOf(target);
    expect(study.matrix).toEqual((await studyOf(own)).matrix);
    const { label, label_1, confidence, known } = Object.fromEntries(study.cells.columns);
    expect(label).toEqual({ kind: 'text', values: ['x', 'y', 'z'] });
    expect(label_1).toEqual({
      kind: 'categories',
      codes: Int32Array.of(-1, 0, 1),
      categories: ['T cell', 'β'],
      ordered: true,
    });
    expect(confidence).toEqual({ kind: 'number', values: Float64Array.of(0, NaN, 0.5) });
    expect(known).toEqual({
      kind: 'categories',
      codes: Int32Array.of(0, 1, -1),
      categories: ['False', 'True'],
      ordered: false,
    });
    expect(study.embeddings.get('X_umap_1')).toEqual({ width: 2, values: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5) });
    expect(study.embeddings.has('X_umap')).toBe(true);
    expect(readFileSync(target).includes('kept')).toBe(true);
  });

  it('can be written a second time over the first, with numbers that go on', async () => {
    const own = await source();
    const [first, second] = [join(folder(), 'first.h5ad'), join(folder(), 'second.h5ad')];
    await writeAnnotatedH5ad({ source: own, target: first, study: await studyOf(own), ...additions(3) });
    const again = await writeAnnotatedH5ad({
      source: first,
      target: second,
      study: await studyOf(first),
      ...additions(3),
    });
    expect(again.columns.get('label')).toBe('label_2');
    await writeAnnotatedH5ad({ source: own, target: second, study: await studyOf(own), ...additions(3) });
    expect((await studyOf(second)).cells.columns.has('label_2')).toBe(false);
  });

  it('is refused where it would overwrite the file itself, by whatever name', async () => {
    const own = await source();
    const study = await studyOf(own);
    const [hard, soft] = [join(own, '..', 'hard.h5ad'), join(own, '..', 'soft.h5ad')];
    linkSync(own, hard);
    symlinkSync(own, soft);
    for (const target of [own, hard, soft]) {
      const writing = writeAnnotatedH5ad({ source: own, target, study, ...additions(3) });
      await expect(writing).rejects.toMatchObject({ code: 'writing.would-overwrite-source' });
    }
  });
});

describe('the study itself', () => {
  it('is written where its cells are not those of the file, in number or in order', async () => {
    const own = await source();
    const study = await studyOf(own);
    const target = join(folder(), 'fresh.h5ad');
    const reordered = { ...study, cells: { ...study.cells, ids: ['c', 'b', 'a'] } };
    const written = await writeAnnotatedH5ad({ source: own, target, study: reordered, ...additions(3) });
    expect([written.form, written.columns.get('label')]).toEqual(['fresh', 'label_1']);
    const read = await studyOf(target);
    expect([read.cells.ids, read.features.ids]).toEqual([
      ['c', 'b', 'a'],
      ['g1', 'g2'],
    ]);
    expect(read.matrix).toEqual(study.matrix);
    expect([...read.embeddings.keys()]).toEqual(['X_umap', 'X_umap_1']);
  });

  it('keeps symbols beside ids, and names free of slashes', async () => {
    const base = await studyOf(await source());
    const column: Column = { kind: 'number', values: Float64Array.of(1, 2) };
    const study: StudyInMemory = {
      ...base,
      features: {
        ids: ['ENSG00000000001', 'ENSG00000000002'],
        names: ['CD3D', 'MS4A1'],
        idType: 'ensembl',
        columns: new Map([
          ['mean/all', column],
          ['_index', column],
        ]),
      },
    };
    const target = join(folder(), 'symbols.h5ad');
    const columns = new Map<string, Column>([['a/b', { kind: 'number', values: Float64Array.of(1, 2, 3) }]]);
    const written = await writeAnnotatedH5ad({ source: null, target, study, columns, embeddings: new Map() });
    expect(written.columns.get('a/b')).toBe('a_b');
    const { features, cells } = await studyOf(target);
    expect(features.names).toEqual(['CD3D', 'MS4A1']);
    expect([...features.columns.keys()]).toEqual(['mean_all', 'feature_name']);
    expect(cells.columns.get('a_b')).toEqual({ kind: 'number', values: Float64Array.of(1, 2, 3) });
  });

  it('comes back as it was, also when it is longer than one block of the writer', async () => {
    const [rows, perRow] = [5000, 1000];
    const study: StudyInMemory = {
      ...(await studyOf(await source())),
      cells: { ids: Array.from({ length: rows }, (_, row) => `cell${row}`), columns: new Map() },
      features: {
        ids: Array.from({ length: perRow }, (_, j) => `g${j}`),
        names: [],
        idType: 'symbol',
        columns: new Map(),
      },
      matrix: {
        rows,
        columns: perRow,
        indptr: Float64Array.from({ length: rows + 1 }, (_, row) => row * perRow),
        indices: Uint32Array.from({ length: rows * perRow }, (_, p) => p % perRow),
        values: Float32Array.from({ length: rows * perRow }, (_, p) => (p % 7) + 1),
      },
      embeddings: new Map(),
    };
    const target = join(folder(), 'long.h5ad');
    const named = { ...study, features: { ...study.features, names: study.features.ids } };
    await writeAnnotatedH5ad({ source: null, target, study: named, columns: new Map(), embeddings: new Map() });
    const { matrix } = await studyOf(target);
    expect(Buffer.from(matrix.values.buffer).equals(Buffer.from(study.matrix.values.buffer))).toBe(true);
    expect(Buffer.from(matrix.indices.buffer).equals(Buffer.from(study.matrix.indices.buffer))).toBe(true);
    expect(matrix.indptr).toEqual(study.matrix.indptr);
  });

  it('without a single cell is a file without cells', async () => {
    const study: StudyInMemory = {
      ...(await studyOf(await source())),
      cells: { ids: [], columns: new Map() },
      matrix: {
        rows: 0,
        columns: 2,
        indptr: new Float64Array(1),
        indices: new Uint32Array(0),
        values: new Float32Array(0),
      },
      embeddings: new Map(),
    };
    const target = join(folder(), 'none.h5ad');
    await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
    const read = await studyOf(target);
    expect([read.cells.ids, read.matrix.rows, read.features.ids]).toEqual([[], 0, ['g1', 'g2']]);
  });
});

describe('writing that fails', () => {
  it('says which file and why, and leaves nothing behind', async () => {
    const own = await source();
    const study = await studyOf(own);
    for (const from of [own, null]) {
      const target = join(own, '..', 'nowhere', 'out.h5ad');
      const error: unknown = await writeAnnotatedH5ad({ source: from, target, study, ...additions(3) }).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({ code: 'writing.failed', details: { path: target } });
    }
    const wrong = writeAnnotatedH5ad({ source: own, target: join(own, '..', 'o.h5ad'), study, ...additions(2) });
    await expect(wrong).rejects.toThrow(RangeError);
    expect(readdirSync(join(own, '..'))).toEqual(['mine.h5ad']);
  });
});

describe.skipIf(!hasAnndata)('Python’s anndata opens what was written', () => {
  it('as a copy and as the study', async () => {
    const own = await source();
    const study = await studyOf(own);
    for (const from of [own, null]) {
      const target = join(folder(), 'for-python.h5ad');
      await writeAnnotatedH5ad({ source: from, target, study, ...additions(3) });
      const seen = seenByPython(target);
      expect(seen).toMatchObject({ cells: 3, features: 2, total: 6, obs_names: ['a', 'b', 'c'] });
      expect(seen.obs).toMatchObject({
        label: ['x', 'y', 'z'],
        label_1: texts.label,
        note: texts.note,
        gap: texts.gap,
        known: texts.known,
      });
      expect(seen.obs['confidence']).toEqual(['0.0', null, '0.5']);
      expect(seen.dtypes).toMatchObject({ label_1: 'category', confidence: 'float64', known: 'category' });
      expect(seen.obsm['X_umap_1']).toEqual({ shape: [3, 2], first: [0, 0.5] });
    }
  });

  const eras = [
    'anndata_0.5_pbmc68k',
    'anndata_0.7.0',
    'anndata_0.7.8',
    'anndata_0.10_csr_mini',
    'anndataR_example',
    'krumsiek11_nullable',
    'squidpy_visium',
  ];
  it.skipIf(!hasSharedData).each(eras)('in the encoding of %s', async (name) => {
    const own = join(folder(), 'mine.h5ad');
    copyFileSync(sharedData(`readers/h5ad/${name}.h5ad`), own);
    const study = await studyOf(own);
    const target = join(folder(), 'annotated.h5ad');
    const written = await writeAnnotatedH5ad({ source: own, target, study, ...additions(study.cells.ids.length) });
    expect(written.form).toBe(name === 'anndata_0.5_pbmc68k' ? 'fresh' : 'copy');
    const seen = seenByPython(target);
    expect(seen.cells).toBe(study.cells.ids.length);
    expect(seen.total).toBeCloseTo(
      study.matrix.values.reduce((sum, value) => sum + value, 0),
      2,
    );
    for (const column of study.cells.columns.keys()) expect(Object.keys(seen.obs)).toContain(column);
    for (const column of ['label', 'note', 'gap', 'known'] as const) {
      expect(seen.obs[written.columns.get(column)!]!.slice(0, 3)).toEqual(texts[column]);
    }
    expect(seen.obsm[written.embeddings.get('X_umap')!]).toEqual({ shape: [seen.cells, 2], first: [0, 0.5] });
  });
});

interface SeenByPython {
  readonly cells: number;
  readonly features: number;
  readonly total: number;
  readonly obs_names: readonly string[];
  readonly obs: Readonly<Record<string, readonly (string | null)[]>>;
  readonly dtypes: Readonly<Record<string, string>>;
  readonly obsm: Readonly<Record<string, { readonly shape: readonly number[]; readonly first: readonly number[] }>>;
}

function seenByPython(path: string): SeenByPython {
  const script = fileURLToPath(new URL('../reference/open_h5ad.py', import.meta.url));
  return JSON.parse(execFileSync(python, [script, path], { encoding: 'utf8' })) as SeenByPython;
}
