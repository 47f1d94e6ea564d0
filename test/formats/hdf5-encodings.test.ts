import { fileURLToPath } from 'node:url';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnTexts } from '#core/data/column';
import { decodeText } from '#formats/hdf5/decode';
import { openH5ad } from '#formats/h5ad/open-h5ad';
import { openH5mu } from '#formats/h5mu/open-h5mu';
import { openLoom } from '#formats/loom/open-loom';
import { openTenxH5 } from '#formats/tenx-h5/open-tenx-h5';
import { frame, sparse, tag, textAttribute, writeHdf5 } from '../support/hdf5-writer.ts';
import type { Hdf5Root } from '../support/hdf5-writer.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

const folder = temporaryFolders();
// Written by test/reference/make_hdf5_fixtures.py with h5py, because h5wasm cannot write these forms.
const made = (name: string): string => fileURLToPath(new URL(`../fixtures/formats/${name}`, import.meta.url));
const rows = {
  rows: 4,
  columns: 3,
  indptr: Float64Array.of(0, 1, 3, 3, 5),
  indices: Uint32Array.of(1, 0, 2, 0, 2),
  values: Float32Array.of(2, 1, 3, 4, 5),
};

describe('AnnData 0.8 and later', () => {
  it('every form of column is read; what is too large, unknown or gone is skipped', async () => {
    const file = await openH5ad(made('encodings.h5ad'));
    const { ids, columns } = await file.readCells(file.slots[0]!);
    expect(ids).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(Object.fromEntries(columns)).toEqual({
      flag: { kind: 'boolean', values: Uint8Array.of(1, 0, 1, 0) },
      flag_na: { kind: 'boolean', values: Uint8Array.of(1, 0, 2, 0) },
      count_na: { kind: 'number', values: Float64Array.of(7, NaN, 9, 10) },
      name_na: { kind: 'text', values: ['α', '', 'β', null] },
      half: { kind: 'number', values: Float64Array.of(0.5, -2, 65504, NaN) },
      wide: { kind: 'number', values: Float64Array.of(0, 1, 2, 2 ** 53 - 1) },
      level: { kind: 'categories', codes: Int32Array.of(0, 1, 0, 1), categories: ['low', 'high'], ordered: false },
    });
    expect(file.skipped.map(({ place }) => place)).toEqual(['obs/huge', 'obs/when', 'obs/gone']);
    expect(file.skipped[0]!.reason).toContain(String(2n ** 60n));
    file.close();
  });

  it('lists packed with lzf, zstd and blosc, wide indices and big-endian values give the same rows; a null layer is none', async () => {
    const file = await openH5ad(made('encodings.h5ad'));
    expect(file.slots.map((slot) => [slot.id, slot.storage, slot.stored])).toEqual([
      ['X', 'csr', 5],
      ['layers/big_endian', 'dense', null],
    ]);
    for (const slot of file.slots) expect(await file.readRows(slot, 0, 4)).toEqual(rows);
    file.close();
  });

  it('the types of features declare what a matrix is, where all have the same known type', async () => {
    const declared = async (types: string[]): Promise<unknown> => {
      const path = await writeHdf5(join(folder(), 'typed.h5ad'), (root) => {
        tag(root, 'anndata', '0.1.0');
        frame(root, 'obs', ['c0']);
        frame(root, 'var', ['a', 'b'], { feature_types: types });
        root.create_dataset({ name: 'X', data: Float32Array.of(1, 2), shape: [1, 2] });
      });
      const file = await openH5ad(path);
      file.close();
      return file.slots[0]!.modality;
    };
    expect(await declared(['Peaks', 'Peaks'])).toBe('peaks');
    expect(await declared(['Gene Expression', 'Peaks'])).toBe(null);
    expect(await declared(['protein_coding', 'protein_coding'])).toBe(null);
  });
});

describe('the layout before AnnData 0.7', () => {
  it('tables of records behind a user block are read, with categories from uns', async () => {
    const file = await openH5ad(made('records.h5ad'));
    expect(file.dialect).toBe('AnnData layout before 0.7');
    const { ids, columns } = await file.readCells(file.slots[0]!);
    expect(ids).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(Object.fromEntries(columns)).toEqual({
      label: {
        kind: 'categories',
        codes: Int32Array.of(1, 0, -1, 1),
        categories: ['B cell', 'T cell'],
        ordered: false,
      },
      only: { kind: 'categories', codes: new Int32Array(4), categories: ['all'], ordered: false },
      score: { kind: 'number', values: Float64Array.of(0.5, 1.5, 2.5, 3.5) },
      note: { kind: 'text', values: ['a', '', 'é', 'd'] },
      ok: { kind: 'boolean', values: Uint8Array.of(1, 0, 1, 1) },
    });
    expect(file.skipped.map(({ place }) => place)).toEqual(['obs/back']);
    const embedding = (await file.readEmbeddings(file.slots[0]!)).get('X_pca');
    expect(embedding).toEqual({ width: 2, values: Float32Array.of(0, 0, 1, -1, 2, -2, 3, -3) });
    expect(file.slots.map((slot) => slot.id)).toEqual(['X', 'raw/X']);
    expect(await file.readRows(file.slots[1]!, 0, 4)).toEqual(rows);
    expect((await file.readRows(file.slots[0]!, 0, 1)).values).toEqual(Float32Array.of(-1, 1, -1));
    file.close();
  });
});

describe('Cell Ranger', () => {
  const matrix = (root: Hdf5Root, group: string, more: (group: Hdf5Root) => void): void => {
    const parts = {
      data: Float32Array.of(5, 1, 2, 7),
      indices: Int32Array.of(3, 0, 1, 2),
      indptr: Int32Array.of(0, 2, 4),
    };
    sparse(root, group, parts);
    const made = root.get(group) as Hdf5Root;
    made.create_dataset({ name: 'shape', data: Int32Array.of(4, 2) });
    made.create_dataset({ name: 'barcodes', data: ['AAA-1', 'CCC-1'], dtype: 'S5' });
    more(made);
  };

  it('features of several types in mixed order are split into a matrix each', async () => {
    const path = await writeHdf5(join(folder(), 'mixed.h5'), (root) =>
      matrix(root, 'matrix', (group) => {
        const features = group.create_group('features') as Hdf5Root;
        features.create_dataset({
          name: 'id',
          data: ['ENSG00000000001', 'CD3', 'ENSG00000000002', 'guide'],
          dtype: 'S',
        });
        features.create_dataset({ name: 'name', data: ['GENE1', 'CD3', '', 'guide'], dtype: 'S' });
        const types = ['Gene Expression', 'Antibody Capture', 'Gene Expression', 'CRISPR Guide Capture'];
        features.create_dataset({ name: 'feature_type', data: types, dtype: 'S' });
        features.create_dataset({ name: 'genome', data: ['GRCh38', '', 'GRCh38', ''], dtype: 'S' });
        features.create_dataset({ name: '_all_tag_keys', data: ['genome'], dtype: 'S' });
      }),
    );
    const file = await openTenxH5(path);
    expect(file.slots.map((slot) => [slot.id, slot.modality, slot.features])).toEqual([
      ['matrix (Gene Expression)', 'rna', 2],
      ['matrix (Antibody Capture)', 'protein', 1],
      ['matrix (CRISPR Guide Capture)', 'other', 1],
    ]);
    const [genes, protein] = file.slots;
    expect(await file.readRows(genes!, 0, 2)).toEqual({
      rows: 2,
      columns: 2,
      indptr: Float64Array.of(0, 1, 2),
      indices: Uint32Array.of(0, 1),
      values: Float32Array.of(1, 7),
    });
    expect((await file.readRows(protein!, 1, 2)).values).toEqual(Float32Array.of(2));
    const { ids, names, columns } = await file.readFeatures(genes!);
    expect([ids, names]).toEqual([
      ['ENSG00000000001', 'ENSG00000000002'],
      ['GENE1', 'ENSG00000000002'],
    ]);
    expect(columnTexts(columns.get('genome')!)).toEqual(['GRCh38', 'GRCh38']);
    expect((await file.readCells(genes!)).ids).toEqual(['AAA-1', 'CCC-1']);
    file.close();
  });

  it('versions 1 and 2: a matrix per genome', async () => {
    const path = await writeHdf5(join(folder(), 'two-genomes.h5'), (root) => {
      for (const genome of ['hg19', 'mm10']) {
        matrix(root, genome, (group) => {
          const prefix = genome === 'hg19' ? 'ENSG0000000000' : 'ENSMUSG0000000000';
          group.create_dataset({ name: 'genes', data: [1, 2, 3, 4].map((n) => `${prefix}${n}`), dtype: 'S' });
          group.create_dataset({ name: 'gene_names', data: ['A', 'B', 'C', 'D'], dtype: 'S' });
        });
      }
    });
    const file = await openTenxH5(path);
    expect(file.slots.map((slot) => slot.id)).toEqual(['hg19', 'mm10']);
    expect((await file.readFeatures(file.slots[1]!)).names).toEqual(['A', 'B', 'C', 'D']);
    expect((await file.readRows(file.slots[1]!, 0, 2)).indices).toEqual(Uint32Array.of(0, 3, 1, 2));
    file.close();
  });
});

describe('loom', () => {
  it('layers, columns and embeddings of the cells are read; the matrix is turned to cells × features', async () => {
    const path = await writeHdf5(join(folder(), 'small.loom'), (root) => {
      textAttribute(root, 'LOOM_SPEC_VERSION', '2.0.1');
      root.create_dataset({ name: 'matrix', data: Float32Array.of(0, 1, 2, 3, 0, 5), shape: [2, 3] });
      const layers = root.create_group('layers');
      layers.create_dataset({ name: 'spliced', data: Int32Array.of(1, 0, 0, 0, 0, 1), shape: [2, 3] });
      layers.create_dataset({ name: 'torn', data: Int32Array.of(1, 0), shape: [2, 1] });
      const cells = root.create_group('col_attrs') as Hdf5Root;
      cells.create_dataset({ name: 'CellID', data: ['x', 'y', 'z'], dtype: 'S' });
      cells.create_dataset({ name: 'ClusterName', data: ['B', 'T', 'B'], dtype: 'S' });
      cells.create_dataset({ name: 'umap', data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
      const genes = root.create_group('row_attrs') as Hdf5Root;
      genes.create_dataset({ name: 'Accession', data: ['ENSG00000000001', 'ENSG00000000002'], dtype: 'S' });
      genes.create_dataset({ name: 'Gene', data: ['CD3D', 'MS4A1'], dtype: 'S' });
    });
    const file = await openLoom(path);
    expect(file.slots.map((slot) => [slot.id, slot.cells, slot.features])).toEqual([
      ['matrix', 3, 2],
      ['layers/spliced', 3, 2],
    ]);
    expect(await file.readRows(file.slots[0]!, 1, 3)).toEqual({
      rows: 2,
      columns: 2,
      indptr: Float64Array.of(0, 1, 3),
      indices: Uint32Array.of(0, 0, 1),
      values: Float32Array.of(1, 2, 5),
    });
    const cells = await file.readCells(file.slots[0]!);
    expect([cells.ids, [...cells.columns.keys()]]).toEqual([['x', 'y', 'z'], ['ClusterName']]);
    const features = await file.readFeatures(file.slots[0]!);
    expect([features.ids, features.idType, [...features.columns.keys()]]).toEqual([
      ['CD3D', 'MS4A1'],
      'symbol',
      ['Accession'],
    ]);
    expect([...(await file.readEmbeddings(file.slots[0]!)).keys()]).toEqual(['umap']);
    expect(file.skipped.map(({ place }) => place)).toEqual(['layers/torn']);
    file.close();
  });
});

describe('text', () => {
  it('is read as UTF-8 where it is valid, else as Western text', () => {
    expect(decodeText(Buffer.from('Müller glia αβ', 'utf8'))).toBe('Müller glia αβ');
    expect(decodeText(Buffer.from('Müller glia', 'latin1'))).toBe('Müller glia');
    expect(decodeText(new Uint8Array(0))).toBe('');
  });
});

describe('MuData', () => {
  it('modalities by plain names; common columns and embeddings go to the cells that have them', async () => {
    const path = await writeHdf5(join(folder(), 'two.h5mu'), (root) => {
      tag(root, 'MuData', '0.1.0');
      frame(root, 'obs', ['a', 'b', 'c'], { label: ['B', 'T', 'NK'], 'rna:depth': Float64Array.of(1, 2, 3) });
      root.create_group('obsm').create_dataset({ name: 'X_wnn', data: Float32Array.of(1, 2, 3), shape: [3, 1] });
      const mod = root.create_group('mod') as Hdf5Root;
      mod.create_attribute('mod-order', ['rna', 'atac'], [2], 'S');
      for (const [name, cells] of [
        ['atac', ['c', 'a']],
        ['rna', ['a', 'b', 'c', 'd']],
      ] as const) {
        const group = mod.create_group(name) as Hdf5Root;
        tag(group, 'anndata', '0.1.0');
        const depth = Float64Array.from(cells, (_, i) => i);
        frame(group, 'obs', [...cells], name === 'rna' ? { depth } : {});
        frame(group, 'var', ['f1']);
        group.create_dataset({ name: 'X', data: Float32Array.from(cells, (_, i) => i + 1), shape: [cells.length, 1] });
      }
    });
    const file = await openH5mu(path);
    expect(file.slots.map((slot) => [slot.id, slot.modalityName, slot.modality])).toEqual([
      ['mod/rna/X', 'rna', 'rna'],
      ['mod/atac/X', 'atac', 'peaks'],
    ]);
    const [rna, atac] = file.slots;
    const columns = async (slot: typeof rna) =>
      Object.fromEntries(
        [...(await file.readCells(slot!)).columns].map(([name, column]) => [name, columnTexts(column)]),
      );
    expect(await columns(rna)).toEqual({ depth: ['0', '1', '2', '3'], label: ['B', 'T', 'NK', null] });
    expect(await columns(atac)).toEqual({ label: ['NK', 'B'], 'rna:depth': ['3', '1'] });
    expect([...(await file.readEmbeddings(rna!))]).toEqual([]);
    expect([...(await file.readEmbeddings(atac!))]).toEqual([['X_wnn', { width: 1, values: Float32Array.of(3, 1) }]]);
    file.close();
  });
});

describe('one process, many files', () => {
  it('a damaged file that is mended in its place is read as mended', async () => {
    const path = join(folder(), 'mended.h5ad');
    const whole = readFileSync(made('records.h5ad'));
    copyFileSync(made('records.h5ad'), path);
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, 1024, 4096);
    writeFileSync(path, damaged);
    await expect(openH5ad(path)).rejects.toThrow(/mended\.h5ad/);
    writeFileSync(path, whole);
    const file = await openH5ad(path);
    expect(await file.readRows(file.slots[1]!, 0, 4)).toEqual(rows);
    file.close();
  });

  it('a file that was closed says so', async () => {
    const file = await openH5ad(made('records.h5ad'));
    file.close();
    file.close();
    await expect(file.readRows(file.slots[0]!, 0, 1)).rejects.toThrow('is closed');
    await expect(file.readRows(file.slots[0]!, 3, 9)).rejects.toThrow(RangeError);
  });
});
