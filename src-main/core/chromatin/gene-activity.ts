import type { CsrMatrix } from '../data/csr-matrix.ts';
import { type Interval, IntervalIndex } from './interval-index.ts';

/** One gene of an annotation, 0-based half-open. */
export interface GeneModel extends Interval {
  readonly name: string;
  readonly strand: '+' | '-';
}

export interface GeneActivityOptions {
  /** Bases before the start of transcription that count as the gene. Default 2 000. */
  readonly upstream?: number;
  /** Genes wider than this (body without promoter) are left out, as in Signac. Default 500 000. */
  readonly widest?: number;
}

export interface GeneActivity {
  /** Gene names, in code-point order. */
  readonly genes: readonly string[];
  /** [cells, genes] insertions of each cell in each gene. */
  readonly matrix: CsrMatrix;
  /** Insertions that lie in at least one gene, and all of them. */
  readonly used: number;
  readonly total: number;
}

/**
 * Counts insertions in gene bodies and their promoters: body + 2 kb upstream by strand, the longest of the entries
 * of one name, entries wider than 500 kb left out (the gene activity of Signac, Stuart et al. 2021,
 * doi:10.1038/s41592-021-01282-5). Both ends of a fragment are insertions, its start and the last base before its end.
 * An insertion in two genes counts for both.
 *
 * Feed fragments by `add`, in any order, then call `result`. Memory follows the hits, not cells × genes.
 */
export class GeneActivityCounter {
  readonly #genes: readonly string[];
  readonly #index: IntervalIndex;
  readonly #hits: Map<number, number>[];
  #used = 0;
  #total = 0;

  constructor(models: readonly GeneModel[], cells: number, options: GeneActivityOptions = {}) {
    const { upstream = 2000, widest = 500_000 } = options;
    const chosen = longestPerName(models.filter((gene) => gene.end - gene.start <= widest));
    this.#genes = chosen.map((gene) => gene.name);
    this.#index = new IntervalIndex(chosen.map((gene) => withPromoter(gene, upstream)));
    this.#hits = Array.from({ length: cells }, () => new Map<number, number>());
  }

  /** Counts both ends of the fragment start … end−1 of a cell. */
  add(cell: number, contig: string, start: number, end: number): void {
    this.#insertion(cell, contig, start);
    this.#insertion(cell, contig, end - 1);
  }

  #insertion(cell: number, contig: string, position: number): void {
    const hits = this.#hits[cell];
    if (hits === undefined) throw new RangeError(`GeneActivityCounter: cell ${cell} of ${this.#hits.length}`);
    let used = false;
    this.#index.at(contig, position, (gene) => {
      hits.set(gene, (hits.get(gene) ?? 0) + 1);
      used = true;
    });
    this.#total++;
    if (used) this.#used++;
  }

  /** The matrix of what was added so far. Genes without an insertion are kept, so that samples stay comparable. */
  result(): GeneActivity {
    const indptr = new Float64Array(this.#hits.length + 1);
    this.#hits.forEach((hits, cell) => (indptr[cell + 1] = indptr[cell]! + hits.size));
    const indices = new Uint32Array(indptr[this.#hits.length]!);
    const values = new Float32Array(indices.length);
    this.#hits.forEach((hits, cell) => {
      let p = indptr[cell]!;
      for (const [gene, count] of [...hits].sort(([a], [b]) => a - b)) {
        indices[p] = gene;
        values[p++] = count;
      }
    });
    const matrix = { rows: this.#hits.length, columns: this.#genes.length, indptr, indices, values };
    return { genes: this.#genes, matrix, used: this.#used, total: this.#total };
  }
}

/** One entry per name, the longest (the first of equals), in code-point order of the names. */
function longestPerName(models: readonly GeneModel[]): GeneModel[] {
  const longest = new Map<string, GeneModel>();
  for (const gene of models) {
    const held = longest.get(gene.name);
    if (held === undefined || gene.end - gene.start > held.end - held.start) longest.set(gene.name, gene);
  }
  return [...longest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The body with `upstream` bases before it in reading direction, cut at the start of the contig. */
function withPromoter(gene: GeneModel, upstream: number): Interval {
  return gene.strand === '+'
    ? { contig: gene.contig, start: Math.max(0, gene.start - upstream), end: gene.end }
    : { contig: gene.contig, start: gene.start, end: gene.end + upstream };
}
