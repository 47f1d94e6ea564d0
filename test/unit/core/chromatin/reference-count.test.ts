import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import { type ActivityCounter, GeneActivityCounter, type GeneModel } from '#core/chromatin/gene-activity';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { blocksOfFragments, type TextFragment } from '#test/support/fragment-blocks';
import { hasSharedData, sharedData } from '#test/support/shared-data';
import { temporaryFolders } from '#test/support/temporary-folder';

/** PYTHON names a python with numpy; without one the comparison is skipped. */
const python = process.env['PYTHON'] ?? 'python3';
const withNumpy = spawnSync(python, ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0;
const script = fileURLToPath(new URL('../../../reference/gene_activity.py', import.meta.url));
const folder = temporaryFolders();

const counters: Readonly<Record<string, (genes: readonly GeneModel[]) => ActivityCounter>> = {
  body: (genes) => new GeneActivityCounter(genes),
  weighted: (genes) => new WeightedActivityCounter(genes),
};

/** Fields of the lines of a gzip text file; the gene list has CRLF. */
function lines(path: string): string[][] {
  const text = gunzipSync(readFileSync(path)).toString('utf8').trimEnd();
  return text.split(/\r?\n/).map((line) => line.split('\t'));
}

function genesOf(path: string): GeneModel[] {
  return lines(path).map(([contig, start, end, name, strand]) => ({
    contig: contig!,
    start: Number(start),
    end: Number(end),
    name: name!,
    strand: strand === '-' ? '-' : '+',
  }));
}

function fragmentsOf(path: string): TextFragment[] {
  return lines(path).map(([contig, start, end, barcode]) => ({
    contig: contig!,
    start: Number(start),
    end: Number(end),
    barcode: barcode!,
  }));
}

/** "cell gene" → value, of all values that are not 0. */
async function ours(model: string, fragments: string, genes: string): Promise<Map<string, number>> {
  const counter = counters[model]!(genesOf(genes));
  const cells = new EveryBarcode();
  for (const block of blocksOfFragments(fragmentsOf(fragments), 4096)) counter.add(block, cells);
  const activity = await counter.result(cells.rows);
  const { rows, indptr, indices, values } = activity.matrix as CsrMatrix;
  const out = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      out.set(`${cells.ids[row]} ${activity.genes[indices[p]!]!.name}`, values[p]!);
    }
  }
  return out;
}

interface PythonCounts {
  readonly cells: string[];
  readonly genes: string[];
  readonly rows: number[];
  readonly columns: number[];
  readonly values: number[];
}

function theirs(model: string, fragments: string, genes: string): Map<string, number> {
  const text = execFileSync(python, [script, model, fragments, genes], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { cells, genes: names, rows, columns, values } = JSON.parse(text) as PythonCounts;
  return new Map(values.map((value, i) => [`${cells[rows[i]!]} ${names[columns[i]!]}`, value]));
}

/** A fragment file and gene list of a small genome in which genes nest, overlap, repeat and crowd the ends of contigs. */
function simulated(seed: number): { fragments: string; genes: string } {
  const random = new Random(seed);
  const strand = (): string => (random.below(2) === 0 ? '+' : '-');
  const genes = Array.from({ length: 300 }, (_, i) => {
    const start = random.below(10) === 0 ? 0 : random.below(2_000_000);
    const width = random.below(20) === 0 ? random.below(700_000) : 1 + random.below(40_000);
    const name = random.below(10) === 0 ? `TWICE${random.below(9)}` : `G${i}`;
    return ['1', '2', 'X'][random.below(3)] + `\t${start}\t${start + width}\t${name}\t${strand()}`;
  });
  const fragments = Array.from({ length: 6000 }, () => {
    const start = random.below(2_200_000);
    const contig = ['1', '2', 'X', 'only here'][random.below(4)]!;
    return [contig, start, start + 1 + random.below(900), `cell${random.below(40)}`, 1];
  });
  fragments.sort((a, b) => (a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : Number(a[1]) - Number(b[1])));
  const files = { fragments: join(folder(), 'fragments.tsv.gz'), genes: join(folder(), 'genes.bed.gz') };
  writeFileSync(files.fragments, gzipSync(fragments.map((fields) => fields.join('\t') + '\n').join('')));
  writeFileSync(files.genes, gzipSync(genes.map((line) => line + '\n').join('')));
  return files;
}

function expectAgreement(model: string, found: Map<string, number>, expected: Map<string, number>): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  expect(found.size).toBeGreaterThan(1000);
  for (const [key, value] of expected) {
    if (model === 'body') expect(found.get(key), key).toBe(value);
    else expect(Math.abs(found.get(key)! - value) / value, key).toBeLessThan(1e-6);
  }
}

describe.skipIf(!withNumpy)('gene activity is what an independent count in Python gives (PYTHON with numpy)', () => {
  test.each(['body', 'weighted'])('%s, on simulated fragments', async (model) => {
    const { fragments, genes } = simulated(11);
    expectAgreement(model, await ours(model, fragments, genes), theirs(model, fragments, genes));
  });

  test.skipIf(!hasSharedData).each(['body', 'weighted'])('%s, on blood cells', async (model) => {
    const fragments = sharedData('pbmc-fragments/fragments.tsv.gz');
    const genes = sharedData('pbmc-fragments/hg19_genes.bed.gz');
    expectAgreement(model, await ours(model, fragments, genes), theirs(model, fragments, genes));
  });
});
