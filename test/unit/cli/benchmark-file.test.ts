import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { readBenchmarkFile } from '../../../src-main/cli/benchmark/benchmark-file.ts';
import { combinationsOf } from '../../../src-main/cli/benchmark/combinations.ts';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(text: string, name = 'trial.yaml'): string {
  const path = join(newFolder(), name);
  writeFileSync(path, text);
  return path;
}

const pair = (more = ''): string => `
  - name: one
    reference: a.h5ad
    query: b.h5ad
    label: cell_type
    scenario: rna-rna
${more}`;

async function planOf(text: string) {
  return combinationsOf(await readBenchmarkFile(fileOf(text)));
}

async function failureOf(text: string): Promise<AppError> {
  const failure = await planOf(text).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof AppError) return failure;
  throw new Error(`no catalogued error: ${String(failure)}`);
}

describe('a benchmark file', () => {
  test('is every method on every pair with every seed, early results first', async () => {
    const { combinations } = await planOf(`
data: studies
pairs: ${pair(`  - { name: two, reference: [a.h5ad, c.h5ad], query: { path: b.h5ad, matrix: raw/X, labels: t.csv }, label: kind, truth: other }`)}
methods: [majority, { method: cellpredx, preset: paper, settings: { steps: 20 } }]
seeds: [1, 2]
threshold: 0.7
`);
    expect(combinations.map(({ pair, variant, seed }) => [pair.name, variant.name, seed])).toEqual(
      ['one', 'two'].flatMap((name) =>
        [1, 2].flatMap((seed) => [
          [name, 'Most frequent label', seed],
          [name, 'CellPredX', seed],
        ]),
      ),
    );
    const [first] = combinations;
    expect(first!.request).toMatchObject({ label: 'cell_type', truth: 'cell_type', threshold: 0.7, figures: false });
    const last = combinations.at(-1)!.request;
    expect(last).toMatchObject({ truth: 'other', preset: 'paper', settings: { steps: 20 }, seed: 2, scenario: 'auto' });
    expect(last.reference.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
      'studies/a.h5ad',
      'studies/c.h5ad',
    ]);
    expect(last.query[0]!.repairs).toEqual([{ kind: 'use-matrix', slot: 'raw/X' }]);
    expect(last.query[0]!.labelsFile).toMatch(/studies.t\.csv$/);
  });

  test('may be JSON, and paths are read from its own folder', async () => {
    const content = {
      pairs: [{ name: 'p', reference: 'a.h5ad', query: 'b.h5ad', label: 'x' }],
      methods: ['majority'],
    };
    const path = fileOf(JSON.stringify(content), 'trial.json');
    const { combinations } = combinationsOf(await readBenchmarkFile(path));
    expect(combinations).toHaveLength(1);
    expect(combinations[0]!.request.reference[0]!.path).toBe(join(dirname(path), 'a.h5ad'));
    expect(combinations[0]!.request.seed).toBe(1234);
  });

  test('tries every combination of varied settings, each under a name of its own', async () => {
    const { combinations } = await planOf(`
pairs: ${pair()}
methods:
  - method: cellpredx
    settings: { steps: 9 }
    vary: { temperature: [0.1, 0.4], optimiser: [sgd, adam] }
`);
    expect(combinations.map(({ variant }) => variant.name)).toEqual([
      'CellPredX (temperature 0.1, optimiser sgd)',
      'CellPredX (temperature 0.1, optimiser adam)',
      'CellPredX (temperature 0.4, optimiser sgd)',
      'CellPredX (temperature 0.4, optimiser adam)',
    ]);
    expect(combinations[3]!.request.settings).toEqual({ steps: 9, temperature: 0.4, optimiser: 'adam' });
    expect(combinations[3]!.variant.varied).toEqual({ temperature: 0.4, optimiser: 'adam' });
  });

  test('leaves out a method that is not made for a scenario, with the reason, and gives gene sets to the one that takes them', async () => {
    const { combinations, leftOut } = await planOf(`
pairs: ${pair(`  - { name: two, reference: a.h5ad, query: b.h5ad, label: kind, scenario: rna-atac-matched }`)}
methods: [{ method: kida, gene-sets: sets.gmt }, majority]
`);
    expect(combinations.map(({ pair, variant }) => [pair.name, variant.methodId])).toEqual([
      ['one', 'kida'],
      ['one', 'majority'],
      ['two', 'majority'],
    ]);
    expect(leftOut).toMatchObject([{ pair: 'two', method: 'KIDA' }]);
    expect(leftOut[0]!.reason).toContain('KIDA is not made for rna-atac-matched');
    expect(combinations[0]!.request.geneSets).toMatch(/sets\.gmt$/);
    expect(combinations[1]!.request.geneSets).toBeUndefined();
  });

  test.each([
    ['pairs: []\nmethods: [majority]', 'trial.yaml, pairs: is []'],
    [
      `pairs: ${pair('    lable: x')}\nmethods: [majority]`,
      'trial.yaml, pairs[0].lable: is no key that is known there',
    ],
    [`pairs: ${pair()}\nmethods: [majority]\nseeds: [1.5]`, 'trial.yaml, seeds[0]: is 1.5'],
    [`pairs: ${pair()}\nmethods: [majority]\nthreshold: 2`, 'trial.yaml, threshold: is 2'],
    [`pairs: ${pair()}`, 'trial.yaml, methods: is missing'],
    [
      'pairs:\n  - { name: p, query: b, label: c }\nmethods: [majority]',
      'trial.yaml, pairs[0].reference[0]: is missing',
    ],
    [
      'pairs:\n  - { name: p, reference: a, query: b, label: c, scenario: rna }\nmethods: [majority]',
      'trial.yaml, pairs[0].scenario: is "rna"',
    ],
    [`pairs: ${pair()}\nmethods: [magic]`, 'trial.yaml, methods[0].method: There is no method "magic"'],
    [
      `pairs: ${pair()}\nmethods: [majority, { method: cellpredx, settings: { steps: 0 } }]`,
      'trial.yaml, methods[1].settings: The setting steps of CellPredX is 0',
    ],
    [
      `pairs: ${pair()}\nmethods: [{ method: cellpredx, vary: { tau: [1] } }]`,
      'trial.yaml, methods[0].vary: CellPredX has no setting "tau"',
    ],
    [
      `pairs: ${pair()}\nmethods: [{ method: cellpredx, preset: best }]`,
      'trial.yaml, methods[0].preset: CellPredX has no preset "best"',
    ],
    [`pairs: ${pair()}\nmethods: [majority, majority]`, 'methods: has the name "Most frequent label" twice'],
    [
      `pairs: ${pair()}\nmethods: [{ method: majority, ablates: CellPredX }]`,
      'methods[0].ablates: is "CellPredX", and the methods are Most frequent label',
    ],
    [`pairs: ${pair()}${pair().slice(1)}\nmethods: [majority]`, 'trial.yaml, pairs: has the name "one" twice'],
    ['pairs: [', 'trial.yaml, line 1, column'],
    ['just words', 'trial.yaml, the file: is "just words"'],
  ])('is refused where it is wrong, with the key and what stands there: %j', async (text, message) => {
    const failure = await failureOf(text);
    expect(failure.code).toBe('command.bad-benchmark-file');
    expect(failure.message).toContain(message);
  });

  test('that cannot be read is refused with its name', async () => {
    const path = join(newFolder(), 'none.yaml');
    await expect(readBenchmarkFile(path)).rejects.toMatchObject({ code: 'reading.no-such-file', details: { path } });
  });

  test.each(['sample', 'pairs'])(
    'bench/%s.yaml can be read, and every method and setting in it exists',
    async (name) => {
      const benchmark = await readBenchmarkFile(join('bench', `${name}.yaml`));
      const { combinations } = combinationsOf(benchmark);
      expect(combinations.length).toBeGreaterThan(4);
    },
  );
});
