import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeCsv, writeCsvGz } from '#formats/labels-csv/write-csv';
import { writeLabelsCsv } from '#formats/labels-csv/write-labels-csv';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

test('labels.csv has its four columns and quotes what needs quotes', async () => {
  const path = join(newFolder(), 'labels.csv');
  await writeLabelsCsv(path, [
    { cell: 'c1', predicted: 'T cell, CD4', confidence: 0.5, label: 'Unknown' },
    { cell: 'c"2', predicted: 'B', confidence: 1, label: 'B' },
  ]);
  expect(readFileSync(path, 'utf8')).toBe(
    'cell,predicted,confidence,label\nc1,"T cell, CD4",0.5,Unknown\n"c""2",B,1,B\n',
  );
});

test('numbers read back the same, null is an empty field, folders are made', async () => {
  const path = join(newFolder(), 'a', 'b', 'numbers.csv.gz');
  await writeCsvGz(
    path,
    ['x', 'y'],
    [
      [0.1 + 0.2, null],
      [1e-300, true],
    ],
  );
  const text = gunzipSync(readFileSync(path)).toString();
  expect(text).toBe('x,y\n0.30000000000000004,\n1e-300,true\n');
});

test('many rows are written in the order given', async () => {
  const path = join(newFolder(), 'many.csv');
  const rows = Array.from({ length: 30_000 }, (_, i) => [`cell ${i}`, i]);
  await writeCsv(path, ['cell', 'i'], rows);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(30_001);
  expect(lines.at(-1)).toBe('cell 29999,29999');
});

test('an earlier file stays whole and nothing is left behind when the rows fail', async () => {
  const folder = newFolder();
  const path = join(folder, 'labels.csv');
  writeFileSync(path, 'earlier');
  const rows = function* () {
    yield ['c1', 1];
    throw new Error('the rows end here');
  };
  await expect(writeCsv(path, ['cell', 'i'], rows())).rejects.toThrow('the rows end here');
  expect(readFileSync(path, 'utf8')).toBe('earlier');
  expect(readdirSync(folder)).toEqual(['labels.csv']);
});

test('a row of another width is a fault, a place that cannot be written is said to the user', async () => {
  const folder = newFolder();
  await expect(writeCsv(join(folder, 'a.csv'), ['x', 'y'], [[1]])).rejects.toThrow('row 0 has 1 fields for 2 columns');
  mkdirSync(join(folder, 'taken'));
  await expect(writeCsv(join(folder, 'taken'), ['x'], [[1]])).rejects.toMatchObject({ code: 'writing.failed' });
});
