import type { CellRows } from './cell-rows.ts';
import { ContigLookup, eachContigRun } from './contig-runs.ts';
import { compareContigs, contigKey } from './contigs.ts';
import type { FragmentBlock } from './fragment-block.ts';
import { type GeneModel, transcriptionStart } from './gene-model.ts';
import { stretchesByContig } from './interval-counter.ts';
import type { Interval } from './interval-index.ts';
import { stretchAt, type Stretches } from './stretches.ts';

/** Quality of each cell: [cells] each. NaN where a cell has no fragments. */
export interface CellQuality {
  readonly fragments: Float64Array;
  /** See `CellQualityCounter`; null without genes. */
  readonly tssEnrichment: Float64Array | null;
  /** Insertions in peaks ÷ all insertions, 0…1; null without peaks. */
  readonly shareInPeaks: Float64Array | null;
}

/** Bases of the window around a start, of each flank, and from the start to the outer end of a flank. */
const [windowWidth, flankWidth, flankReach] = [101, 100, 2000];
/** Insertions per base of the flanks below which a cell counts as having so many. */
const leastFlank = 0.2;

/** What the stretches of a contig count for. */
interface Places {
  readonly stretches: Stretches;
  /** [stretches] windows and flanks that hold each. */
  readonly windows: Uint16Array;
  readonly flanks: Uint16Array;
}

/**
 * Counts, per cell: fragments; enrichment of insertions at transcription starts; the share of insertions in peaks.
 *
 * TSS enrichment is that of ArchR (Granja et al. 2021, doi:10.1038/s41588-021-00790-6): with w the insertions in the 101
 * bases around a start and f those in the 100 bases at 1 900 … 2 000 on either side, both over all starts of the annotation,
 *
 *     2 · (w/101) / max(f/100, 0.2)
 *
 * Starts at one position count once, an insertion near several starts counts for each. 0.2 keeps cells with few
 * insertions from high scores by chance, so values of shallow files are low.
 */
export class CellQualityCounter {
  readonly #starts: ContigLookup<Places> | null;
  readonly #peaks: ContigLookup<Stretches> | null;
  #fragments = new Float64Array(1024);
  #window = new Float64Array(1024);
  #flank = new Float64Array(1024);
  #inPeaks = new Float64Array(1024);

  /** @param places genes whose starts are looked at, and peaks; what is left out is not in the result */
  constructor({ genes, peaks }: { readonly genes?: readonly GeneModel[]; readonly peaks?: readonly Interval[] }) {
    this.#starts = genes === undefined ? null : new ContigLookup(startPlaces(genes));
    this.#peaks = peaks === undefined ? null : new ContigLookup(stretchesByContig(peaks));
  }

  /** Counts the fragments of a block. @param cells which row each barcode belongs to */
  add(block: FragmentBlock, cells: CellRows): void {
    const rows = cells.of(block.barcodes);
    this.#makeRoom(cells.rows);
    const { start, end, barcode } = block;
    eachContigRun(block, (code, from, to) => {
      const starts = this.#starts?.at(block.contigs, code);
      const peaks = this.#peaks?.at(block.contigs, code);
      for (let i = from; i < to; i++) {
        const row = rows[barcode[i]!]!;
        if (row < 0) continue;
        this.#fragments[row]!++;
        this.#insertion(starts, peaks, row, start[i]!);
        this.#insertion(starts, peaks, row, end[i]! - 1);
      }
    });
  }

  #insertion(starts: Places | undefined, peaks: Stretches | undefined, row: number, position: number): void {
    if (starts !== undefined) {
      const at = stretchAt(starts.stretches, position);
      if (at >= 0) {
        this.#window[row]! += starts.windows[at]!;
        this.#flank[row]! += starts.flanks[at]!;
      }
    }
    if (peaks === undefined) return;
    const at = stretchAt(peaks, position);
    if (at >= 0 && peaks.first[at]! < peaks.first[at + 1]!) this.#inPeaks[row]!++;
  }

  /** The quality of the cells so far. @param rows number of cells */
  result(rows: number): CellQuality {
    this.#makeRoom(rows);
    const fragments = this.#fragments.slice(0, rows);
    return {
      fragments,
      tssEnrichment:
        this.#starts === null
          ? null
          : fragments.map((count, row) => {
              const flank = Math.max(this.#flank[row]! / flankWidth, leastFlank);
              return count === 0 ? NaN : (2 * (this.#window[row]! / windowWidth)) / flank;
            }),
      shareInPeaks: this.#peaks === null ? null : fragments.map((count, row) => this.#inPeaks[row]! / (2 * count)),
    };
  }

  #makeRoom(rows: number): void {
    if (rows <= this.#fragments.length) return;
    const wider = (held: Float64Array): Float64Array<ArrayBuffer> => {
      const room = new Float64Array(2 * rows);
      room.set(held);
      return room;
    };
    this.#fragments = wider(this.#fragments);
    this.#window = wider(this.#window);
    this.#flank = wider(this.#flank);
    this.#inPeaks = wider(this.#inPeaks);
  }
}

/** Windows and flanks of the starts of all genes, per contig. */
function startPlaces(genes: readonly GeneModel[]): Map<string, Places> {
  const places = new Map<string, Interval>();
  for (const gene of genes) {
    if (!(gene.start < gene.end)) continue;
    const start = transcriptionStart(gene);
    places.set(`${contigKey(gene.contig)}:${start}`, { contig: gene.contig, start, end: start + 1 });
  }
  const starts = [...places.values()].sort((a, b) => compareContigs(a.contig, b.contig) || a.start - b.start);
  const half = (windowWidth - 1) / 2;
  const intervals = starts.flatMap(({ contig, start }) => [
    { contig, start: start - half, end: start + half + 1 },
    { contig, start: start - flankReach, end: start - flankReach + flankWidth },
    { contig, start: start + flankReach - flankWidth + 1, end: start + flankReach + 1 },
  ]);
  const out = new Map<string, Places>();
  for (const [key, stretches] of stretchesByContig(intervals)) {
    const windows = new Uint16Array(stretches.first.length);
    const flanks = new Uint16Array(stretches.first.length);
    for (let i = 0; i + 1 < stretches.first.length; i++) {
      for (let p = stretches.first[i]!; p < stretches.first[i + 1]!; p++) {
        if (stretches.members[p]! % 3 === 0) windows[i]!++;
        else flanks[i]!++;
      }
    }
    out.set(key, { stretches, windows, flanks });
  }
  return out;
}
