import { AppError } from '../base/app-error.ts';

export interface CallOptions {
  /** Barcodes with fewer fragments are never cells. Default 100. */
  readonly minimum?: number;
  /** What the barcodes belong to, for the message. */
  readonly file?: string;
}

/** Which barcodes are cells, and the curve by which they were told. Plain JSON but for `cells`. */
export interface CalledCells {
  /** Numbers of the barcodes that are cells, rising. */
  readonly cells: Uint32Array;
  /** The fewest fragments that a cell has to have. */
  readonly threshold: number;
  /** Where the curve bends: rank of a barcode (1 the fullest) and its fragments; null where it has no bend. */
  readonly knee: RankPoint | null;
  /** The middle of its steepest fall behind the knee, and how many barcodes lie above; null with the knee. */
  readonly inflection: RankPoint | null;
  /** How the threshold came about, for a person. */
  readonly reason: string;
  /** The curve of all barcodes with a fragment, for two logarithmic axes: at most 600 points, ranks rising. */
  readonly curve: { readonly rank: readonly number[]; readonly fragments: readonly number[] };
}

export interface RankPoint {
  readonly rank: number;
  readonly fragments: number;
}

/** The counts must span so many times over to have cells and background. */
const leastSpan = 10;
/** A bend lies at least so far from the straight line, in parts of the whole curve. */
const leastBend = 0.1;
/** Background has at least so many barcodes for each cell; files that hold cells alone have hardly any. */
const leastBackground = 0.5;
/** How far below the minimum the curve is still looked at, to see the foot of the fall: to a tenth of it. */
const belowMinimum = 10;
/** Points of the curve that is drawn and searched. */
const mostPoints = 600;

/**
 * Tells cells from background by the number of fragments. Barcodes are ranked, and log₁₀ fragments is looked at over log₁₀
 * rank, down to a tenth of the minimum. The knee is the point farthest above the straight line between both ends of the
 * curve (each axis scaled to 0 … 1); the inflection is the middle of the steepest fall behind it, over a tenth of a power of
 * ten in rank (after `barcodeRanks` of DropletUtils, Lun et al. 2019, doi:10.1186/s13059-019-1662-y). Cells have at least the
 * fragments of the inflection, and at least the minimum.
 *
 * Where the counts span less than tenfold, the curve hardly bends, or fewer barcodes lie below the inflection than half of
 * those above, there is no background to tell from: all barcodes with the minimum are cells.
 *
 * @param fragments [barcodes] fragments of each
 * @throws AppError `chromatin.no-cells` if no barcode has the minimum
 */
export function callCells(fragments: ArrayLike<number>, { minimum = 100, file }: CallOptions = {}): CalledCells {
  const ranked = Float64Array.from(fragments).sort().reverse();
  const counted = ranked.findLastIndex((count) => count > 0) + 1;
  if (!(ranked[0]! >= minimum)) {
    const most = ranked[0] ?? 0;
    const of = file === undefined ? {} : { file };
    throw new AppError('chromatin.no-cells', { barcodes: fragments.length, most, minimum, ...of });
  }
  const enough = Math.min(counted, ranked.findLastIndex((count) => count >= minimum / belowMinimum) + 1);
  const bend = bendOf(ranked.subarray(0, enough), counted);
  const threshold = Math.max(minimum, bend?.inflection.fragments ?? 0);
  const curve = pointsOf(ranked.subarray(0, counted));
  return {
    cells: Uint32Array.from({ length: fragments.length }, (_, i) => i).filter((i) => fragments[i]! >= threshold),
    threshold,
    knee: bend?.knee ?? null,
    inflection: bend?.inflection ?? null,
    reason:
      bend === null
        ? `The fragments per barcode show no background, so all barcodes with ${minimum} or more are cells.`
        : `The fragments per barcode fall off behind a knee at ${bend.knee.fragments}; cells have at least ${threshold}.`,
    curve: { rank: curve.map((point) => point.rank), fragments: curve.map((point) => point.fragments) },
  };
}

/** Points of the curve at about equal steps of log rank, first and last rank included; equal ranks once. */
function pointsOf(ranked: Float64Array): RankPoint[] {
  const steps = Math.min(mostPoints, ranked.length);
  const ranks = Array.from({ length: steps }, (_, i) =>
    steps === 1 ? 1 : Math.round(ranked.length ** (i / (steps - 1))),
  );
  return [...new Set(ranks)].map((rank) => ({ rank, fragments: ranked[rank - 1]! }));
}

/** Knee and inflection of falling counts; null where there is no background. @param all barcodes with a fragment */
function bendOf(ranked: Float64Array, all: number): { knee: RankPoint; inflection: RankPoint } | null {
  const curve = pointsOf(ranked);
  const x = curve.map(({ rank }) => Math.log10(rank));
  const y = curve.map(({ fragments }) => Math.log10(fragments));
  const [last, top, bottom] = [x.length - 1, y[0]!, y.at(-1)!];
  if (last < 2 || top - bottom < Math.log10(leastSpan)) return null;
  // above the line from (0, 1) to (1, 0) of the scaled axes
  const above = x.map((at, i) => at / x[last]! + (y[i]! - bottom) / (top - bottom) - 1);
  const knee = above.indexOf(Math.max(...above));
  if (above[knee]! < leastBend) return null;
  let [middle, steepest] = [y[knee]!, 0];
  for (let i = knee, j = knee; i < last; i++) {
    while (j < last && (j === i || x[j]! - x[i]! < 0.1)) j++;
    const slope = (y[j]! - y[i]!) / (x[j]! - x[i]!);
    if (slope < steepest) [middle, steepest] = [(y[i]! + y[j]!) / 2, slope];
  }
  const fragments = Math.ceil(10 ** middle);
  const rank = ranked.findLastIndex((count) => count >= fragments) + 1;
  return all - rank < leastBackground * rank ? null : { knee: curve[knee]!, inflection: { rank, fragments } };
}
