import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunSummaryFile } from '../../src-main/compute-process/run-record.ts';

const cli = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));

/** `cellpredx annotate` with these options, once for each seed; the summaries. Throws what a run prints when it fails. */
export function annotateRuns(options: readonly string[], seeds: readonly number[]): RunSummaryFile[] {
  const out = mkdtempSync(join(tmpdir(), 'cellpredx-runs-'));
  try {
    return seeds.map((seed) => {
      const args = ['annotate', ...options, '--seed', String(seed), '--out', out, '--no-figures', '--json'];
      const done = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (done.status !== 0) throw new Error(`cellpredx ${args.join(' ')}: ${done.stderr}`);
      return JSON.parse(done.stdout) as RunSummaryFile;
    });
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Mean ± standard deviation (n − 1), three decimals. */
export function spread(values: readonly number[]): string {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((a, value) => a + (value - mean) ** 2, 0);
  const deviation = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  return `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
}
