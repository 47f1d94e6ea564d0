import { contigKey } from '#core/chromatin/contigs';
import { type GeneModel, transcriptionStart } from '#core/chromatin/gene-model';

/** How far from the start of a gene a place is near it. */
export const nearStart = 1000;

/** The starts of the genes of a build, to see whether places lie at them more often than anywhere. */
export class StartPlaces {
  /** contigKey → rising positions. */
  readonly #starts = new Map<string, Int32Array>();
  /** contigKey → bases within 1 kb of a start. */
  readonly #covered = new Map<string, number>();

  constructor(genes: readonly GeneModel[]) {
    const byContig = new Map<string, number[]>();
    for (const gene of genes) {
      const key = contigKey(gene.contig);
      const list = byContig.get(key);
      if (list === undefined) byContig.set(key, [transcriptionStart(gene)]);
      else list.push(transcriptionStart(gene));
    }
    for (const [key, list] of byContig) {
      const starts = Int32Array.from(list).sort();
      this.#starts.set(key, starts);
      let [covered, end] = [0, 0];
      for (const start of starts) {
        covered += start + nearStart + 1 - Math.max(end, start - nearStart, 0);
        end = start + nearStart + 1;
      }
      this.#covered.set(key, covered);
    }
  }

  /** Whether the place is at most 1 kb from the start of a gene. */
  near(contig: string, position: number): boolean {
    const starts = this.#starts.get(contigKey(contig));
    if (starts === undefined) return false;
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! < position - nearStart) low = middle + 1;
      else high = middle;
    }
    return low < starts.length && starts[low]! <= position + nearStart;
  }

  /** The share of the contig's bases that are at most 1 kb from the start of a gene. */
  shareNear(contig: string, length: number): number {
    return (this.#covered.get(contigKey(contig)) ?? 0) / length;
  }
}
