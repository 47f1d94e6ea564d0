import type { CellRows } from './cell-rows.ts';
import { eachContigRun } from './contig-runs.ts';
import { sameContigs } from './contigs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import type { GeneModel } from './gene-model.ts';
import type { Interval } from './interval-index.ts';
import { genesIn } from './region.ts';

export interface CoverageOptions {
  /** Width of the smoothing box in bases. Default 100. */
  readonly smooth?: number;
  /** Most places that values are given at. Default 1 000. */
  readonly places?: number;
  /** Genes to be drawn along; those with a base in the region are taken. */
  readonly genes?: readonly GeneModel[];
}

/** One label's coverage of a region. */
export interface CoverageTrack {
  readonly label: string;
  readonly cells: number;
  /** Insertions in the region, and of these cells anywhere. */
  readonly insertions: number;
  readonly depth: number;
  /** [places] insertions per base and million insertions; all 0 where the label has none. */
  readonly values: readonly number[];
}

/** Coverage as figure data: plain JSON, what is drawn and nothing about how. */
export interface Coverage {
  readonly region: Interval;
  /** [places] middle of each place, in bases from the start of the contig, and how many bases it stands for. */
  readonly at: readonly number[];
  readonly basesPerPlace: number;
  readonly unit: string;
  readonly smoothing: string;
  readonly tracks: readonly CoverageTrack[];
  readonly genes: readonly GeneModel[];
}

/**
 * Insertions of each label along a region. With c(x) the insertions of the label's cells at base x, and w the smoothing width,
 *
 *     y(x) = 10⁶/D · (1/w) · Σ c(x + u),   −⌊w/2⌋ ≤ u < ⌈w/2⌉
 *
 * D the insertions of these cells anywhere, which is their number × their mean depth: tracks of labels with more or
 * deeper cells are not higher for it (as the scale factor of Signac's CoveragePlot, Stuart et al. 2021,
 * doi:10.1038/s41592-021-01282-5, up to a constant of the whole figure). What lies just outside the region enters the
 * smoothing. Where the region has more bases than places, a value is the mean of y over its bases.
 */
export class CoverageCounter {
  readonly #region: Interval;
  readonly #labels: readonly string[];
  readonly #labelOf: Int32Array;
  readonly #smooth: number;
  readonly #places: number;
  readonly #genes: readonly GeneModel[];
  readonly #isRegion: (contig: string) => boolean;
  /** First base whose insertions count. */
  readonly #from: number;
  /** [labels][bases counted] */
  readonly #counts: readonly Uint32Array[];
  readonly #depth: Float64Array;

  /**
   * @param labelOf [cells] place of each cell's label in `labels`, −1 for a cell that is left out
   * @param region at most as wide as `widestRegion`
   */
  constructor(
    region: Interval,
    labels: readonly string[],
    labelOf: Int32Array,
    { smooth = 100, places = 1000, genes = [] }: CoverageOptions = {},
  ) {
    if (!(smooth >= 1 && Number.isInteger(smooth)))
      throw new RangeError(`CoverageCounter: smoothing over ${smooth} bases`);
    this.#region = region;
    this.#labels = labels;
    this.#labelOf = labelOf;
    this.#smooth = smooth;
    this.#places = places;
    this.#genes = genesIn(genes, region);
    this.#isRegion = sameContigs(region.contig);
    this.#from = region.start - Math.floor(smooth / 2);
    const bases = region.end - region.start + smooth; // one more than is looked at, so that the box can move on
    this.#counts = labels.map(() => new Uint32Array(bases));
    this.#depth = new Float64Array(labels.length);
  }

  /** What has to be read for the region: it and what enters the smoothing at its borders. */
  get reads(): Interval {
    const { contig } = this.#region;
    return { contig, start: Math.max(0, this.#from), end: this.#region.end + Math.ceil(this.#smooth / 2) };
  }

  /**
   * Counts the fragments of a block. All fragments of the cells have to come by, those elsewhere for the depth; where
   * depths are known, those of `reads` are enough.
   */
  add(block: FragmentBlock, cells: CellRows): void {
    const rows = cells.of(block.barcodes);
    const { start, end, barcode } = block;
    eachContigRun(block, (code, from, to) => {
      const here = this.#isRegion(block.contigs[code]!);
      for (let i = from; i < to; i++) {
        const row = rows[barcode[i]!]!;
        const label = row < 0 ? -1 : this.#labelOf[row]!;
        if (label < 0) continue;
        this.#depth[label]! += 2;
        if (!here) continue;
        const counts = this.#counts[label]!;
        const [left, right] = [start[i]! - this.#from, end[i]! - 1 - this.#from];
        if (left >= 0 && left < counts.length) counts[left]!++;
        if (right >= 0 && right < counts.length) counts[right]!++;
      }
    });
  }

  /**
   * The coverage of what was added.
   * @param depth [labels] insertions of the cells of each label anywhere, where only the region was read (by an index);
   *   without it those that came by are taken
   */
  result(depth: ArrayLike<number> = this.#depth): Coverage {
    const { start, end } = this.#region;
    const basesPerPlace = Math.max(1, Math.ceil((end - start) / this.#places));
    const places = Math.ceil((end - start) / basesPerPlace);
    const cells = new Float64Array(this.#labels.length);
    for (const label of this.#labelOf) if (label >= 0) cells[label]!++;
    const before = Math.floor(this.#smooth / 2);
    return {
      region: this.#region,
      at: Array.from({ length: places }, (_, i) => {
        const first = start + i * basesPerPlace;
        return (first + Math.min(end, first + basesPerPlace) - 1) / 2;
      }),
      basesPerPlace,
      unit: 'insertions per base and million insertions',
      smoothing: `mean over ${this.#smooth} bases`,
      tracks: this.#labels.map((label, l) => ({
        label,
        cells: cells[l]!,
        insertions: sum(this.#counts[l]!.subarray(before, before + end - start)),
        depth: depth[l]!,
        values: this.#smoothed(this.#counts[l]!, depth[l]!, places, basesPerPlace),
      })),
      genes: this.#genes,
    };
  }

  #smoothed(counts: Uint32Array, depth: number, places: number, basesPerPlace: number): number[] {
    if (depth === 0) return new Array<number>(places).fill(0);
    const bases = counts.length - this.#smooth;
    const scale = 1e6 / depth / this.#smooth;
    const values = new Array<number>(places).fill(0);
    // base x of the region: counts[x] … counts[x + smooth − 1]
    let box = sum(counts.subarray(0, this.#smooth));
    for (let x = 0; x < bases; x++) {
      values[Math.floor(x / basesPerPlace)]! += box;
      box += counts[x + this.#smooth]! - counts[x]!;
    }
    return values.map((total, i) => (total * scale) / Math.min(basesPerPlace, bases - i * basesPerPlace));
  }
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
