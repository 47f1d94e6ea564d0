import type { CancelSignal } from '../../base/cancel.ts';
import { storedValues, withValues } from '../../data/csr-matrix.ts';
import { blocksOf, mapRows, type SparseRows } from '../../data/sparse-rows.ts';
import { featureMoments } from '../../prepare/feature-moments.ts';
import { lognorm } from '../../prepare/lognorm.ts';

const BINS = 20;

/**
 * The columns that vary most for their mean in source and target together: at most `count`, in rising order.
 * Each side ranks all features by normalised dispersion, those without one last; the two ranks are averaged, equal ones
 * stay in column order. All columns where there are no more than `count`.
 *
 * Source: CDA-SC takes the top 2 000 "based on dispersion" and does not say of which study; averaging is our choice,
 * so that the target has a say.
 */
export async function dispersedFeatures(
  sides: readonly SparseRows[],
  count: number,
  signal?: CancelSignal,
): Promise<Int32Array> {
  const columns = sides[0]!.columns;
  if (columns <= count) return Int32Array.from({ length: columns }, (_, j) => j);
  const rankSum = new Float64Array(columns);
  for (const side of sides) {
    const dispersion = await normalisedDispersions(await logLevels(side, signal), signal);
    const order = Uint32Array.from(dispersion.keys()).sort(
      (a, b) => comparable(dispersion[b]!) - comparable(dispersion[a]!) || a - b,
    );
    order.forEach((column, rank) => (rankSum[column]! += rank));
  }
  return Int32Array.from(
    Uint32Array.from(rankSum.keys())
      .sort((a, b) => rankSum[a]! - rankSum[b]! || a - b)
      .slice(0, count)
      .sort(),
  );
}

function comparable(dispersion: number): number {
  return Number.isNaN(dispersion) ? -Number.MAX_VALUE : dispersion;
}

/** Whole counts are log-normalised per cell; anything else is taken for log values already. */
export async function logLevels(counts: SparseRows, signal: CancelSignal | undefined): Promise<SparseRows> {
  for await (const { matrix } of blocksOf(counts, signal)) {
    if (!matrix.values.every(Number.isInteger)) return counts;
  }
  return mapRows(counts, counts.columns, (block) => lognorm(block));
}

/**
 * How much each feature varies for its mean. With mean μ and unbiased variance s² of e^x − 1 the log dispersion is
 * ln(s²/μ); features fall into 20 equally wide bins of ln(1 + μ), and within its bin a dispersion is brought to mean 0 and
 * standard deviation 1 (unbiased). Alone in its bin, or in a bin without spread, a feature gets 1.
 *
 * Source: Satija et al. 2015 (doi:10.1038/nbt.3192), as scanpy's flavour "seurat".
 *
 * @param levels [cells, features] log-normalised
 * @returns [features]; NaN for features without a dispersion: never seen, or the same in all cells
 */
export async function normalisedDispersions(levels: SparseRows, signal?: CancelSignal): Promise<Float64Array> {
  const counts = mapRows(levels, levels.columns, (block) => {
    const values = new Float32Array(storedValues(block));
    for (let p = 0; p < values.length; p++) values[p] = Math.expm1(block.values[p]!);
    return withValues(block, values);
  });
  const { mean, variance } = await featureMoments(counts, signal);
  const dispersion = mean.map((m, j) => {
    const found = Math.log(variance[j]! / (m === 0 ? 1e-12 : m));
    return Number.isFinite(found) ? found : NaN;
  });
  const bins = binsOf(mean.map((m) => Math.log1p(m === 0 ? 1e-12 : m)));

  const size = new Float64Array(BINS);
  const sum = new Float64Array(BINS);
  dispersion.forEach((d, j) => {
    if (Number.isNaN(d)) return;
    size[bins[j]!]!++;
    sum[bins[j]!]! += d;
  });
  const squares = new Float64Array(BINS);
  dispersion.forEach((d, j) => {
    if (!Number.isNaN(d)) squares[bins[j]!]! += (d - sum[bins[j]!]! / size[bins[j]!]!) ** 2;
  });
  return dispersion.map((d, j) => {
    const bin = bins[j]!;
    if (Number.isNaN(d)) return NaN;
    const spread = Math.sqrt(squares[bin]! / (size[bin]! - 1));
    return spread > 0 ? (d - sum[bin]! / size[bin]!) / spread : 1;
  });
}

/** Number of the bin of each value; a bin takes its upper limit in, the first one its lower limit too. */
function binsOf(values: Float64Array): Uint8Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const width = (high - low) / BINS;
  return Uint8Array.from(values, (value) =>
    width > 0 ? Math.min(BINS - 1, Math.max(0, Math.ceil((value - low) / width) - 1)) : 0,
  );
}
