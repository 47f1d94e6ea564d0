/**
 * From a fragments file on disk to gene activity: fragments per second and peak memory, of reading alone and of reading and
 * counting. The file (bgzip, sorted, five columns) is simulated into the temporary folder and removed afterwards. Wall time is
 * what a person waits; processor time is what is left of it on a computer that does nothing else: that of the thread that parses
 * and counts, and that of the whole program, unpacking on another thread included.
 *
 *     npm run bench -- fragments
 *     FRAGMENTS=50000000 CELLS=10000 GENES=25000 npm run bench -- fragments
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EveryBarcode } from '../src-main/core/chromatin/cell-rows.ts';
import { type ActivityCounter, GeneActivityCounter } from '../src-main/core/chromatin/gene-activity.ts';
import { WeightedActivityCounter } from '../src-main/core/chromatin/weighted-activity.ts';
import { FragmentReading } from '../src-main/formats/fragments/fragment-reading.ts';
import { writeFragmentsFile } from './support/fragments-file.ts';
import { simulatedGenes } from './support/simulated-fragments.ts';
import { aligned, machine, numbersOf } from './support/table.ts';

const fragments = numbersOf('FRAGMENTS', [5_000_000])[0]!;
const cells = numbersOf('CELLS', [10_000])[0]!;
const genes = numbersOf('GENES', [25_000])[0]!;
const ways: Readonly<Record<string, () => ActivityCounter | null>> = {
  'reading alone': () => null,
  'gene bodies': () => new GeneActivityCounter(simulatedGenes(genes, 1)),
  'weighted by distance': () => new WeightedActivityCounter(simulatedGenes(genes, 1)),
};

/** Every way has a process of its own, so that its peak memory is its own. */
async function main([task, path]: string[]): Promise<void> {
  if (task === 'make') return writeFragmentsFile(path!, { fragments, cells, seed: 1 });
  if (task !== undefined) return measure(task, path!);
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-bench-'));
  const file = join(folder, 'fragments.tsv.gz');
  const child = (...parts: string[]): string =>
    execFileSync(process.execPath, [import.meta.filename, ...parts], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  try {
    child('make', file);
    const size = (statSync(file).size / 1e6).toFixed(0);
    console.log(`${machine()}\n${fragments} fragments (${size} MB), ${cells} cells, ${genes} genes.`);
    const rows = Object.keys(ways).map((way) => [way, ...(JSON.parse(child(way, file)) as number[])]);
    const columns = ['', 'wall s', 'thread s', 'all s', 'million/s of wall', 'million/s of thread', 'peak MiB'];
    console.log(aligned(columns, rows));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(way: string, path: string): Promise<void> {
  const counter = ways[way]!();
  const barcodes = new EveryBarcode();
  const begun = performance.now();
  const [all, thread] = [process.cpuUsage(), process.threadCpuUsage()];
  const reading = new FragmentReading(path);
  for await (const block of reading) counter?.add(block, barcodes);
  await counter?.result(barcodes.rows);
  const seconds = ({ user, system }: { user: number; system: number }): number => (user + system) / 1e6;
  const wall = (performance.now() - begun) / 1000;
  const own = seconds(process.threadCpuUsage(thread));
  const read = reading.report.read / 1e6;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify([wall, own, seconds(process.cpuUsage(all)), read / wall, read / own, peak]));
}

await main(process.argv.slice(2));
