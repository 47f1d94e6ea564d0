import { describe, expect, it } from 'vitest';
import { columnTexts } from '#core/data/column';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { StudyFile } from '#formats/study-file';
import { hdf5Kind, looksLikeHdf5 } from '#formats/hdf5/hdf5-kind';
import { openH5ad } from '#formats/h5ad/open-h5ad';
import { openH5mu } from '#formats/h5mu/open-h5mu';
import { openLoom } from '#formats/loom/open-loom';
import { openTenxH5 } from '#formats/tenx-h5/open-tenx-h5';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

/** Numbers of labels and sums of all values were read with Python's anndata 0.12. */
const h5ad: [
  file: string,
  slot: string,
  cells: number,
  features: number,
  label: string | null,
  labels: number,
  total: number,
][] = [
  ['h5ad/anndata_0.5_pbmc68k', 'X', 700, 765, 'bulk_labels', 10, -243.681057988666],
  ['h5ad/anndata_0.5_pbmc68k', 'raw/X', 700, 765, 'louvain', 11, 319044.23824107647],
  ['h5ad/anndata_0.6.22_csr', 'X', 3, 5, null, 0, 15.0],
  ['h5ad/anndata_0.6.22_csr', 'layers/transpose', 3, 5, null, 0, 15.0],
  ['h5ad/anndata_0.7_csr_mini', 'X', 3, 5, null, 0, 15.0],
  ['h5ad/anndata_0.10_csr_mini', 'X', 3, 5, null, 0, 15.0],
  ['h5ad/anndata_0.10_csr_mini', 'layers/transpose', 3, 5, null, 0, 15.0],
  ['h5ad/anndata_0.7.0', 'X', 30, 20, 'obs_cat', 22, 285.0],
  ['h5ad/anndata_0.7.0', 'raw/X', 30, 40, 'obs_cat', 22, 627.0],
  ['h5ad/anndata_0.7.8', 'X', 30, 20, 'obs_cat', 21, 302.0],
  ['h5ad/anndataR_example', 'X', 50, 100, 'leiden', 6, 4791.224940657616],
  ['h5ad/anndataR_example', 'layers/csc_counts', 50, 100, 'leiden', 6, 9805.0],
  ['h5ad/cellxgene_valid', 'X', 2, 7, 'cell_type_ontology_term_id', 1, 50.5],
  ['h5ad/cellxgene_valid', 'raw/X', 2, 7, 'cell_type_ontology_term_id', 1, 49.0],
  ['h5ad/scirpy_wu2020', 'X', 200, 3000, null, 0, 170426.0],
  ['h5ad/squidpy_visium', 'X', 49, 1999, 'leiden', 5, 30129.566022634506],
  ['h5ad/zellkonverter_pbmc_dense', 'X', 200, 459, 'louvain', 6, 144277.42675578594],
  ['h5ad/zellkonverter_pbmc_dense', 'layers/counts', 200, 459, 'louvain', 6, 610126.0],
  ['h5ad/krumsiek11_dense', 'X', 640, 11, 'cell_type', 5, 2016.5208012731237],
  ['h5ad/krumsiek11_nullable', 'X', 640, 11, 'cell_type', 5, 2016.5208012731237],
  ['h5ad/multiome_rna_subset', 'X', 100, 200, 'celltype', 19, 3003.0],
  ['h5ad/multiome_atac_subset', 'X', 100, 200, 'celltype', 19, 3389.0],
  ['derived/cellline_csc', 'X', 120, 600, 'cell_type', 3, 679343.0],
  ['derived/cellline_dense', 'X', 120, 600, 'cell_type', 3, 679343.0],
];

describe.skipIf(!hasSharedData)('AnnData files of other people', () => {
  it.each(h5ad)('%s: %s is %i × %i with labels in %s', async (name, id, cells, features, label, labels, total) => {
    const path = sharedData(`readers/${name}.h5ad`);
    expect(await hdf5Kind(path)).toBe('h5ad');
    await using(await openH5ad(path), async (file) => {
      const slot = slotOf(file, id);
      expect([slot.cells, slot.features]).toEqual([cells, features]);
      const table = await file.readCells(slot);
      expect(table.ids).toHaveLength(cells);
      expect((await file.readFeatures(slot)).ids).toHaveLength(features);
      const matrix = await file.readRows(slot, 0, cells);
      expectWellFormed(matrix, cells, features);
      // Float64 values are kept as float32.
      expect(matrix.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 2);
      const used = label === null ? [] : columnTexts(table.columns.get(label)!).filter((text) => text !== null);
      expect(new Set(used).size).toBe(labels);
      for (const embedding of (await file.readEmbeddings(slot)).values()) {
        expect(embedding.values).toHaveLength(cells * embedding.width);
      }
      expect(file.skipped.filter((part) => !part.place.startsWith('obsm/'))).toEqual([]);
    });
  });

  it('a file without a matrix has no slots', async () => {
    await using(await openH5ad(sharedData('readers/h5ad/anndata_0.11_no_x.h5ad')), async (file) => {
      expect(file.slots).toEqual([]);
      await Promise.resolve();
    });
  });

  it('reads the names of categories that a file before 0.7 keeps in uns', async () => {
    await using(await openH5ad(sharedData('readers/h5ad/anndata_0.5_pbmc68k.h5ad')), async (file) => {
      const { ids, columns } = await file.readCells(file.slots[0]!);
      expect(ids.slice(0, 2)).toEqual(['AAAGCCTGGCTAAC-1', 'AAATTCGATGCACA-1']);
      expect(columnTexts(columns.get('phase')!).slice(0, 3)).toEqual(['G1', 'S', 'G1']);
      expect([...(await file.readEmbeddings(file.slots[0]!)).keys()]).toEqual(['X_pca', 'X_umap']);
    });
  });

  it('one matrix stored by rows, by columns, dense and as loom is read as the same rows', async () => {
    const byColumns = await wholeMatrix(await openH5ad(sharedData('readers/derived/cellline_csc.h5ad')));
    const dense = await wholeMatrix(await openH5ad(sharedData('readers/derived/cellline_dense.h5ad')));
    const loom = await wholeMatrix(await openLoom(sharedData('readers/derived/cellline.loom')));
    expect(byColumns).toEqual(dense);
    expect(loom).toEqual(dense);
    const file = await openH5ad(sharedData('readers/h5ad/anndataR_example.h5ad'));
    const layers = ['layers/counts', 'layers/csc_counts', 'layers/dense_counts'];
    const [byRows, ...others] = await Promise.all(layers.map((id) => file.readRows(slotOf(file, id), 0, 50)));
    for (const other of others) expect(other).toEqual(byRows);
    file.close();
  });

  it('rows read in pieces are the rows of the whole', async () => {
    for (const [name, id] of [
      ['h5ad/scirpy_wu2020', 'X'],
      ['derived/cellline_csc', 'X'],
      ['derived/cellline_dense', 'X'],
    ] as const) {
      await using(await openH5ad(sharedData(`readers/${name}.h5ad`)), async (file) => {
        const slot = slotOf(file, id);
        const whole = await file.readRows(slot, 0, slot.cells);
        const piece = await file.readRows(slot, 37, 81);
        const [from, to] = [whole.indptr[37]!, whole.indptr[81]!];
        expect(piece.indptr).toEqual(whole.indptr.slice(37, 82).map((p) => p - from));
        expect(piece.indices).toEqual(whole.indices.slice(from, to));
        expect(piece.values).toEqual(whole.values.slice(from, to));
        expect((await file.readRows(slot, 5, 5)).values).toHaveLength(0);
      });
    }
  });

  it('nullable columns know which values are missing', async () => {
    await using(await openH5ad(sharedData('readers/h5ad/krumsiek11_nullable.h5ad')), async (file) => {
      const { columns } = await file.readCells(file.slots[0]!);
      expect(columns.get('dummy_bool')).toMatchObject({ kind: 'boolean' });
      expect(columnTexts(columns.get('dummy_int2')!)).toContain(null);
      expect(columnTexts(columns.get('dummy_bool2')!)).toContain(null);
    });
  });
});

describe.skipIf(!hasSharedData)('MuData files of other people', () => {
  it.each(['0.1.2', '0.2.4', '0.3.10', '0.4.1'])('%s: a slot per matrix of each modality', async (version) => {
    const path = sharedData(`readers/h5mu/mudata_${version}.h5mu`);
    expect([await hdf5Kind(path), await looksLikeHdf5(path)]).toEqual(['h5mu', true]);
    await using(await openH5mu(path), async (file) => {
      expect(file.slots.map((slot) => [slot.id, slot.modalityName, slot.cells, slot.features, slot.modality])).toEqual([
        ['mod/mod2/X', 'mod2', 100, 30, null],
        ['mod/mod1/X', 'mod1', 100, 20, null],
        ['mod/mod1/raw/X', 'mod1', 100, 10, null],
      ]);
      for (const slot of file.slots) {
        expectWellFormed(await file.readRows(slot, 0, 100), 100, slot.features);
        const cells = await file.readCells(slot);
        expect(cells.ids[99]).toBe('obs_99');
        expect(columnTexts(cells.columns.get('arange')!)[99]).toBe('99');
      }
      expect(file.skipped).toEqual([]);
    });
  });
});

describe.skipIf(!hasSharedData)('Cell Ranger files of other people', () => {
  it.each([
    ['10x/cellranger1_legacy', 'hg19_chr21', 12, 343, 'rna', 12],
    ['10x/cellranger3', 'matrix', 1107, 507, 'rna', 41549],
    ['10x/visium', 'matrix', 2695, 100, 'rna', 132231],
    ['derived/snare_multiome', 'matrix (Gene Expression)', 300, 1677, 'rna', 94576],
    ['derived/snare_multiome', 'matrix (Peaks)', 300, 5000, 'peaks', 21839],
  ])('%s: %s is %i × %i of %s with %i counts', async (name, id, cells, features, modality, total) => {
    const path = sharedData(`readers/${name}.h5`);
    expect(await hdf5Kind(path)).toBe('10x-h5');
    await using(await openTenxH5(path), async (file) => {
      const slot = slotOf(file, id);
      expect([slot.cells, slot.features, slot.modality]).toEqual([cells, features, modality]);
      const matrix = await file.readRows(slot, 0, cells);
      expectWellFormed(matrix, cells, features);
      expect(matrix.values.reduce((sum, value) => sum + value, 0)).toBe(total);
      const table = await file.readFeatures(slot);
      expect(table.idType).toBe(
        modality === 'peaks'
          ? 'coordinates'
          : name.startsWith('10x/') && name !== '10x/cellranger1_legacy'
            ? 'ensembl'
            : 'symbol',
      );
      expect(file.skipped).toEqual([]);
    });
  });

  it('names of features are symbols beside Ensembl ids', async () => {
    await using(await openTenxH5(sharedData('readers/10x/visium.h5')), async (file) => {
      const { ids, names, columns } = await file.readFeatures(file.slots[0]!);
      expect([ids[0], names[0]]).toEqual(['ENSMUSG00000051951', 'Xkr4']);
      expect(columnTexts(columns.get('genome')!)[0]).toBe('mm10');
    });
  });
});

describe.skipIf(!hasSharedData)('loom files of other people', () => {
  it.each([
    ['loom/loompy_test.loom', 200, 20, null],
    ['derived/cellline.loom', 120, 600, 'cell_type'],
  ])('%s is %i × %i with labels in %s', async (name, cells, features, label) => {
    const path = sharedData(`readers/${name}`);
    expect(await hdf5Kind(path)).toBe('loom');
    await using(await openLoom(path), async (file) => {
      const slot = file.slots[0]!;
      expect([slot.cells, slot.features]).toEqual([cells, features]);
      expectWellFormed(await file.readRows(slot, 0, cells), cells, features);
      const table = await file.readCells(slot);
      expect(table.ids).toHaveLength(cells);
      if (label !== null) expect(new Set(columnTexts(table.columns.get(label)!)).size).toBe(3);
    });
  });
});

async function using(file: StudyFile, look: (file: StudyFile) => Promise<void>): Promise<void> {
  try {
    await look(file);
  } finally {
    file.close();
  }
}

function slotOf(file: StudyFile, id: string) {
  const slot = file.slots.find((candidate) => candidate.id === id);
  if (slot === undefined) throw new Error(`${file.path} has ${file.slots.map((candidate) => candidate.id).join(', ')}`);
  return slot;
}

async function wholeMatrix(file: StudyFile): Promise<CsrMatrix> {
  const matrix = await file.readRows(file.slots[0]!, 0, file.slots[0]!.cells);
  file.close();
  return matrix;
}

/** The invariants of a CsrMatrix. */
function expectWellFormed(matrix: CsrMatrix, rows: number, columns: number): void {
  expect([matrix.rows, matrix.columns, matrix.indptr.length]).toEqual([rows, columns, rows + 1]);
  expect([matrix.indptr[0], matrix.indptr[rows]]).toEqual([0, matrix.values.length]);
  expect(matrix.indices).toHaveLength(matrix.values.length);
  let faults = 0;
  for (let row = 0; row < rows; row++) {
    if (matrix.indptr[row]! > matrix.indptr[row + 1]!) faults++;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      if (p > matrix.indptr[row]! && matrix.indices[p - 1]! >= matrix.indices[p]!) faults++;
      if (matrix.indices[p]! >= columns || !Number.isFinite(matrix.values[p])) faults++;
    }
  }
  expect(faults).toBe(0);
}
