/**
 * Real pairs with known truth: accuracy and macro-F1 over seeds, time and memory, beside the simple baselines.
 * Reads the development data beside the checkout and says so where they are absent.
 *
 *     npm run bench -- pairs                       all pairs, 3 seeds, recommended preset
 *     METHOD=auto SEEDS=1 npm run bench -- pairs
 *     TUNE=1 npm run bench -- pairs                with settings tuned for each pair
 *     PAIRS=pbmc SEEDS=1 PRESET=paper SET="steps=500 tau=0.4" npm run bench -- pairs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunSummaryFile } from '../src-main/compute-process/run-record.ts';
import { geneActivityFile } from './support/gene-activity-file.ts';

interface Pair {
  readonly name: string;
  readonly scenario: string;
  readonly reference: string;
  readonly query: string;
  readonly label_column: string;
  readonly exclude_labels?: readonly string[];
  readonly query_labels?: string;
  readonly genes_bed?: string;
}

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const cli = fileURLToPath(new URL('../src-main/cli.ts', import.meta.url));
const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 3) }, (_, i) => 1234 + i);
const method = process.env['METHOD'] ?? 'cellpredx';
const preset = process.env['PRESET'] ?? 'recommended';
const tune = process.env['TUNE'] === '1';
const set = (process.env['SET'] ?? '').split(' ').filter(Boolean);

if (existsSync(data)) await main();
else console.log('pairs: the development data are not beside this checkout; nothing was measured.');

async function main(): Promise<void> {
  const wanted = process.env['PAIRS'] ?? '';
  const pairs = (JSON.parse(readFileSync(join(data, 'pairs.json'), 'utf8')) as Pair[]).filter((p) =>
    p.name.includes(wanted),
  );
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-pairs-'));
  console.log(
    `${method}, preset ${preset} ${set.join(' ')}${tune ? 'tuned' : ''}, seeds ${seeds.join(', ')}; accuracy / macro-F1 on cells of shared labels, mean ± sd`,
  );
  console.log(
    '| pair | scenario | cells scored | features | accuracy | macro-F1 | steps | ms per step | total s | peak MiB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  try {
    for (const pair of pairs) console.log(row(pair, await runs(pair, folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runs(pair: Pair, folder: string): Promise<RunSummaryFile[]> {
  const query =
    pair.genes_bed === undefined
      ? join(data, pair.query)
      : await geneActivityFile(data, pair.query, pair.genes_bed, folder);
  const peaks = join(data, pair.query.replace('gene_activity', 'peaks'));
  const crossModality = pair.scenario === 'RNA->ATAC';
  return seeds.map((seed) => {
    const args = [
      ...['annotate', '--reference', join(data, pair.reference), '--query', query, '--label', pair.label_column],
      ...['--truth', pair.label_column, '--scenario', scenarioOf(pair), '--method', method],
      ...['--preset', preset, '--seed', String(seed), ...(tune ? ['--tune'] : [])],
      ...['--out', join(folder, 'out'), '--no-figures', '--json'],
      ...(pair.exclude_labels ? ['--reference-repair', `drop-labels=${pair.exclude_labels.join('|')}`] : []),
      ...(crossModality && pair.genes_bed === undefined ? ['--query-peaks', peaks] : []),
      ...(pair.query_labels === undefined ? [] : ['--query-labels', join(data, pair.query_labels)]),
      ...(set.length === 0 ? [] : ['--set', ...set]),
    ];
    const done = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (done.status !== 0) throw new Error(`${pair.name}, seed ${seed}: ${done.stderr}`);
    return JSON.parse(done.stdout) as RunSummaryFile;
  });
}

function scenarioOf(pair: Pair): string {
  if (pair.scenario.startsWith('RNA->RNA')) return 'rna-rna';
  if (pair.scenario.startsWith('ATAC')) return 'atac-atac';
  return pair.genes_bed === undefined ? 'rna-atac' : 'rna-atac-matched'; // shallow fragments: a weak neighbourhood, as the anchor of the pair
}

function row(pair: Pair, done: readonly RunSummaryFile[]): string {
  const last = done.at(-1)!;
  const perStep = done.map((run) => (1000 * run.timings['train']!) / run.steps);
  return `| ${[
    pair.name,
    last.scenario,
    last.metrics?.cells_scored,
    last.features,
    spread(done.map((run) => run.metrics?.accuracy ?? NaN)),
    spread(done.map((run) => run.metrics?.macro_f1 ?? NaN)),
    last.steps,
    mean(perStep).toFixed(0),
    mean(done.map((run) => Object.values(run.timings).reduce((a, b) => a + b, 0))).toFixed(1),
    (Math.max(...done.map((run) => run.peak_rss_bytes)) / 2 ** 20).toFixed(0),
  ].join(' | ')} |`;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function spread(values: readonly number[]): string {
  const m = mean(values);
  const sd = values.length < 2 ? 0 : Math.sqrt(values.reduce((a, v) => a + (v - m) ** 2, 0) / (values.length - 1));
  return `${m.toFixed(3)} ± ${sd.toFixed(3)}`;
}
