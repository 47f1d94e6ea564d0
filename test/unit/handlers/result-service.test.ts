import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { KEPT } from '#core/interpret/strongest-per-cell';
import type { Column } from '#core/data/column';
import { byFeature } from '#compute/by-feature';
import { cellColumns } from '#compute/cell-columns';
import { whyName } from '#compute/explorer-arrays';
import { ColumnCache } from '#handlers/column-cache';
import { explainSelection } from '#handlers/explain-selection';
import { type FeatureColumns, readFeatureColumns } from '#handlers/feature-columns';
import { resultService } from '#handlers/result-service';
import type { SideProcess } from '#handlers/side-process';
import { createProject, openProject, openProjectReadOnly } from '#store/project';
import { csrOf } from '#test/support/arbitrary-matrix';
import { temporaryFolders } from '#test/support/temporary-folder';
import { missing } from './stand-in-services.ts';

const newFolder = temporaryFolders();
const features = ['CD3E', 'MS4A1', 'NKG7', 'Cd3e', 'CD3E'];

/** Counts of 700 cells; the third feature is the same in all cells. */
function counts(seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: 700 }, () =>
    features.map((_, feature) => (feature === 2 ? 0 : random.uniform() < 0.4 ? random.below(9) : 0)),
  );
}

/** A project with a finished run of two labels, whose probabilities, embedding and attributions are plain to see. */
async function finishedRun(
  dense: number[][],
  { explorers = true } = {},
): Promise<{ projectPath: string; runId: string }> {
  const project = createProject(join(newFolder(), 'P.cpx'));
  const runId = project.addRun({ request: {}, seed: 1 });
  const attempt = project.beginAttempt(runId);
  const cells = dense.length;
  const { arrays, close } = await byFeature(csrOf(dense));
  const strongest = new Float32Array(cells * KEPT * 2);
  for (let pair = 0; pair < cells * KEPT; pair++) strongest[2 * pair] = -1;
  for (let cell = 0; cell < cells; cell++) {
    strongest.set([0, 0.5], cell * KEPT * 2);
    strongest.set([cell % 4 === 0 ? 1 : 2, -0.25], cell * KEPT * 2 + 2 * (KEPT - 8));
  }
  const why = { dtype: 'float32' as const, shape: [cells, KEPT, 2], pieces: () => [strongest] };
  const ids = { reference: ['r1', 'r2', 'r3'], query: dense.map((_, cell) => `q${cell}`) };
  const columns = cellColumns(
    {
      reference: { ids: ids.reference, columns: new Map([['donor', { kind: 'text', values: ['a', null, 'b'] }]]) },
      query: {
        ids: ids.query,
        columns: new Map<string, Column>([
          ['barcode', { kind: 'text', values: ids.query }],
          ['depth', { kind: 'number', values: Float64Array.from(ids.query, (_, cell) => cell / 4) }],
          ['donor', { kind: 'text', values: ids.query.map((_, cell) => (cell % 2 === 0 ? 'b' : 'c')) }],
        ]),
      },
    },
    ids,
  );
  const staged = explorers ? await project.stageArrays({ ...arrays, ...columns.arrays, [whyName]: why }) : [];
  close();
  const of = (values: Float32Array | Int32Array, width = 1) => ({
    shape: width === 1 ? [values.length] : [values.length / width, width],
    values,
  });
  project.finishRun(runId, attempt, {
    documents: {
      cells: { reference: ['r1', 'r2', 'r3'], query: dense.map((_, cell) => `q${cell}`), labels: ['B', 'T'] },
      markers: [{ label: 'B', rank: 1, feature: 'CD3E' }],
      ...(explorers
        ? {
            explorers: { features, trained: [0, 1, 2, 1], missing: null },
            cellColumns: columns.note,
            trainedFeatures: ['CD3E', 'MS4A1', 'NKG7', 'CD20'],
          }
        : {}),
    },
    arrays: {
      'query/predicted': of(Int32Array.from({ length: cells }, (_, cell) => (cell < 100 ? 0 : 1))),
      'query/confidence': of(Float32Array.from({ length: cells }, (_, cell) => (cell % 10) / 10)),
      'query/probabilities': of(
        Float32Array.from({ length: 2 * cells }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75)),
        2,
      ),
      'query/embedding': of(
        Float32Array.from({ length: 2 * cells }, (_, i) => (i % 2 === 0 ? i / 2 : 0)),
        2,
      ),
      'reference/embedding': of(Float32Array.of(0, 0, 2, 0, 600, 0), 2),
      'reference/label': of(Int32Array.of(0, 1, 1)),
    },
    staged,
    stages: [],
  });
  project.close();
  return { projectPath: project.path, runId };
}

const service = () => resultService(missing<SideProcess>('side'));

describe('one feature in all cells', () => {
  test('is ln(1 + counts per 10⁴), as computed from the rows', async () => {
    const dense = counts(3);
    const run = await finishedRun(dense);
    const found = await service().featureValues({ ...run, feature: 'MS4A1' });
    const expected = dense.map((row) => {
      const depth = row.reduce((sum, value) => sum + value, 0);
      return row[1] === 0 ? 0 : Math.log1p((row[1]! * 1e4) / depth);
    });
    expect(found.values).toEqual(Float32Array.from(expected));
    expect(found).toMatchObject({ feature: 'MS4A1', title: 'ln(1 + counts per 10⁴)' });
    expect(found.detected).toBe(dense.filter((row) => row[1]! > 0).length);
    expect((await service().featureValues({ ...run, feature: 'CD20' })).values).toEqual(found.values);
    const positive = expected.filter((value) => value > 0).sort((a, b) => a - b);
    expect(found.range[0]).toBe(0);
    expect(found.range[1]).toBeCloseTo(positive[Math.ceil(0.99 * positive.length) - 1]!, 6);
  });

  test('keeps values that are no whole counts as they are in the file, negative ones too', async () => {
    const run = await finishedRun([
      [0.5, 0, 0, 0, 0],
      [-1.5, 2, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    const found = await service().featureValues({ ...run, feature: 'CD3E' });
    expect(found).toMatchObject({ title: 'value in the file', detected: 2, range: [-1.5, 0.5] });
    expect(found.values).toEqual(Float32Array.of(0.5, -1.5, 0));
  });

  test('of a name that comes twice is its first column; a name that is not there is said', async () => {
    const dense = counts(4);
    const run = await finishedRun(dense);
    const { detected } = await service().featureValues({ ...run, feature: 'CD3E' });
    expect(detected).toBe(dense.filter((row) => row[0]! > 0).length);
    await expect(service().featureValues({ ...run, feature: 'ACTB' })).rejects.toMatchObject({
      code: 'request.no-such-feature',
      message: 'The query has no feature called ACTB.',
    });
  });

  test('is found by any part of its name, beginnings first', async () => {
    const run = await finishedRun(counts(5));
    const find = (text: string, limit = 10) => service().features({ ...run, text, limit });
    expect(await find('cd3')).toEqual({ kept: true, reason: null, total: 2, names: ['CD3E', 'Cd3e'] });
    expect((await find('7')).names).toEqual(['NKG7']);
    expect(await find('', 2)).toMatchObject({ total: 4, names: ['CD3E', 'Cd3e'] });
    expect(await find('nothing')).toMatchObject({ total: 0, names: [] });
  });

  test('is not there in a run of an earlier version, which says so and what to do', async () => {
    const run = await finishedRun(counts(6), { explorers: false });
    expect(await service().features({ ...run, text: '', limit: 5 })).toMatchObject({
      kept: false,
      reason: expect.stringContaining('earlier version') as string,
    });
    for (const asked of [
      service().featureValues({ ...run, feature: 'CD3E' }),
      service().heatmap({ ...run, features: ['CD3E'], level: 0, tile: 0 }),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'request.no-feature-values' });
    const why = await explainSelection({ ...run, cells: [1] });
    expect(why).toMatchObject({ features: null, reason: expect.stringContaining('earlier version') as string });
  });
});

describe('the columns that the studies came with', () => {
  test('are listed with where they are found, and what was left out is said', async () => {
    const run = await finishedRun(counts(12));
    expect(await service().columns(run.projectPath, run.runId)).toEqual({
      kept: true,
      reason: null,
      columns: [
        { name: 'depth', inReference: false, inQuery: true },
        { name: 'donor', inReference: true, inQuery: true },
      ],
      leftOut: [{ name: 'barcode', study: 'query', why: 'mostly-unique' }],
    });
  });

  test('are read one at a time, in the cells of both studies; a study without the column has none', async () => {
    const run = await finishedRun(counts(12));
    const donor = await service().columnValues({ ...run, column: 'donor' });
    expect(donor.reference).toEqual({ kind: 'categories', codes: Int16Array.of(0, -1, 1), categories: ['a', 'b'] });
    expect(donor.query).toMatchObject({ categories: ['b', 'c'] });
    expect([...(donor.query as { codes: Int16Array }).codes.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
    const depth = await service().columnValues({ ...run, column: 'depth' });
    expect(depth.reference).toBeNull();
    expect((depth.query as { values: Float32Array }).values.subarray(0, 3)).toEqual(Float32Array.of(0, 0.25, 0.5));
  });

  test('that are not kept are refused by name; an older run has none and says so', async () => {
    const run = await finishedRun(counts(12));
    await expect(service().columnValues({ ...run, column: 'barcode' })).rejects.toMatchObject({
      code: 'request.no-such-column',
      message: 'The run keeps no column "barcode" of its studies; it keeps depth, donor.',
    });
    const older = await finishedRun(counts(12), { explorers: false });
    expect(await service().columns(older.projectPath, older.runId)).toMatchObject({
      kept: false,
      reason: expect.stringContaining('earlier version') as string,
    });
    await expect(service().columnValues({ ...older, column: 'donor' })).rejects.toMatchObject({
      code: 'request.no-such-column',
    });
  });
});

test('columns that were removed to free space are told so, and none of them is given any more', async () => {
  const run = await finishedRun(counts(12));
  const project = openProject(run.projectPath);
  project.freeColumns(run.runId, 'They were removed.');
  project.close();
  expect(await service().columns(run.projectPath, run.runId)).toEqual({
    kept: false,
    reason: 'They were removed.',
    columns: [],
    leftOut: [],
  });
  await expect(service().columnValues({ ...run, column: 'donor' })).rejects.toMatchObject({
    code: 'request.no-such-column',
  });
});

describe('a tile of the heatmap', () => {
  test('holds mean z-scores of cells in the order of label and falling confidence, at every level', async () => {
    const dense = counts(7);
    const run = await finishedRun(dense);
    const runs = service();
    const column = (await runs.featureValues({ ...run, feature: 'MS4A1' })).values;
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (column.length - 1));
    const order = [...column.keys()].sort(
      (a, b) => Number(a >= 100) - Number(b >= 100) || (b % 10) - (a % 10) || a - b,
    );
    for (const level of [0, 2, 10]) {
      const width = 2 ** level;
      const read: number[] = [];
      for (let tile = 0; tile < Math.ceil(dense.length / (512 * width)); tile++) {
        const part = await runs.heatmap({ ...run, features: ['NKG7', 'MS4A1'], level, tile });
        expect(part.values).toHaveLength(2 * part.columns);
        expect(part.values.subarray(0, part.columns).every((value) => value === 0)).toBe(true);
        read.push(...part.values.subarray(part.columns));
      }
      const expected = Array.from({ length: Math.ceil(order.length / width) }, (_, at) => {
        const cells = order.slice(at * width, (at + 1) * width);
        return (cells.reduce((sum, cell) => sum + column[cell]!, 0) / cells.length - mean) / deviation;
      });
      expect(read).toHaveLength(expected.length);
      read.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4));
    }
    expect(await runs.heatmap({ ...run, features: ['CD3E'], level: 0, tile: 99 })).toMatchObject({ columns: 0 });
  });
});

describe('the heatmap in another order of labels', () => {
  test('has the cells of each label together, in the order that was asked for', async () => {
    const dense = counts(7);
    const run = await finishedRun(dense);
    const runs = service();
    const ask = (labels: number[], tile: number) =>
      runs.heatmap({ ...run, features: ['MS4A1'], level: 0, tile, labels }).then(({ values }) => [...values]);
    const plain = [...(await ask([0, 1], 0)), ...(await ask([0, 1], 1))];
    const turned = [...(await ask([1, 0], 0)), ...(await ask([1, 0], 1))];
    expect(turned).toEqual([...plain.slice(100), ...plain.slice(0, 100)]);
    expect([...(await ask([0, 1], 0)), ...(await ask([0, 1], 1))]).toEqual(plain);
  });

  test('is clustered by the mean z-scores of every label, which weighted by cells add up to 0', async () => {
    const dense = counts(7);
    const run = await finishedRun(dense);
    const runs = service();
    const { cells, values } = await runs.labelMeans({ ...run, features: ['NKG7', 'MS4A1'] });
    expect([...cells]).toEqual([100, 600]);
    expect([...values.subarray(0, 2)]).toEqual([0, 0]);
    const column = (await runs.featureValues({ ...run, feature: 'MS4A1' })).values;
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (column.length - 1));
    const first = column.subarray(0, 100).reduce((sum, value) => sum + value, 0) / 100;
    expect(values[2]!).toBeCloseTo((first - mean) / deviation, 4);
    expect(100 * values[2]! + 600 * values[3]!).toBeCloseTo(0, 3);
  });
});

describe('why some cells have their label', () => {
  test('is told for the most frequent one of them: probabilities, features for and against, nearest reference cells', async () => {
    const run = await finishedRun(counts(8));
    const why = await explainSelection({ ...run, cells: [3, 0, 1, 2, 650] });
    expect(why).toMatchObject({ cells: 5, label: 'B', cellsOfLabel: 4, reason: null });
    expect(why.probabilities).toEqual([
      { label: 'T', mean: 0.75 },
      { label: 'B', mean: 0.25 },
    ]);
    expect(why.features!.supporting).toEqual([{ feature: 'CD3E', meanAttribution: 0.5, fraction: 1 }]);
    expect(why.features!.contradicting).toEqual([
      { feature: 'NKG7', meanAttribution: -0.1875, fraction: 0.75 },
      { feature: 'MS4A1', meanAttribution: -0.0625, fraction: 0.25 },
    ]);
    expect(why.neighbours).toMatchObject({ cells: 5, k: 3 });
    expect(why.neighbours!.votes.map(({ label }) => label)).toEqual(['T', 'B']);
    expect(why.neighbours!.nearest).toHaveLength(3);
  });

  test('refuses a cell that is not there, by its number', async () => {
    const run = await finishedRun(counts(9));
    await expect(explainSelection({ ...run, cells: [700] })).rejects.toMatchObject({
      code: 'request.no-such-cell',
      message: 'There is no query cell number 701; the query has 700.',
    });
  });
});

test('columns that were read before are not read again, until others need their room', async () => {
  const run = await finishedRun(counts(11));
  const project = openProjectReadOnly(run.projectPath);
  let read = 0;
  const counted = new Proxy(project, {
    get(target, key) {
      if (key !== 'readRunArrayPart') return Reflect.get(target, key) as unknown;
      return (...args: Parameters<typeof project.readRunArrayPart>) => (read++, target.readRunArrayPart(...args));
    },
  });
  const columns = (await readFeatureColumns(project, run.runId)) as FeatureColumns;
  const roomy = new ColumnCache();
  const first = await roomy.get(counted, columns, 0);
  expect(await roomy.get(counted, columns, 0)).toBe(first);
  expect(read).toBe(2);
  const narrow = new ColumnCache(1);
  for (const place of [0, 1, 0]) expect((await narrow.get(counted, columns, place)).values.length).toBeGreaterThan(0);
  expect(read).toBe(8);
  project.close();
});
