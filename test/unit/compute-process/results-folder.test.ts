import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkResultsFolder,
  discardResults,
  missingFolders,
  openStaging,
  placeResults,
  tryFolder,
} from '#compute/results-folder';
import { barcodeRankFigure } from '#core/figures/barcode-rank-figure';
import { figuresOf } from '#core/figures/figures-of';
import { figureInputs } from '#test/support/figure-inputs';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

describe('a place for results', () => {
  test('that can be made is tried out, and nothing of the trial is left', async () => {
    const folder = newFolder();
    await tryFolder(folder);
    await tryFolder(join(folder, 'a', 'b', 'c'));
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(['file', 'file/results', 'file/a/b'])(
    'that is %s, or below a file, is refused by its name',
    async (way) => {
      const folder = newFolder();
      writeFileSync(join(folder, 'file'), '');
      await expect(checkResultsFolder(join(folder, way), [])).rejects.toMatchObject({
        code: 'command.out-is-a-file',
        details: { path: join(folder, 'file') },
      });
    },
  );

  test.skipIf(process.platform !== 'linux').each(['/proc/results', '/proc/a/b/c', '/proc/self'])(
    '%s, where Linux takes no files, is refused at once',
    async (path) => {
      await expect(checkResultsFolder(path, [])).rejects.toMatchObject({ code: 'command.cannot-write' });
    },
    5000,
  );

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'in a folder that may only be read is refused (not tried as root, who may write anywhere)',
    async () => {
      const folder = newFolder();
      chmodSync(folder, 0o555);
      for (const path of [folder, join(folder, 'results')]) {
        const refused = { code: 'command.cannot-write', details: { reason: 'the system does not allow it' } };
        await expect(checkResultsFolder(path, [])).rejects.toMatchObject(refused);
      }
      chmodSync(folder, 0o755);
    },
  );
});

test('figures of every kind are known again as results of an earlier run', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'figures'));
  const called = barcodeRankFigure(
    { curve: { rank: [1, 2], fragments: [9, 5] }, threshold: 6, knee: null, cells: [0], reason: 'Given.' },
    1,
  );
  for (const { id } of [...(await figuresOf(figureInputs())), called]) {
    for (const ending of ['svg', 'csv']) writeFileSync(join(folder, 'figures', `${id}.${ending}`), '');
  }
  await expect(checkResultsFolder(folder, [])).resolves.toBeUndefined();
});

describe('results that are made beside their places', () => {
  test('replace those of an earlier run together', async () => {
    const directory = newFolder();
    mkdirSync(join(directory, 'figures'));
    for (const name of ['labels.csv', 'query.annotated.h5ad', 'figures/confusion.svg'])
      writeFileSync(join(directory, name), 'earlier');
    const { staging } = await openStaging(directory);
    mkdirSync(join(staging, 'figures'));
    for (const name of ['labels.csv', 'figures/confidence.svg']) writeFileSync(join(staging, name), 'new');
    placeResults({ directory, staging, files: [] });
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([
      'figures',
      join('figures', 'confidence.svg'),
      'labels.csv',
    ]);
  });

  test('go without a trace when they are discarded, with the folders made for them and no other', async () => {
    const folder = newFolder();
    const directory = join(folder, 'deep', 'results');
    const missing = await missingFolders(directory);
    expect(missing).toEqual([join(folder, 'deep'), directory]);
    const { staging, made } = await openStaging(directory);
    expect(made).toEqual(missing);
    writeFileSync(join(staging, 'labels.csv'), 'half');
    discardResults(directory, missing);
    expect(readdirSync(folder)).toEqual([]);

    mkdirSync(directory, { recursive: true });
    expect(await missingFolders(directory)).toEqual([]);
    writeFileSync(join(folder, 'deep', 'thesis.docx'), 'mine');
    await openStaging(directory);
    discardResults(directory, [join(folder, 'deep'), directory]);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['thesis.docx']);
  });
});
