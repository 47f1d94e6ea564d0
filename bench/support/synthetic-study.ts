import { existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { StoredRows } from '#core/data/sparse-rows';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';

export interface SyntheticSizes {
  readonly cells: number;
  readonly genes: number;
  /** Share of the values that are not zero, 0…1. */
  readonly density: number;
}

/** Where synthetic studies lie: SCRATCH, or a folder among the temporary files. They are kept for the next time. */
export const scratch = process.env['SCRATCH'] ?? join(tmpdir(), 'cellpredx-bench');

const LABELS = 20;
const BLOCK = 1000;
/** A gene of the cell's own label is so many times as often present as another. */
const RAISED = 4;

/**
 * The path of a study of counts with labels in the column `cell_type`, as .h5ad with sparse rows. Written once, in blocks, so that
 * its size is bounded by the disk and not by memory. Every label has its own stretch of genes.
 * @param role part of the name and of the seed: a reference and a query differ
 */
export async function syntheticStudy(role: 'reference' | 'query', sizes: SyntheticSizes): Promise<string> {
  const { cells, genes, density } = sizes;
  const name = `${role}-${cells}-cells-${genes}-genes-${density}.h5ad`;
  const target = join(scratch, name);
  if (existsSync(target)) return target;
  mkdirSync(scratch, { recursive: true });
  const since = performance.now();
  const labels = Array.from({ length: LABELS }, (_, k) => `type ${String.fromCharCode(65 + k)}`);
  await writeAnnotatedH5ad({
    source: null,
    target,
    study: {
      ...{ name, modality: 'rna', valueKind: 'counts', species: 'unknown', embeddings: new Map() },
      cells: { ids: Array.from({ length: cells }, (_, i) => `${role}-${i}`), columns: new Map() },
      features: { ids: geneNames(genes), names: geneNames(genes), idType: 'symbol', columns: new Map() },
      matrix: syntheticRows(role === 'reference' ? 1 : 2, sizes),
    },
    columns: new Map([
      [
        'cell_type',
        {
          kind: 'categories',
          codes: Int32Array.from({ length: cells }, (_, i) => i % LABELS),
          categories: labels,
          ordered: false,
        },
      ],
    ]),
    embeddings: new Map(),
  });
  const megabytes = (statSync(target).size / 1e6).toFixed(0);
  console.error(`wrote ${target}, ${megabytes} MB, in ${((performance.now() - since) / 1000).toFixed(0)} s`);
  return target;
}

function geneNames(genes: number): string[] {
  return Array.from({ length: genes }, (_, i) => `simGene${i}`);
}

/** Rows that are drawn when they are asked for; a row depends on the seed and its number alone. */
export function syntheticRows(seed: number, { cells, genes, density }: SyntheticSizes): StoredRows {
  const some = (which: ArrayLike<number>): CsrMatrix => {
    const indices: number[] = [];
    const values: number[] = [];
    const indptr = new Float64Array(which.length + 1);
    for (let i = 0; i < which.length; i++) {
      drawCell(Random.forPurpose(seed, `cell ${which[i]}`), which[i]! % LABELS, genes, density, indices, values);
      indptr[i + 1] = indices.length;
    }
    return {
      rows: which.length,
      columns: genes,
      indptr,
      indices: Uint32Array.from(indices),
      values: Float32Array.from(values),
    };
  };
  return {
    rows: cells,
    columns: genes,
    stored: cells * genes,
    take: (which) => Promise.resolve(some(which)),
    async *blocks() {
      for (let from = 0; from < cells; from += BLOCK) {
        const length = Math.min(BLOCK, cells - from);
        yield await Promise.resolve({ from, matrix: some(Uint32Array.from({ length }, (_, i) => from + i)) });
      }
    },
  };
}

/** Adds the counts of one cell: presence by geometric gaps, so that the work follows what is present; counts 1, 2, … halve. */
function drawCell(random: Random, label: number, genes: number, density: number, indices: number[], values: number[]) {
  const [from, to] = [Math.floor((label * genes) / LABELS), Math.floor(((label + 1) * genes) / LABELS)];
  const usual = density / (1 + (RAISED - 1) / LABELS);
  const stretches: [number, number, number][] = [
    [0, from, usual],
    [from, to, Math.min(0.95, RAISED * usual)],
    [to, genes, usual],
  ];
  for (const [begin, end, share] of stretches) {
    const perGap = 1 / Math.log1p(-share);
    for (let gene = begin - 1; ;) {
      gene += 1 + Math.floor(Math.log(1 - random.uniform()) * perGap);
      if (gene >= end) break;
      indices.push(gene);
      values.push(1 + Math.clz32(random.word() | 1)); // leading zeros of random bits
    }
  }
}
