import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { AnnotationRequest } from '#contract/annotation-request';
import { forkCompute } from '#jobs/compute-child';
import { openProjectReadOnly } from '#store/project';
import { temporaryFolders } from '#test/support/temporary-folder';
import { tinyRequest, tinyRunner } from '#test/support/tiny-request';
import { PairEntry } from '../../src-main/cli/benchmark/benchmark-file.ts';
import type { Combination } from '../../src-main/cli/benchmark/combinations.ts';
import { runCombinations } from '../../src-main/cli/benchmark/run-combinations.ts';
import type { BenchmarkResults } from '../../src-main/cli/benchmark/write-benchmark.ts';

const newFolder = temporaryFolders();
const queue = { startCompute: forkCompute({ args: ['--runner', tinyRunner] }) };
const never = new AbortController().signal;

/** Combinations of the tiny runner, one per settings; their seeds count from 1. */
function tiny(folder: string, settings: readonly Record<string, unknown>[]): Combination[] {
  const pair = PairEntry.parse({ name: 'tiny', reference: 'r', query: 'q', label: 'l' });
  return settings.map((own, i) => ({
    pair,
    variant: {
      name: 'Tiny',
      methodId: 'tiny',
      preset: 'recommended',
      settings: {},
      tune: false,
      varied: null,
      ablates: null,
    },
    seed: i + 1,
    request: AnnotationRequest.parse(tinyRequest(folder, own, i + 1)),
  }));
}

describe('the combinations of a benchmark', () => {
  test('are runs of a project, and those that have finished are not repeated', async () => {
    const folder = newFolder();
    const project = join(folder, 'p.cpx');
    const settings = [{ steps: 5 }, { steps: 6 }, { steps: 7 }];
    const all = tiny(folder, settings);
    const first = await runCombinations(project, all.slice(0, 2), { signal: never, queue });
    expect(first.map((end) => end.status === 'finished' && end.kept)).toEqual([false, false]);
    const again = await runCombinations(project, all, { signal: never, queue });
    expect(again.map((end) => end.status === 'finished' && end.kept)).toEqual([true, true, false]);
    expect(again.slice(0, 2).map(({ runId }) => runId)).toEqual(first.map(({ runId }) => runId));
  }, 120_000);

  test('a file that has changed since is read again', async () => {
    const folder = newFolder();
    const project = join(folder, 'p.cpx');
    const combinations = tiny(folder, [{ steps: 5 }]);
    const [first] = await runCombinations(project, combinations, { signal: never, queue });
    writeFileSync(join(folder, 'query.txt'), 'another query, longer');
    const [second] = await runCombinations(project, combinations, { signal: never, queue });
    expect(second).toMatchObject({ status: 'finished', kept: false });
    expect(second!.runId).not.toBe(first!.runId);
    const [third] = await runCombinations(project, combinations, { signal: never, queue });
    expect(third).toMatchObject({ kept: true, runId: second!.runId });
  }, 120_000);

  test('a failed run does not end the others, and is tried again the next time', async () => {
    const folder = newFolder();
    const project = join(folder, 'p.cpx');
    const combinations = tiny(folder, [{ steps: 6, trouble: 'app-error' }, { steps: 6 }]);
    const ends = await runCombinations(project, combinations, { signal: never, queue });
    expect(ends.map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(ends[0]).toMatchObject({ error: { code: expect.stringMatching(/\./) as string } });
    const again = await runCombinations(project, combinations, { signal: never, queue });
    expect(again.map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(again[0]!.runId).toBe(ends[0]!.runId);
    expect(again[1]).toMatchObject({ kept: true });
  }, 120_000);

  test('that were stopped go on with the run that was going on, in the same run', async () => {
    const folder = newFolder();
    const project = join(folder, 'p.cpx');
    const combinations = tiny(folder, [{ steps: 5 }, { steps: 300, stepMs: 10 }, { steps: 5 }]);
    const stop = new AbortController();
    const stopped = runCombinations(project, combinations, {
      ...{ signal: stop.signal, queue },
      event: (event) => {
        if (event.kind === 'step' && event.step > 20 && event.steps === 300) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Cancelled);
    const before = openProjectReadOnly(project);
    expect(before.runs().map(({ status }) => status)).toEqual(['interrupted', 'finished']);
    const interrupted = before.runs()[0]!.id;
    before.close();
    const ends = await runCombinations(project, combinations, { signal: never, queue });
    expect(ends.map((end) => end.status === 'finished' && end.kept)).toEqual([true, false, false]);
    expect(ends[1]!.runId).toBe(interrupted);
  }, 120_000);
});

/** Runs `cellpredx benchmark` on a file; kills every process of it once `killAt` is seen on stderr. */
function benchmark(file: string, project: string, killAt?: string): Promise<{ code: number | null; stdout: string }> {
  const args = [join('src-main', 'cli.ts'), 'benchmark', file, '--project', project, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let [stdout, stderr, killed] = ['', '', false];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
    if (killAt === undefined || killed || !stderr.includes(killAt)) return;
    killed = true;
    process.kill(-child.pid!, 'SIGKILL');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout })));
}

test.skipIf(process.platform === 'win32')(
  'the benchmark of the sample study, killed on its way, goes on and leaves its tables and figures',
  async () => {
    const project = join(newFolder(), 'sample.cpx');
    const file = join('bench', 'sample.yaml');
    expect((await benchmark(file, project, '[3/')).code).toBeNull();
    const killed = openProjectReadOnly(project);
    const finished = killed.runs().filter(({ status }) => status === 'finished');
    expect(finished.length).toBeGreaterThanOrEqual(3);
    killed.close();

    const { code, stdout } = await benchmark(file, project);
    expect(code).toBe(0);
    const results = JSON.parse(stdout) as BenchmarkResults;
    expect(results.failed).toEqual([]);
    expect(results.scores).toHaveLength(12);
    const kept = results.scores.filter(({ runId }) => finished.some(({ id }) => id === runId));
    expect(kept).toHaveLength(finished.length);
    const accuracy = (method: string): number =>
      results.tables.methods.find((row) => row.method === method)!.measures.accuracy!.mean;
    expect(accuracy('CellPredX')).toBeGreaterThan(accuracy('CellPredX without contrastive loss'));
    expect(accuracy('Nearest centroid')).toBeGreaterThan(0.6);

    const folder = join(project, 'benchmarks', 'sample');
    expect(readdirSync(folder).sort()).toEqual([
      ...['benchmark.json', 'figures', 'methods.csv', 'pairs.csv', 'runs.csv', 'tests.csv'],
    ]);
    expect(readFileSync(join(folder, 'runs.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(13);
    expect(readdirSync(join(folder, 'figures'))).toEqual(
      expect.arrayContaining([
        'bars-accuracy.svg',
        'bars-accuracy.csv',
        'ablation-cellpredx.svg',
        'run-time.svg',
        'memory.svg',
      ]),
    );
    const whole = openProjectReadOnly(project);
    expect(whole.runs().map(({ status }) => status)).toEqual(new Array(12).fill('finished'));
    whole.close();
  },
  600_000,
);
