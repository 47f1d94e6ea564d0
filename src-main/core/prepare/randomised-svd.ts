import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import { Random } from '../base/random.ts';
import { type CsrMatrix, transpose } from '../data/csr-matrix.ts';
import type { SparseProducts } from '../data/sparse-products.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** The leading part of a singular value decomposition A ≈ U·diag(s)·Vᵀ. */
export interface Svd {
  readonly rank: number;
  /** U·diag(s): [rows, rank] row by row; float32 where the rows do not lie in memory. */
  readonly scores: Float64Array | Float32Array;
  /** s, largest first: [rank]. */
  readonly singularValues: Float64Array;
  /** V: [columns, rank] row by row. */
  readonly loadings: Float64Array;
}

export interface SvdOptions {
  readonly seed: number;
  /** Taken off every row: [columns]. A − 1·centreᵀ is decomposed without being made. */
  readonly centre?: Float64Array;
  /** Rounds of A·Aᵀ that sharpen the subspace. */
  readonly rounds?: number;
  readonly signal?: CancelSignal;
  /** Waited for between two rounds, so that a wish to cancel can be heard. */
  readonly pause?: (() => void | Promise<void>) | undefined;
  /** Carries out all rounds but the last, in float32; without it all are done here, in float64. */
  readonly products?: SparseProducts | undefined;
}

/** Columns searched beyond the rank; they buy accuracy of the last components. */
export const OVERSAMPLING = 12;

/** Rounds of A·Aᵀ unless told otherwise. */
export const ROUNDS = 7;

/**
 * The `rank` largest singular values and vectors of a sparse matrix, by randomised subspace iteration
 * (Halko, Martinsson & Tropp 2011, algorithm 4.4, doi:10.1137/090771806). Memory is that of the
 * matrix once more and rows + columns times rank.
 * Exact to rounding when rank + 12 reaches the smaller side. Same seed, same bits.
 *
 * With `products` the subspace is found in float32 and sharpened once more in float64, which leaves it exact to about 10⁻⁶.
 *
 * Signs: in each component the loading of largest size is positive (the first one, if several are).
 * Components whose singular value is 0 to rounding (10⁻⁷ of the largest) are all zero.
 *
 * @param matrix [rows, columns]
 * @param rank lowered to the smaller side of the matrix
 */
export async function randomisedSvd(
  matrix: CsrMatrix,
  rank: number,
  options: SvdOptions,
): Promise<Svd & { readonly scores: Float64Array }> {
  const { centre, rounds = ROUNDS, signal, pause } = options;
  const small = Math.min(matrix.rows, matrix.columns);
  const kept = Math.min(rank, small);
  const width = Math.min(kept + OVERSAMPLING, small);
  const random = Random.forPurpose(options.seed, 'randomised-svd');
  const transposed = transpose(matrix);
  const exact: Products = {
    times: (block) => times(product(matrix, block, width), centre, block, width),
    transposedTimes: (block) => transposedTimes(product(transposed, block, width), centre, block, width),
  };
  const quick = options.products === undefined ? exact : quickProducts(matrix, centre, width, options.products);

  const start = new Float64Array(matrix.columns * width);
  for (let i = 0; i < start.length; i++) start[i] = random.normal();
  let left = orthonormalise(quick.times(start), width); // [rows, width]
  let right = quick.transposedTimes(left); // [columns, width]
  for (let round = 0; round < rounds; round++) {
    const { times, transposedTimes } = round === rounds - 1 ? exact : quick;
    await pause?.();
    throwIfCancelled(signal);
    left = orthonormalise(times(right), width);
    await pause?.();
    throwIfCancelled(signal);
    right = transposedTimes(left);
  }
  // A ≈ left·rightᵀ, so the small matrix rightᵀ·right = W·diag(s²)·Wᵀ holds the rest
  const { values, vectors } = symmetricEigen(gram(right, width), width);
  return assemble(left, right, width, values, vectors, kept);
}

function assemble(
  left: Float64Array,
  right: Float64Array,
  width: number,
  values: Float64Array,
  vectors: Float64Array,
  kept: number,
): Svd & { readonly scores: Float64Array } {
  const largest = Math.sqrt(Math.max(values[0] ?? 0, 0));
  const singularValues = Float64Array.from({ length: kept }, (_, c) => Math.sqrt(Math.max(values[c]!, 0)));
  for (let c = 0; c < kept; c++) if (singularValues[c]! <= 1e-7 * largest) singularValues[c] = 0;
  const scores = project(left, vectors, width, kept);
  const loadings = project(right, vectors, width, kept);
  for (let c = 0; c < kept; c++) {
    const s = singularValues[c]!;
    let extreme = 0;
    for (let i = c; i < loadings.length; i += kept)
      if (Math.abs(loadings[i]!) > Math.abs(extreme)) extreme = loadings[i]!;
    const sign = extreme < 0 ? -1 : 1;
    for (let i = c; i < loadings.length; i += kept) loadings[i] = s === 0 ? 0 : (sign * loadings[i]!) / s;
    for (let i = c; i < scores.length; i += kept) scores[i] = s === 0 ? 0 : sign * s * scores[i]!;
  }
  return { rank: kept, scores, singularValues, loadings };
}

/** Products with the centred matrix. */
interface Products {
  /** [columns, width] → [rows, width] */
  times(block: Float64Array): Float64Array;
  /** [rows, width] → [columns, width] */
  transposedTimes(block: Float64Array): Float64Array;
}

function quickProducts(
  matrix: CsrMatrix,
  centre: Float64Array | undefined,
  width: number,
  products: SparseProducts,
): Products {
  const by = (work: SparseProducts['product'], block: Float64Array): Float64Array =>
    Float64Array.from(work(matrix, Float32Array.from(block), width));
  return {
    times: (block) => times(by(products.product, block), centre, block, width),
    transposedTimes: (block) => transposedTimes(by(products.transposedProduct, block), centre, block, width),
  };
}

/** (A − 1·centreᵀ)·block from A·block, in place: [rows, width]. */
function times(out: Float64Array, centre: Float64Array | undefined, block: Float64Array, width: number): Float64Array {
  if (centre === undefined) return out;
  const shift = new Float64Array(width);
  for (let j = 0; j < centre.length; j++) {
    for (let c = 0; c < width; c++) shift[c]! += centre[j]! * block[j * width + c]!;
  }
  for (let i = 0; i < out.length; i += width) for (let c = 0; c < width; c++) out[i + c]! -= shift[c]!;
  return out;
}

/** (A − 1·centreᵀ)ᵀ·block from Aᵀ·block, in place: [columns, width]. */
function transposedTimes(
  out: Float64Array,
  centre: Float64Array | undefined,
  block: Float64Array,
  width: number,
): Float64Array {
  if (centre === undefined) return out;
  const sums = new Float64Array(width);
  for (let i = 0; i < block.length; i += width) for (let c = 0; c < width; c++) sums[c]! += block[i + c]!;
  for (let j = 0; j < centre.length; j++) {
    for (let c = 0; c < width; c++) out[j * width + c]! -= centre[j]! * sums[c]!;
  }
  return out;
}

/** matrix·block: [columns, width] → [rows, width]. Four values at a time, which saves three of four reads and writes of a sum. */
export function product(matrix: CsrMatrix, block: Float64Array, width: number): Float64Array {
  const { rows, indptr, indices, values } = matrix;
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const to = row * width;
    const end = indptr[row + 1]!;
    let p = indptr[row]!;
    for (; p + 3 < end; p += 4) {
      const a = values[p]!;
      const b = values[p + 1]!;
      const c = values[p + 2]!;
      const d = values[p + 3]!;
      const fromA = indices[p]! * width;
      const fromB = indices[p + 1]! * width;
      const fromC = indices[p + 2]! * width;
      const fromD = indices[p + 3]! * width;
      for (let i = 0; i < width; i++) {
        out[to + i]! += a * block[fromA + i]! + b * block[fromB + i]! + c * block[fromC + i]! + d * block[fromD + i]!;
      }
    }
    for (; p < end; p++) {
      const value = values[p]!;
      const from = indices[p]! * width;
      for (let i = 0; i < width; i++) out[to + i]! += value * block[from + i]!;
    }
  }
  return out;
}

/**
 * Orthonormal columns that span the same space, in place: modified Gram–Schmidt, done twice, because once is not
 * enough when columns are nearly parallel. A column that depends on the ones before it becomes zero.
 */
export function orthonormalise(block: Float64Array, width: number): Float64Array {
  const norms = columnNorms(block, width);
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < width; k++) {
      const norm = columnNorm(block, width, k);
      const dependent = !(norm > (pass === 0 ? 1e-12 * norms[k]! : 0.5));
      const share = new Float64Array(width);
      for (let i = 0; i < block.length; i += width) {
        const q = dependent ? 0 : block[i + k]! / norm;
        block[i + k] = q;
        for (let c = k + 1; c < width; c++) share[c]! += q * block[i + c]!;
      }
      for (let i = 0; i < block.length; i += width) {
        const q = block[i + k]!;
        for (let c = k + 1; c < width; c++) block[i + c]! -= share[c]! * q;
      }
    }
  }
  return block;
}

function columnNorms(block: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, k) => columnNorm(block, width, k));
}

function columnNorm(block: Float64Array, width: number, column: number): number {
  let sum = 0;
  for (let i = column; i < block.length; i += width) sum += block[i]! * block[i]!;
  return Math.sqrt(sum);
}

/** blockᵀ·block: [width, width]. */
function gram(block: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let i = 0; i < block.length; i += width) {
    for (let a = 0; a < width; a++) {
      const x = block[i + a]!;
      for (let b = 0; b < width; b++) out[a * width + b]! += x * block[i + b]!;
    }
  }
  return out;
}

/** block·(first `kept` columns of the square matrix): [n, width] → [n, kept]. */
export function project(block: Float64Array, square: Float64Array, width: number, kept: number): Float64Array {
  const n = block.length / width;
  const out = new Float64Array(n * kept);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < width; a++) {
      const x = block[i * width + a]!;
      for (let c = 0; c < kept; c++) out[i * kept + c]! += x * square[a * width + c]!;
    }
  }
  return out;
}
