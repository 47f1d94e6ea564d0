import { multiplyAdd } from './lanes';
import { BYTES } from './strip-size';

/* Batch normalisation of layers in strips, see `strips`: forward with the rectifier behind it, and back through both. */

const EPSILON: f32 = 1e-5;
const MOMENTUM: f32 = 0.1;

/**
 * Batch normalisation and rectifier of strip `item`: out = max(0, γ (x − mean) / √(variance + 10⁻⁵) + β), and what is remembered
 * of mean and variance after this batch: 0.9 of what it was and 0.1 of the batch, whose variance is then unbiased.
 *
 * @param scale [width] γ  @param shift [width] β
 * @param statistics [2, width] receives the mean and 1/√(variance + 10⁻⁵) of the batch
 */
export function normaliseStrip(
  item: u32,
  x: u32,
  xRow: u32,
  xStrip: u32,
  rows: u32,
  width: u32,
  scale: u32,
  shift: u32,
  runningMean: u32,
  runningVariance: u32,
  statistics: u32,
  out: u32,
  outRow: u32,
  outStrip: u32,
): void {
  const cells = f32x4.splat(<f32>rows);
  for (let lane: u32 = 0; lane < BYTES; lane += 16) {
    const column = item * BYTES + lane;
    const from = x + item * xStrip + lane;
    let sum = f32x4.splat(0);
    for (let row: u32 = 0, at = from; row < rows; row++, at += xRow) sum = f32x4.add(sum, v128.load(at));
    const mean = f32x4.div(sum, cells);
    let squares = f32x4.splat(0);
    for (let row: u32 = 0, at = from; row < rows; row++, at += xRow) {
      const away = f32x4.sub(v128.load(at), mean);
      squares = multiplyAdd(away, away, squares);
    }
    const spread = f32x4.sqrt(f32x4.add(f32x4.div(squares, cells), f32x4.splat(EPSILON)));
    const inverse = f32x4.div(f32x4.splat(1), spread);
    v128.store(statistics + column, mean);
    v128.store(statistics + (width << 2) + column, inverse);
    follow(runningMean + column, mean);
    follow(runningVariance + column, f32x4.div(squares, f32x4.splat(<f32>rows - 1)));
    const gamma = v128.load(scale + column);
    const beta = v128.load(shift + column);
    let to = out + item * outStrip + lane;
    for (let row: u32 = 0, at = from; row < rows; row++, at += xRow, to += outRow) {
      const normal = f32x4.mul(f32x4.sub(v128.load(at), mean), inverse);
      v128.store(to, f32x4.max(multiplyAdd(normal, gamma, beta), f32x4.splat(0)));
    }
  }
}

@inline
function follow(at: u32, batch: v128): void {
  const before = f32x4.mul(v128.load(at), f32x4.splat(1 - MOMENTUM));
  v128.store(at, multiplyAdd(batch, f32x4.splat(MOMENTUM), before));
}

/**
 * The way back through `normaliseStrip`: x, which it read, becomes the derivative of the loss by x; `scaleGradient` and
 * `shiftGradient` [width] those by γ and β. With a = dOut where out > 0, else 0, and x̂ the normalised x:
 *
 *     dβ = Σ a, dγ = Σ a x̂, dx = γ/√(variance + 10⁻⁵) · (a − dβ/n − x̂ dγ/n)
 *
 * @param dOut lies as `out` does
 */
export function normaliseStripGradient(
  item: u32,
  x: u32,
  xRow: u32,
  xStrip: u32,
  rows: u32,
  width: u32,
  scale: u32,
  statistics: u32,
  out: u32,
  dOut: u32,
  outRow: u32,
  outStrip: u32,
  scaleGradient: u32,
  shiftGradient: u32,
): void {
  const zero = f32x4.splat(0);
  const cells = f32x4.splat(<f32>rows);
  for (let lane: u32 = 0; lane < BYTES; lane += 16) {
    const column = item * BYTES + lane;
    const from = x + item * xStrip + lane;
    const begin = item * outStrip + lane;
    const mean = v128.load(statistics + column);
    const inverse = v128.load(statistics + (width << 2) + column);
    let sum = zero;
    let weighted = zero;
    for (let row: u32 = 0, at = from, o = begin; row < rows; row++, at += xRow, o += outRow) {
      const a = v128.and(v128.load(dOut + o), f32x4.gt(v128.load(out + o), zero));
      sum = f32x4.add(sum, a);
      weighted = multiplyAdd(a, f32x4.mul(f32x4.sub(v128.load(at), mean), inverse), weighted);
    }
    v128.store(shiftGradient + column, sum);
    v128.store(scaleGradient + column, weighted);
    const factor = f32x4.mul(v128.load(scale + column), inverse);
    const level = f32x4.div(sum, cells);
    const slope = f32x4.neg(f32x4.div(weighted, cells));
    for (let row: u32 = 0, at = from, o = begin; row < rows; row++, at += xRow, o += outRow) {
      const a = v128.and(v128.load(dOut + o), f32x4.gt(v128.load(out + o), zero));
      const normal = f32x4.mul(f32x4.sub(v128.load(at), mean), inverse);
      v128.store(at, f32x4.mul(factor, multiplyAdd(normal, slope, f32x4.sub(a, level))));
    }
  }
}
