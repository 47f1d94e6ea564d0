import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { blocksOf, isInMemory, rowsAt } from '#core/data/sparse-rows';
import type { Study, StudyInMemory } from '#core/data/study';
import { simulatePair } from '#core/simulate/simulate-pair';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import type { Repair } from '#formats/inspect/repair';
import { writeCsvGz } from '#formats/labels-csv/write-csv';
import { readStudy, readStudyOnFile } from '#formats/read-study';
import { RowFiles } from '#store/row-store';
import { denseOf } from '#test/support/arbitrary-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();
const drawn = simulatePair({ seed: 3, genes: 80, peaks: 20, referenceCells: 60, queryCells: 40 }).reference;

/** The study as an .h5ad by rows and as a table of text. */
async function files(): Promise<string[]> {
  const folder = newFolder();
  const [byRows, table, plain] = ['study.h5ad', 'study.csv.gz', 'study.csv'].map((name) => join(folder, name));
  await writeAnnotatedH5ad({
    source: null,
    target: byRows!,
    study: drawn,
    columns: new Map(),
    embeddings: new Map(),
  });
  const dense = denseOf(drawn.matrix);
  await writeCsvGz(
    table!,
    ['cell', ...drawn.features.ids],
    dense.map((row, i) => [drawn.cells.ids[i]!, ...row]),
  );
  writeFileSync(plain!, gunzipSync(readFileSync(table!)));
  return [byRows!, plain!];
}

async function alike(found: Study, wanted: StudyInMemory): Promise<void> {
  expect(isInMemory(found.matrix)).toBe(false);
  const { matrix, ...tables } = found;
  const { matrix: all, ...same } = wanted;
  expect(tables).toEqual(same);
  let next = 0;
  for await (const { from, matrix: block } of blocksOf(matrix)) {
    expect(from).toBe(next);
    expect(block).toEqual(
      await rowsAt(
        all,
        Array.from({ length: block.rows }, (_, i) => from + i),
      ),
    );
    next += block.rows;
  }
  expect(next).toBe(all.rows);
  const which = [all.rows - 1, 0, 3, 3];
  expect(await rowsAt(matrix, which)).toEqual(await rowsAt(all, which));
}

const repairs: [string, Repair[]][] = [
  ['as it is', []],
  ['without shallow cells', [{ kind: 'drop-cells-below', counts: 60 }]],
];

test.each(repairs)('a study whose rows stay in the file is that read into memory, %s', async (_, chosen) => {
  for (const path of await files()) {
    const choice = { path, repairs: chosen };
    await alike(await readStudyOnFile(choice), await readStudy(choice));
  }
});

test.each(repairs)('a study whose rows go to a store is that read into memory, %s', async (_, chosen) => {
  for (const path of await files()) {
    const choice = { path, repairs: chosen };
    await using store = new RowFiles(newFolder(), { valuesInMemory: 100 });
    await alike(await readStudy(choice, { store }), await readStudy(choice));
  }
});

test('the repair that leaves cells out leaves some out here', async () => {
  const [path] = await files();
  const { matrix } = await readStudy({ path: path!, repairs: repairs[1]![1] });
  expect(matrix.rows).toBeLessThan(60);
  expect(matrix.rows).toBeGreaterThan(5);
});

test('a copy written from rows that stay in the file holds them all', async () => {
  const [path] = await files();
  const target = join(newFolder(), 'copy.h5ad');
  const study = await readStudyOnFile({ path: path!, repairs: [] });
  await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
  expect((await readStudy({ path: target, repairs: [] })).matrix).toEqual(drawn.matrix);
});

test('going over rows in the file ends when the signal is aborted', async () => {
  const [path] = await files();
  const study = await readStudyOnFile({ path: path!, repairs: [] });
  const over = async (): Promise<void> => {
    for await (const block of blocksOf(study.matrix, { aborted: true })) expect(block).toBeUndefined();
  };
  await expect(over()).rejects.toBeInstanceOf(Cancelled);
});
