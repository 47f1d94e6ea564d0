import { createHash } from 'node:crypto';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { RunSummaryFile } from '#compute/run-record';
import { openProjectReadOnly } from '#store/project';
import { frame, tag, writeHdf5 } from '#test/support/hdf5-writer';

const cli = join('src-main', 'cli.ts');
const sample = (name: string): string => join('resources', 'sample-study', name);
const wanted = ['--reference', sample('reference.h5ad'), '--query', sample('query.h5ad'), '--label', 'cell_type'];
const quick = ['--scenario', 'rna-atac', '--truth', 'true_label', '--set', 'steps=40'];

interface Ended {
  /** As a shell tells it: 130 also for a program that Ctrl-C ended before it had begun to listen. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the signal to the end. */
  readonly afterSignal: number;
}

/**
 * Runs the command line; presses Ctrl-C once `interruptAt` is seen on stderr, or after so many milliseconds. As in a
 * terminal, every process of the command gets the signal.
 */
function cellpredx(args: readonly string[], interruptAt?: string | number): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [stdout, stderr, signalled] = ['', '', 0];
  const interrupt = (): void => {
    if (signalled > 0 || child.exitCode !== null) return;
    signalled = performance.now();
    process.kill(-child.pid!, 'SIGINT');
  };
  const timer = typeof interruptAt === 'number' ? setTimeout(interrupt, interruptAt) : undefined;
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
    if (typeof interruptAt === 'string' && stderr.includes(interruptAt)) interrupt();
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: signal === 'SIGINT' ? 130 : code, stdout, stderr, afterSignal: performance.now() - signalled });
    });
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
      'README.txt',
      'embedding.csv.gz',
      'figures',
      'labels.csv',
      'markers.csv',
      'model.cpxmodel',
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

  test('ends at Ctrl-C whatever it is busy with, with exit code 130 and nothing written', async () => {
    const started = performance.now();
    const whole = await cellpredx(['annotate', ...wanted, ...quick, '--out', join(folder, 'whole')]);
    const wholeRun = performance.now() - started;
    expect(whole.code).toBe(0);
    const random = new Random(20_260_712);
    for (let moment = 0; moment < 4; moment++) {
      const out = join(folder, `stopped ${moment}`, 'results');
      const after = Math.round(wholeRun * (moment + random.uniform()) * (1 / 4));
      const ended = await cellpredx(['annotate', ...wanted, ...quick, '--out', out], after);
      const told = `after ${after} of ${Math.round(wholeRun)} ms: ${ended.stderr}`;
      if (ended.code === 0) {
        // the signal came when everything was done
        expect(readdirSync(out).sort(), told).toEqual(readdirSync(join(folder, 'whole')).sort());
        continue;
      }
      expect(ended.code, told).toBe(130);
      expect(ended.afterSignal, told).toBeLessThan(10_000); // within a second on a quiet computer; this one may be busy
      expect(() => readdirSync(join(out, '..')), told).toThrow('ENOENT');
    }
  }, 300_000);

  test('ends at Ctrl-C during a training, and leaves the results of an earlier run as they were', async () => {
    const out = join(folder, 'earlier');
    mkdirSync(out);
    writeFileSync(join(out, 'labels.csv'), 'earlier');
    const ended = await cellpredx(['annotate', ...wanted, '--out', out, '--set', 'steps=5000'], 'Step ');
    expect(ended.code).toBe(130);
    expect(ended.stderr).toMatch(/\ncancelled\n$/);
    expect(readdirSync(out)).toEqual(['labels.csv']);
    expect(readFileSync(join(out, 'labels.csv'), 'utf8')).toBe('earlier');
  }, 120_000);

  test('keeps a run that was ended at Ctrl-C in its project, cancelled, and can run there again', async () => {
    const [out, project] = [join(folder, 'of the project'), join(folder, 'kept.cpx')];
    const args = ['annotate', ...wanted, ...quick, '--out', out, '--project', project];
    const ended = await cellpredx([...args, '--set', 'steps=5000'], 'Step ');
    expect(ended.code).toBe(130);
    expect(() => readdirSync(out)).toThrow('ENOENT');
    const again = await cellpredx(args);
    expect(again.stderr).not.toMatch(/error|warn/i);
    expect(readdirSync(out)).toContain('query.annotated.h5ad');
    const opened = openProjectReadOnly(project);
    expect(opened.runs().map(({ status }) => status)).toEqual(['finished', 'cancelled']);
    opened.close();
  }, 180_000);

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
  [['annotate', ...wanted, '--out', 'x', '--label', 'nothing'], 'preparing.no-such-label-column'],
  [['annotate', ...wanted, '--out', join('package.json', 'x')], 'command.out-is-a-file'],
  [['annotate', ...wanted, '--out', ''], 'command.bad-value'],
  [['annotate', ...wanted, '--out', 'x', '--project', join('package.json', 'x.cpx')], 'command.out-is-a-file'],
  [['inspect', 'not-there.h5ad'], 'reading.no-such-file'],
  [['inspect', ''], 'command.bad-value'],
  [['inspect', sample('query.h5ad'), '--out', join('package.json', 'x.h5ad')], 'command.out-is-a-file'],
  [['evaluate', '--labels', 'package.json', '--truth', sample('query.h5ad'), '--column', 'true_label'], 'reading.'],
])('%j ends with exit code 2, %s and a remedy', async (args, code) => {
  const ended = await cellpredx(args);
  expect(ended.stderr).toContain(`error[${code}`);
  expect(ended.stderr).toMatch(/^remedy: .+/m);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe('');
});

test.skipIf(process.platform !== 'linux')('a place where the system takes no folder is refused at once', async () => {
  const ended = await cellpredx(['annotate', ...wanted, '--out', join('/proc', 'a', 'b')], 30_000);
  expect(ended.stderr).toContain('error[command.cannot-write]: /proc/a could not be written');
  expect(ended.code).toBe(2);
});

test.skipIf(process.platform === 'win32')('a pipe is refused as such, wherever a file is wanted', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const args of [
    ['inspect', pipe],
    ['annotate', ...wanted, '--query-labels', pipe, '--out', join(folder, 'x')],
    ['evaluate', '--labels', pipe, '--truth', sample('query.h5ad'), '--column', 'true_label'],
  ]) {
    const ended = await cellpredx(args, 30_000);
    expect(ended.stderr).toContain(`error[reading.not-a-regular-file]: ${pipe} is a pipe`);
    expect(ended.code).toBe(2);
  }
});

test('inspecting a file without a matrix shows what it is and ends with exit code 2', async () => {
  const bare = join(folder, 'bare.h5ad');
  await writeHdf5(bare, (root) => {
    tag(root, 'anndata', '0.1.0');
    frame(root, 'obs', ['c1', 'c2']);
    frame(root, 'var', ['G1']);
  });
  const ended = await cellpredx(['inspect', bare]);
  expect(ended.stdout).toContain('holds no matrix');
  expect(ended.stderr).toContain('error[reading.no-matrix]: bare.h5ad');
  expect(ended.code).toBe(2);
});

test('inspect writes a repaired copy into a folder that it makes, beside nothing else', async () => {
  const out = join(folder, 'copies', 'copy.h5ad');
  const ended = await cellpredx(['inspect', sample('query.h5ad'), '--out', out]);
  expect(ended.code).toBe(0);
  expect(readdirSync(join(folder, 'copies'))).toEqual(['copy.h5ad']);
  expect((await cellpredx(['inspect', out])).code).toBe(0);
});

test('relative paths are read from the folder where the person is', () => {
  const here = join(folder, 'here');
  mkdirSync(here);
  writeFileSync(join(here, 'mine.csv'), '');
  const inspect = (cwd: string, env: NodeJS.ProcessEnv): string => {
    const args = [join(process.cwd(), 'scripts', 'cellpredx.mjs'), 'inspect', 'mine.csv'];
    return spawnSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' }).stderr;
  };
  // npm goes to the root of the package and names the person's folder; called directly, a name that another npm left counts nothing
  const byNpm = { INIT_CWD: here, npm_lifecycle_event: 'cellpredx' };
  const directly = { INIT_CWD: tmpdir(), npm_lifecycle_event: undefined };
  expect(inspect(process.cwd(), byNpm)).toContain('error[reading.empty-file]: mine.csv');
  expect(inspect(here, directly)).toContain('error[reading.empty-file]: mine.csv');
});

test('methods and engines print JSON that says what can be chosen', async () => {
  const methods = JSON.parse((await cellpredx(['methods', '--json'])).stdout) as { id: string; presets: object }[];
  expect(methods.map(({ id }) => id)).toContain('cellpredx');
  expect(Object.keys(methods[0]!.presets)).toEqual(['recommended', 'paper', 'reproduce']);
  const engines = JSON.parse((await cellpredx(['engines', '--json'])).stdout) as { name: string; canRun: boolean }[];
  expect(engines.find(({ name }) => name === 'wasm')?.canRun).toBe(true);
});
