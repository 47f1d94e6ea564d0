import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunSummaryFile } from '#compute/run-record';
import { scratch, syntheticStudy } from './synthetic-study.ts';

export interface WholeRun {
  /** Cells of the query; the reference has a tenth of them, 500 at least. */
  readonly cells: number;
  readonly genes: number;
  readonly density: number;
  readonly steps: number;
  /** With the map of the cells and all figures. */
  readonly figures: boolean;
}

/**
 * A run from files to results on synthetic studies, as a user starts it, in a project: the compute process does the work, and the
 * summary tells its seconds per stage and its peak memory.
 */
export async function wholeRun({ cells, genes, density, steps, figures }: WholeRun): Promise<RunSummaryFile> {
  const query = await syntheticStudy('query', { cells, genes, density });
  const reference = await syntheticStudy('reference', { cells: Math.max(500, cells / 10), genes, density });
  const folder = mkdtempSync(join(scratch, 'run-'));
  try {
    const args = [
      ...['annotate', '--reference', reference, '--query', query, '--label', 'cell_type', '--truth', 'cell_type'],
      ...['--scenario', 'rna-rna', '--set', `steps=${steps}`, '--engine', 'wasm'],
      ...['--project', join(folder, 'bench.cpx'), '--out', join(folder, 'results')],
      ...(figures ? [] : ['--no-figures']),
    ];
    const cli = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
    const done = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    if (done.status !== 0) throw new Error(`the run over ${cells} cells ended with ${done.status}: ${done.stderr}`);
    return JSON.parse(readFileSync(join(folder, 'results', 'summary.json'), 'utf8')) as RunSummaryFile;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
