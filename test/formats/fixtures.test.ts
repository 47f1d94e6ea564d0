import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '#core/base/app-error';
import { inspectStudy } from '#formats/inspect/inspect-study';
import type { Repair } from '#formats/inspect/repair';
import { readStudy } from '#formats/read-study';
import { hasSharedData, sharedData } from '#test/support/shared-data';

interface Fixture {
  readonly file: string;
  readonly size: string;
  readonly label: string;
}

const fixtures: Fixture[] = hasSharedData ? table(readFileSync(sharedData('readers/fixtures.csv'), 'utf8')) : [];

/** What is no study, or a study in a format that is not read, and the code it is refused with. */
const refused: readonly [RegExp, ErrorCode][] = [
  [/^zarr\//, 'reading.zarr'],
  [/\.(rds|rda)$/, 'reading.r-file'],
  [/^fragments\/.*\.tbi$/, 'reading.tabix-index'],
  // told cells from background: too few fragments for cells, or too few places for a genome (see unusual-fragments.test.ts)
  [/^fragments\/(signac_header|snapatac2|cellxgene)/, 'chromatin.no-cells'],
  [/^fragments\/signac\.tsv/, 'reading.build-unknown'],
  [/\/(genes|barcodes|features)\.tsv(\.gz)?$/, 'reading.part-of-folder'],
  [/anndata_0\.11_no_x/, 'reading.no-matrix'],
];

/** Matrices whose size in the list is not that of the first slot, with the repair or size that says why. */
const otherSize: Readonly<Record<string, { repairs: Repair[]; cells: number; features: number }>> = {
  // Two of the five features are antibodies and lie in a slot of their own.
  '10x/cellranger3_tiny_mtx/matrix.mtx.gz': { repairs: [], cells: 5, features: 3 },
  // The list counts genes and peaks together, which are two slots.
  'derived/snare_multiome.h5': { repairs: [], cells: 300, features: 1677 },
  // Of its 2065 barcodes 12 have a hundred fragments; the columns are the genes of hg19.
  'fragments/bpcells_4col.tsv.gz': { repairs: [], cells: 12, features: 19_804 },
  'h5mu/mudata_0.1.2.h5mu': { repairs: [{ kind: 'use-matrix', slot: 'mod/mod1/X' }], cells: 100, features: 20 },
  'h5mu/mudata_0.2.4.h5mu': { repairs: [{ kind: 'use-matrix', slot: 'mod/mod1/X' }], cells: 100, features: 20 },
  'h5mu/mudata_0.3.10.h5mu': { repairs: [{ kind: 'use-matrix', slot: 'mod/mod1/X' }], cells: 100, features: 20 },
  'h5mu/mudata_0.4.1.h5mu': { repairs: [{ kind: 'use-matrix', slot: 'mod/mod2/X' }], cells: 100, features: 30 },
};

/** Files that give names twice: refused, until the repairs that the report offers are chosen. */
const repeatedNames = ['10x/cellranger2_mtx/matrix.mtx', 'loom/loompy_test.loom'];

describe.skipIf(!hasSharedData)('every file of the reader fixtures', () => {
  test('is in the list that this test goes through', () => {
    expect(fixtures.length).toBeGreaterThan(50);
  });

  test.each(fixtures)(
    '$file is read with its size and labels, or refused with its code',
    async ({ file, size, label }) => {
      const path = sharedData(`readers/${file}`);
      const code = refused.find(([form]) => form.test(file))?.[1];
      if (code !== undefined) {
        const error = await readStudy({ path, repairs: [] }).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe(code);
        expect((error as AppError).message).toContain(file.split('/').at(-1));
        return;
      }
      const [cells, features] = size.split(' x ').map(Number);
      const expected = otherSize[file] ?? { repairs: [] as Repair[], cells, features };
      if (repeatedNames.includes(file)) {
        await expect(readStudy({ path, repairs: [] })).rejects.toMatchObject({ code: 'reading.duplicate-features' });
        const { findings } = await inspectStudy({ path, repairs: [] });
        for (const { severity, repair } of findings) if (severity === 'problem') expected.repairs.push(repair!);
      }
      const study = await readStudy({ path, repairs: expected.repairs });

      expect([study.matrix.rows, study.matrix.columns]).toEqual([expected.cells, expected.features]);
      expect(study.cells.ids).toHaveLength(study.matrix.rows);
      expect(study.features.ids).toHaveLength(study.matrix.columns);
      if (label !== '') expect([...study.cells.columns.keys()]).toContain(label);

      const report = await inspectStudy({ path, repairs: expected.repairs });
      // a look at fragments counts barcodes, before cells are told from background
      const cellsSeen = file.startsWith('fragments/') ? study.matrix.rows : report.cells;
      expect([cellsSeen, report.features]).toEqual([study.matrix.rows, study.matrix.columns]);
      expect([report.modality, report.species.species, report.idType]).toEqual([
        study.modality,
        study.species,
        study.features.idType,
      ]);
    },
  );
});

describe.skipIf(!hasSharedData)('the same study in several formats', () => {
  test('gives the same matrix from h5ad (csc, dense), loom and a text table', async () => {
    const read = (file: string) => readStudy({ path: sharedData(`readers/derived/${file}`), repairs: [] });
    const [csc, ...others] = await Promise.all(
      ['cellline_csc.h5ad', 'cellline_dense.h5ad', 'cellline.loom', 'cellline_cells_x_genes.tsv.gz'].map(read),
    );
    for (const study of others) {
      expect(study.cells.ids).toEqual(csc!.cells.ids);
      expect(study.features.ids).toEqual(csc!.features.ids);
      expect(study.matrix).toEqual(csc!.matrix);
    }
  });

  test('gives the same cells from a Cell Ranger 3 folder and its .h5', async () => {
    const [folder, file] = await Promise.all(
      ['readers/10x/cellranger3_mtx', 'readers/10x/cellranger3.h5'].map((path) =>
        readStudy({ path: sharedData(path), repairs: [] }),
      ),
    );
    expect(folder!.matrix).toEqual(file!.matrix);
    expect(folder!.cells.ids).toEqual(file!.cells.ids);
  });

  test('a labels file beside a peak folder is joined to every cell', async () => {
    const study = await readStudy({
      path: sharedData('readers/derived/snare_peaks_mtx'),
      labelsFile: sharedData('readers/derived/snare_peaks_mtx/labels.csv'),
      repairs: [],
    });
    const labels = study.cells.columns.get('cell_type');
    expect(labels).toMatchObject({ kind: 'categories' });
    expect(study.modality).toBe('peaks');
  });
});

/** The list has quoted fields, none of them in the columns looked at before the fourth but the size. */
function table(text: string): Fixture[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const fields = [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1]!);
      return { file: fields[0]!, size: fields[1]!, label: fields[2]! };
    });
}
