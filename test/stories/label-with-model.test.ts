import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';

const sample = (name: string): string => join('resources', 'sample-study', name);
const query = ['--query', sample('query.h5ad')];

function cellpredx(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('src-main', 'cli.ts'), ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

let folder: string;
let model: string;
let run: RunSummaryFile;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-model-'));
  model = join(folder, 'run', 'model.cpxmodel');
  const files = ['--reference', sample('reference.h5ad'), ...query, '--label', 'cell_type', '--truth', 'true_label'];
  const settings = ['--method', 'nearest-centroid', '--seed', '5', '--threshold', '0.3', '--no-figures', '--json'];
  const made = cellpredx('annotate', ...files, ...settings, '--out', join(folder, 'run'));
  expect(made.code, made.stderr).toBe(0);
  run = JSON.parse(made.stdout) as RunSummaryFile;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const text = (results: string, name: string): string => readFileSync(join(folder, results, name), 'utf8');
const rows = (results: string): string =>
  gunzipSync(readFileSync(join(folder, results, 'probabilities.csv.gz'))).toString();

test('a model labels the query of its run as the run did, without the reference, and says where it comes from', () => {
  const out = join(folder, 'again');
  const made = cellpredx('annotate', '--model', model, ...query, '--truth', 'true_label', '--out', out, '--json');
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).not.toMatch(/error|warn|Training/i);
  expect(readdirSync(out).sort()).toEqual(
    readdirSync(join(folder, 'run'))
      .filter((name) => name !== 'model.cpxmodel')
      .sort(),
  );
  expect(text('again', 'labels.csv')).toBe(text('run', 'labels.csv'));
  expect(rows('again')).toBe(rows('run'));
  const summary = JSON.parse(text('again', 'summary.json')) as RunSummaryFile;
  expect(JSON.parse(made.stdout)).toEqual(summary);
  expect(summary).toMatchObject({
    ...{ method: 'nearest-centroid', seed: 5, threshold: 0.3, scenario: run.scenario, settings: run.settings },
    model: {
      ...{ file: 'model.cpxmodel', made_by: run.version, missing_features: 0 },
      reference: { name: 'reference.h5ad', cells: run.cells.reference, label: 'cell_type' },
    },
    metrics: { accuracy: run.metrics!.accuracy, macro_f1: run.metrics!.macro_f1 },
  });
  expect(summary.inputs.map(({ role }) => role)).toEqual(['query', 'model']);
}, 120_000);

test('another threshold moves what is shown, and the table says by what the cells were labelled', () => {
  const out = join(folder, 'moved');
  const made = cellpredx('annotate', '--model', model, ...query, '--threshold', '0', '--out', out);
  expect(made.code, made.stderr).toBe(0);
  expect(made.stdout).toMatch(/query cells by the model model\.cpxmodel, trained on \d+ cells of reference\.h5ad; /);
  expect(text('moved', 'labels.csv')).not.toContain('Unknown');
}, 120_000);

test.each([
  ['--reference', sample('reference.h5ad')],
  ['--label', 'cell_type'],
  ['--set', 'steps=3'],
  ['--tune'],
  ['--project', 'somewhere'],
])('%s beside --model is refused by its name', (...option) => {
  const made = cellpredx('annotate', '--model', model, ...query, '--out', join(folder, 'never'), ...option);
  expect(made.code).toBe(2);
  expect(made.stderr).toContain(`error[command.not-with-model]: ${option[0]} cannot be given with --model`);
});

test('a damaged model, one that is none, and one in the folder of the results are refused before anything is written', () => {
  const bytes = readFileSync(model);
  bytes[bytes.length - 3]! ^= 1;
  const damaged = join(folder, 'damaged.cpxmodel');
  writeFileSync(damaged, bytes);
  const out = join(folder, 'never');
  const codes = [damaged, sample('query.h5ad')].map((path) => {
    const made = cellpredx('annotate', '--model', path, ...query, '--out', out);
    expect(made.code).toBe(2);
    return /error\[([^\]]+)\]/.exec(made.stderr)?.[1];
  });
  expect(codes).toEqual(['reading.model-damaged', 'reading.not-a-model']);
  const within = cellpredx('annotate', '--model', model, ...query, '--out', join(folder, 'run'));
  expect(within.stderr).toContain('error[command.out-holds-an-input]');
  expect(readdirSync(folder)).not.toContain('never');
});

test('without --model the reference is asked for, and the help of annotate tells of both', () => {
  expect(cellpredx('annotate', ...query, '--out', join(folder, 'never')).stderr).toContain(
    'error[command.missing-option]: annotate needs --reference FILE…',
  );
  expect(cellpredx('annotate', '--help').stdout).toMatch(
    /--model FILE +label with the model\.cpxmodel of an earlier run/,
  );
});
