import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';

const sample = (name: string): string => join('resources', 'sample-study', name);
const wanted = ['--reference', sample('reference.h5ad'), '--query', sample('query.h5ad'), '--label', 'cell_type'];
const quick = ['--scenario', 'rna-atac', '--truth', 'true_label', '--set', 'steps=40'];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the signal to the end. */
  readonly afterSignal: number;
}

/** Runs the command line; sends Ctrl-C once `interruptAt` is seen on stderr. */
function cellpredx(args: readonly string[], interruptAt?: string): Promise<Ended> {
  const child = spawn(process.execPath, ['src-main/cli.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, signalled] = ['', '', 0];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
    if (interruptAt !== undefined && signalled === 0 && stderr.includes(interruptAt)) {
      signalled = performance.now();
      child.kill('SIGINT');
    }
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr, afterSignal: performance.now() - signalled }));
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('annotate', () => {
  test('leaves every promised file, never touches the query, and gives the same labels for the same seed', async () => {
    const before = hashOf(sample('query.h5ad'));
    const out = join(folder, 'first results'); // a space in the path
    const first = await cellpredx(['annotate', ...wanted, ...quick, '--out', out, '--json']);
    expect(first.stderr).not.toMatch(/error|warn/i);
    expect(first.code).toBe(0);
    expect(hashOf(sample('query.h5ad'))).toBe(before);
    expect(readdirSync(out).sort()).toEqual([
      'embedding.csv.gz',
      'figures',
      'labels.csv',
      'markers.csv',
      'probabilities.csv.gz',
      'query.annotated.h5ad',
      'summary.json',
    ]);
    const summary = JSON.parse(first.stdout) as RunSummaryFile;
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(summary);
    expect(summary).toMatchObject({ scenario: 'rna-atac', method: 'cellpredx', seed: 1234, engine: 'wasm', steps: 40 });
    expect(summary.inputs.map(({ role, sha256 }) => [role, sha256])).toEqual([
      ['reference', hashOf(sample('reference.h5ad'))],
      ['query', before],
    ]);
    expect(summary.metrics!.accuracy).toBeGreaterThan(0.5);
    expect(summary.peak_rss_bytes).toBeGreaterThan(1e7);

    const [header, ...rows] = lines(join(out, 'labels.csv'));
    expect(header).toBe('cell,predicted,confidence,label');
    expect(rows.length).toBe(summary.cells.query);
    for (const row of rows) {
      const [, predicted, confidence, label] = row.split(',');
      expect(label).toBe(Number(confidence) > 0.95 ? predicted : 'Unknown');
    }
    const probabilities = gunzipSync(readFileSync(join(out, 'probabilities.csv.gz')))
      .toString()
      .trimEnd()
      .split('\n');
    for (const row of probabilities.slice(1, 50)) {
      const sum = row
        .split(',')
        .slice(1)
        .reduce((total, value) => total + Number(value), 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    }
    const figures = readdirSync(join(out, 'figures'));
    for (const name of [
      'umap-dataset',
      'umap-predicted-label',
      'umap-confidence',
      'label-composition',
      'confusion',
      'loss-curves',
    ]) {
      expect(figures).toContain(`${name}.svg`);
    }

    const again = join(folder, 'again');
    const second = await cellpredx(['annotate', ...wanted, ...quick, '--out', again, '--no-figures']);
    expect(second.code).toBe(0);
    expect(hashOf(join(again, 'labels.csv'))).toBe(hashOf(join(out, 'labels.csv')));
    expect(readdirSync(join(again, 'figures'))).toEqual([]);

    const scored = await cellpredx([
      ...[
        'evaluate',
        '--labels',
        join(out, 'labels.csv'),
        '--truth',
        sample('query.h5ad'),
        '--column',
        'true_label',
        '--json',
      ],
    ]);
    expect(scored.code).toBe(0);
    const assessment = JSON.parse(scored.stdout) as { closed: { accuracy: number }; novelty: { auroc: number } };
    expect(assessment.closed.accuracy).toBeCloseTo(summary.metrics!.accuracy!, 12);
    expect(assessment.novelty.auroc).toBeCloseTo(summary.metrics!.novelty_auroc!, 3); // confidences have six digits in the file
  }, 180_000);

  test('stops within a second at Ctrl-C, with exit code 130 and nothing written', async () => {
    const out = join(folder, 'stopped');
    const ended = await cellpredx(['annotate', ...wanted, '--out', out, '--set', 'steps=5000'], 'Step ');
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('cancelled');
    expect(ended.afterSignal).toBeLessThan(5000); // one second on a quiet computer; this one may be busy
    expect(() => readdirSync(out)).toThrow('ENOENT');
  }, 120_000);

  test('writes nothing into a folder that holds something else', async () => {
    const out = mkdtempSync(join(folder, 'mine-'));
    writeFileSync(join(out, 'thesis.docx'), 'years of work');
    const ended = await cellpredx(['annotate', ...wanted, ...quick, '--out', out]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^error\[command\.out-holds-other-files\]: .*thesis\.docx.*\nremedy: /m);
    expect(readdirSync(out)).toEqual(['thesis.docx']);
  });
});

test.each([
  [['anotate'], 'command.unknown-command'],
  [['toString'], 'command.unknown-command'],
  [['annotate', '--reference', 'a.h5ad'], 'command.missing-option'],
  [['annotate', ...wanted, '--out', 'x', '--sede', '1'], 'command.unknown-option'],
  [['annotate', ...wanted, '--out', 'x', '--threshold', 'high'], 'command.bad-value'],
  [['annotate', ...wanted, '--out', 'x', '--threshold', ''], 'command.bad-value'],
  [
    ['annotate', '--reference', 'absent', '--query', 'absent', '--label', 'l', '--out', 'x', '--set', 'steps=many'],
    'training.setting-out-of-range',
  ],
  [['annotate', ...wanted, '--out', 'x', '--method', 'magic'], 'training.no-such-method'],
  [['annotate', ...wanted, '--out', 'x', '--set', 'stepps=3'], 'training.no-such-setting'],
  [['annotate', ...wanted, '--out', 'x', '--truth', 'nothing'], 'command.no-such-column'],
  [['inspect', 'not-there.h5ad'], 'reading.no-such-file'],
  [['evaluate', '--labels', 'package.json', '--truth', sample('query.h5ad'), '--column', 'true_label'], 'reading.'],
])('%j ends with exit code 2, %s and a remedy', async (args, code) => {
  const ended = await cellpredx(args);
  expect(ended.stderr).toContain(`error[${code}`);
  expect(ended.stderr).toMatch(/^remedy: .+/m);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe('');
});

test('methods and engines print JSON that says what can be chosen', async () => {
  const methods = JSON.parse((await cellpredx(['methods', '--json'])).stdout) as { id: string; presets: object }[];
  expect(methods.map(({ id }) => id)).toContain('cellpredx');
  expect(Object.keys(methods[0]!.presets)).toEqual(['recommended', 'paper', 'reproduce']);
  const engines = JSON.parse((await cellpredx(['engines', '--json'])).stdout) as { name: string; canRun: boolean }[];
  expect(engines.find(({ name }) => name === 'wasm')?.canRun).toBe(true);
});
