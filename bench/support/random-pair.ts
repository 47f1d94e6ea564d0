import { appendFileSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { SparseRows } from '#core/data/sparse-rows';
import { packRows } from '#store/packed-rows';
import { RowFile } from '#store/row-file';

export interface RandomSizes {
  readonly genes: number;
  /** Share of the values of a cell that are stored, 0…1. */
  readonly density: number;
  /** Cells of either study. */
  readonly cells: number;
  readonly labels: number;
}

/**
 * A prepared pair of the given sizes in which nothing is to be learnt: what a step costs does not depend on the values.
 * Same seed, same pair. As after scaling within each study, a constant is added to every feature (`shift`).
 */
export function randomPair(seed: number, sizes: RandomSizes): AlignedPair {
  const random = new Random(seed);
  const rows = (): CsrMatrix => randomRows(random, sizes.cells, sizes.genes, sizes.density);
  return pairOf(random, sizes, rows(), rows());
}

/** The same with rows that lie in two files of `writeRandomRows`, as the prepared rows of a large study do. */
export function storedRandomPair(seed: number, sizes: RandomSizes, folder: string): AlignedPair {
  const random = new Random(seed);
  const [reference, query] = rowFiles.map((name) => {
    const counts = new Uint32Array(sizes.cells).fill(Math.round(sizes.genes * sizes.density));
    const valueBytes = new Uint8Array(sizes.cells).fill(4);
    const descriptor = openSync(join(folder, name), 'r');
    return new RowFile({ descriptor, folder, name }, { columns: sizes.genes, counts, valueBytes });
  });
  return pairOf(random, sizes, reference!, query!);
}

const rowFiles = ['reference', 'query'];

/** Cells of which the rows are made at once. */
const PIECE = 256;

/** Writes the rows of a random pair into two files of a folder. */
export function writeRandomRows(seed: number, { cells, genes, density }: RandomSizes, folder: string): void {
  const random = new Random(seed);
  for (const name of rowFiles)
    for (let from = 0; from < cells; from += PIECE)
      appendFileSync(
        join(folder, name),
        packRows(randomRows(random, Math.min(PIECE, cells - from), genes, density)).bytes,
      );
}

function pairOf(
  random: Random,
  { genes, cells, labels }: RandomSizes,
  reference: SparseRows,
  query: SparseRows,
): AlignedPair {
  const k = Math.min(10, cells - 1);
  const side = (stem: string, input: SparseRows) => {
    const shift = Float32Array.from({ length: genes }, () => -0.1 * random.uniform());
    return { cells: Array.from({ length: cells }, (_, i) => `${stem}${i}`), counts: input, input, shift };
  };
  return {
    scenario: 'rna-atac-matched',
    features: Array.from({ length: genes }, (_, i) => `gene${i}`),
    labels: Array.from({ length: labels }, (_, i) => `label${i}`),
    reference: { ...side('r', reference), label: Int32Array.from({ length: cells }, () => random.below(labels)) },
    query: {
      ...side('q', query),
      neighbours: {
        k,
        indices: Int32Array.from({ length: cells * k }, (_, i) => (Math.floor(i / k) + 1 + (i % k)) % cells),
      },
    },
    notes: [],
  };
}

/**
 * Cells × genes with the same number of values, 0.5 … 1.5, in every row, one in each of equal stretches of the genes. Takes no memory
 * beside the result, so that the peak of what is measured afterwards is not hidden.
 */
export function randomRows(random: Random, cells: number, genes: number, density: number): CsrMatrix {
  const stored = Math.round(genes * density);
  const indices = new Uint32Array(cells * stored);
  const values = new Float32Array(indices.length);
  for (let p = 0; p < indices.length; p++) {
    const from = Math.floor(((p % stored) * genes) / stored);
    const to = Math.floor(((p % stored) * genes + genes) / stored);
    indices[p] = from + random.below(to - from);
    values[p] = 0.5 + random.uniform();
  }
  return {
    rows: cells,
    columns: genes,
    indptr: Float64Array.from({ length: cells + 1 }, (_, cell) => cell * stored),
    indices,
    values,
  };
}
