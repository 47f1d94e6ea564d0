import { collectRows } from '../data/collect-rows.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { CellRows } from './cell-rows.ts';
import { ContigLookup, eachContigRun, requireCommonContig, ShareTally } from './contig-runs.ts';
import { contigKey } from './contigs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import type { ActivityCounter, CountedActivity, LongWork } from './gene-activity.ts';
import { type GeneModel } from './gene-model.ts';
import { distanceWeight, type WeightedGene, weightedGenes, type WeightOptions } from './gene-weights.ts';
import { HitCounts } from './hit-counts.ts';
import { RowSums } from './row-sums.ts';
import { stretchAt, type Stretches, stretchesOf } from './stretches.ts';

/** The tiles of a contig: tile t of it is column `offset` + t. Stretches are of tiles, their members places in the genes. */
interface TiledContig {
  /** Given when the contig first comes, so that columns rise as in the file; −1 until then. */
  offset: number;
  readonly stretches: Stretches;
}

/**
 * Gene activity weighted by distance (ArchR, Granja et al. 2021, doi:10.1038/s41588-021-00790-6; KIDA's way for chromatin):
 * the insertions x_t of a cell are counted in tiles of 500 bases that begin at multiples of 500, and gene g gets
 *
 *     a_g = f_g · Σ_t x_t · (exp(−d_gt/5000) + e⁻¹)     over tiles that share a base with the reach of g,
 *
 * d_gt the bases between tile and body extended 5 kb upstream (0 where they touch), f_g the factor for its width; for both
 * and for the reach of a gene see `weightedGenes`. Then each cell is scaled to a sum of 10⁴. A cell without
 * insertions near genes stays empty.
 *
 * Feed blocks by `add`, in any order, then ask for the `result`. Memory follows the different (cell, tile) pairs.
 */
export class WeightedActivityCounter implements ActivityCounter {
  readonly #genes: readonly WeightedGene[];
  /** Those that came, by rising offset. */
  readonly #contigs: TiledContig[] = [];
  readonly #lookup: ContigLookup<TiledContig>;
  readonly #hits: HitCounts;
  readonly #tally = new ShareTally();
  readonly #settings: Required<Pick<WeightOptions, 'tile' | 'decay' | 'scaleTo' | 'ceiling'>>;
  #ofCells = 0;
  #ofOthers = 0;

  constructor(models: readonly GeneModel[], options: WeightOptions = {}) {
    const { tile = 500, decay = 5000, scaleTo = 10_000, ceiling = Infinity } = options;
    this.#settings = { tile, decay, scaleTo, ceiling };
    this.#genes = weightedGenes(models, options);
    const tiled = tiledContigs(this.#genes, tile);
    this.#lookup = new ContigLookup(tiled);
    this.#hits = new HitCounts([...tiled.values()].reduce((columns, c) => columns + tilesOf(c), 0));
  }

  add(block: FragmentBlock, cells: CellRows): void {
    const rows = cells.of(block.barcodes);
    const { start, end, barcode } = block;
    const { tile } = this.#settings;
    eachContigRun(block, (code, from, to) => {
      const contig = this.#lookup.at(block.contigs, code);
      if (contig?.offset === -1) this.#append(contig);
      let [fragments, used] = [0, 0];
      for (let i = from; i < to; i++) {
        const row = rows[barcode[i]!]!;
        if (row < 0) continue;
        fragments++;
        if (contig === undefined) continue;
        used += this.#count(contig, row, Math.trunc(start[i]! / tile));
        used += this.#count(contig, row, Math.trunc((end[i]! - 1) / tile));
      }
      this.#ofCells += fragments;
      this.#ofOthers += to - from - fragments;
      this.#tally.add(block.contigs[code]!, contig !== undefined, 2 * fragments, used);
    });
  }

  #append(contig: TiledContig): void {
    const last = this.#contigs.at(-1);
    contig.offset = last === undefined ? 0 : last.offset + tilesOf(last);
    this.#contigs.push(contig);
  }

  #count({ offset, stretches }: TiledContig, row: number, tile: number): 0 | 1 {
    const stretch = stretchAt(stretches, tile);
    if (stretch < 0 || stretches.first[stretch] === stretches.first[stretch + 1]) return 0;
    this.#hits.add(row, offset + tile);
    return 1;
  }

  async result(rows: number, { store, signal }: LongWork = {}): Promise<CountedActivity> {
    const columns = this.#genes.length;
    const share = this.#tally.result();
    const genes = this.#genes.map(({ gene }) => gene);
    requireCommonContig(share, { counted: 'The fragments', intervals: 'the gene list' }, genes);
    const pieces = this.#weighted(this.#hits.pieces(rows, signal));
    return {
      genes,
      matrix: await collectRows(pieces, { rows, columns, stored: null }, store, signal),
      share,
      fragments: { ofCells: this.#ofCells, ofOthers: this.#ofOthers },
    };
  }

  /** Tile counts of some cells at a time as gene activity. */
  async *#weighted(pieces: Iterable<CsrMatrix>): AsyncGenerator<CsrMatrix, void, void> {
    const sums = new RowSums(this.#genes.length);
    for (const { rows, indptr, indices, values } of pieces) {
      for (let row = 0; row < rows; row++) {
        let c = 0;
        for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
          while (c + 1 < this.#contigs.length && indices[p]! >= this.#contigs[c + 1]!.offset) c++;
          this.#spread(this.#contigs[c]!, indices[p]!, Math.min(values[p]!, this.#settings.ceiling), sums);
        }
        sums.endRow(this.#settings.scaleTo);
      }
      yield sums.take();
    }
  }

  /** Adds the insertions of one tile to all genes that it counts for. */
  #spread({ offset, stretches }: TiledContig, column: number, count: number, sums: RowSums): void {
    const { tile: width, decay } = this.#settings;
    const tile = column - offset;
    const stretch = stretchAt(stretches, tile);
    for (let p = stretches.first[stretch]!; p < stretches.first[stretch + 1]!; p++) {
      const g = stretches.members[p]!;
      const gene = this.#genes[g]!;
      sums.add(g, count * gene.factor * distanceWeight(gene, tile * width, (tile + 1) * width, decay));
    }
  }
}

/** The tiles that lie in reach of a gene, per contig (by `contigKey`). */
function tiledContigs(genes: readonly WeightedGene[], tile: number): Map<string, TiledContig> {
  const members = new Map<string, number[]>();
  genes.forEach(({ gene }, g) => {
    const key = contigKey(gene.contig);
    const list = members.get(key);
    if (list === undefined) members.set(key, [g]);
    else list.push(g);
  });
  const out = new Map<string, TiledContig>();
  for (const [key, list] of members) {
    const starts = list.map((g) => Math.floor(genes[g]!.from / tile));
    const ends = list.map((g) => Math.ceil(genes[g]!.to / tile));
    out.set(key, { offset: -1, stretches: stretchesOf(starts, ends, list) });
  }
  return out;
}

/** How many columns the tiles of a contig take. */
function tilesOf({ stretches }: TiledContig): number {
  return stretches.cuts.at(-1) ?? 0;
}
