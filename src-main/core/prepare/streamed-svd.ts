import { throwIfCancelled } from '../base/cancel.ts';
import { Random } from '../base/random.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { SparseProducts } from '../data/sparse-products.ts';
import type { StoredRows } from '../data/sparse-rows.ts';
import { orthonormalise, OVERSAMPLING, product, project, ROUNDS, type Svd, type SvdOptions } from './randomised-svd.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Up to this many columns AᵀA is written out once: at most 128 MB, and one pass over the rows instead of nine. */
const GRAM_COLUMNS = 4096;

/** The product AᵀA·V of the centred rows: [columns, width] → [columns, width]. */
type TimesGram = (block: Float64Array, width: number) => Promise<Float64Array>;

/**
 * What `randomisedSvd` gives, for rows that do not lie in memory: the same subspaces, found on AᵀA so that nothing as long as
 * the rows is held but the scores. Memory is columns times rank, and one block of rows.
 *
 * Equal to the result in memory up to rounding, as long as a component is above about 10⁻⁶ of the largest; below that it may
 * be zero here.
 *
 * @param order all columns; where the first one gets its random start first, the result does not depend on how a file orders them
 */
export async function streamedSvd(
  rows: StoredRows,
  rank: number,
  options: SvdOptions,
  order?: Uint32Array,
): Promise<Svd> {
  const { rounds = ROUNDS, signal, pause } = options;
  const small = Math.min(rows.rows, rows.columns);
  const kept = Math.min(rank, small);
  const width = Math.min(kept + OVERSAMPLING, small);
  const timesGram = rows.columns <= GRAM_COLUMNS ? await writtenOut(rows, options) : inPasses(rows, options);

  let basis = orthonormalise(randomStart(rows.columns, width, options.seed, order), width);
  let image = await timesGram(basis, width);
  for (let round = 0; round < rounds; round++) {
    await pause?.();
    throwIfCancelled(signal);
    basis = orthonormalise(image.slice(), width);
    image = await timesGram(basis, width);
  }
  // A·basis·S has orthonormal columns; with right = Aᵀ·(A·basis·S) the rest is as in memory
  const toOrthonormal = inverseRoot(crossProduct(basis, image, width), width);
  const right = project(image, toOrthonormal, width, width);
  const { values, vectors } = symmetricEigen(crossProduct(right, right, width), width);
  const singularValues = Float64Array.from({ length: kept }, (_, c) => Math.sqrt(Math.max(values[c]!, 0)));
  for (let c = 0; c < kept; c++) if (singularValues[c]! <= 1e-7 * singularValues[0]!) singularValues[c] = 0;
  const loadings = project(right, vectors, width, kept);
  const toScores = project(project(basis, toOrthonormal, width, width), vectors, width, kept);
  for (let c = 0; c < kept; c++) {
    const s = singularValues[c]!;
    let extreme = 0;
    for (let i = c; i < loadings.length; i += kept)
      if (Math.abs(loadings[i]!) > Math.abs(extreme)) extreme = loadings[i]!;
    const sign = extreme < 0 ? -1 : 1;
    for (let i = c; i < loadings.length; i += kept) {
      loadings[i] = s === 0 ? 0 : (sign * loadings[i]!) / s;
      toScores[i] = s === 0 ? 0 : sign * s * toScores[i]!;
    }
  }
  return { rank: kept, scores: await productWith(rows, toScores, kept, options), singularValues, loadings };
}

/** S with Sᵀ·M·S = 1 for a symmetric M ≥ 0: [width, width]. Directions in which M is 0 to rounding give columns of zeros. */
function inverseRoot(matrix: Float64Array, width: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, width);
  return vectors.map((v, i) => {
    const value = values[i % width]!;
    return value > 1e-13 * values[0]! ? v / Math.sqrt(value) : 0;
  });
}

function randomStart(columns: number, width: number, seed: number, order: Uint32Array | undefined): Float64Array {
  const random = Random.forPurpose(seed, 'randomised-svd');
  const start = new Float64Array(columns * width);
  for (let i = 0; i < columns; i++) {
    const column = order?.[i] ?? i;
    for (let c = 0; c < width; c++) start[column * width + c] = random.normal();
  }
  return start;
}

/** AᵀA − n·μμᵀ as a table [columns, columns], made in one pass. */
async function writtenOut(rows: StoredRows, { centre, signal, pause }: SvdOptions): Promise<TimesGram> {
  const { columns } = rows;
  const table = new Float64Array(columns * columns);
  for await (const { matrix } of rows.blocks(signal)) {
    for (let row = 0; row < matrix.rows;) {
      row = addOuterProducts(matrix, row, table);
      await pause?.();
      throwIfCancelled(signal);
    }
  }
  for (let a = 0; a < columns; a++) {
    for (let b = a; b < columns; b++) {
      const entry = table[a * columns + b]! - (centre === undefined ? 0 : rows.rows * centre[a]! * centre[b]!);
      table[a * columns + b] = table[b * columns + a] = entry;
    }
  }
  return async (block, width) => {
    const out = new Float64Array(block.length);
    for (let a = 0; a < columns; a++) {
      if (a % 256 === 0) await pause?.();
      for (let b = 0; b < columns; b++) {
        const value = table[a * columns + b]!;
        if (value !== 0) for (let c = 0; c < width; c++) out[a * width + c]! += value * block[b * width + c]!;
      }
    }
    return out;
  };
}

/** Products that are added up between two pauses: less than a tenth of a second of work. */
const PRODUCTS_AT_ONCE = 1e7;

/** Adds x·xᵀ of rows x from `first` on to the upper half of the table, and gives the row to go on with. */
function addOuterProducts(
  { rows, columns, indptr, indices, values }: CsrMatrix,
  first: number,
  table: Float64Array,
): number {
  let products = 0;
  let row = first;
  for (; row < rows && products < PRODUCTS_AT_ONCE; row++) {
    const [start, end] = [indptr[row]!, indptr[row + 1]!];
    for (let p = start; p < end; p++) {
      const value = values[p]!;
      const at = indices[p]! * columns;
      for (let q = p; q < end; q++) table[at + indices[q]!]! += value * values[q]!;
    }
    products += ((end - start) * (end - start)) / 2;
  }
  return row;
}

/** One pass over the rows for each product. */
function inPasses(rows: StoredRows, { centre, signal, products }: SvdOptions): TimesGram {
  return async (block, width) => {
    const out = new Float64Array(block.length);
    const shift = centreTimes(centre, block, width);
    const sums = new Float64Array(width); // of A·V over all rows: what centring takes off on the left
    for await (const { matrix } of rows.blocks(signal)) {
      const left = shifted(productBy(products, matrix, block, width), shift, width);
      for (let i = 0; i < left.length; i += width) for (let c = 0; c < width; c++) sums[c]! += left[i + c]!;
      if (products === undefined) addTransposed(matrix, left, width, out);
      else products.transposedProduct(matrix, Float32Array.from(left), width).forEach((sum, i) => (out[i]! += sum));
    }
    centre?.forEach((mean, column) => {
      for (let c = 0; c < width; c++) out[column * width + c]! -= mean * sums[c]!;
    });
    return out;
  };
}

function productBy(
  products: SparseProducts | undefined,
  matrix: CsrMatrix,
  block: Float64Array,
  width: number,
): Float64Array {
  if (products === undefined) return product(matrix, block, width);
  return Float64Array.from(products.product(matrix, Float32Array.from(block), width));
}

/** out += matrixᵀ·left: [columns, width]. */
function addTransposed(matrix: CsrMatrix, left: Float64Array, width: number, out: Float64Array): void {
  for (let row = 0; row < matrix.rows; row++) {
    const from = row * width;
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const value = matrix.values[p]!;
      const to = matrix.indices[p]! * width;
      for (let c = 0; c < width; c++) out[to + c]! += value * left[from + c]!;
    }
  }
}

/** (A − 1·centreᵀ)·block: [columns, width] → [rows, width]. */
async function productWith(
  rows: StoredRows,
  block: Float64Array,
  width: number,
  { centre, signal, products }: SvdOptions,
): Promise<Float32Array> {
  const out = new Float32Array(rows.rows * width);
  const shift = centreTimes(centre, block, width);
  for await (const { from, matrix } of rows.blocks(signal)) {
    out.set(shifted(productBy(products, matrix, block, width), shift, width), from * width);
  }
  return out;
}

/** centreᵀ·block: [width]. */
function centreTimes(centre: Float64Array | undefined, block: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width);
  centre?.forEach((mean, column) => {
    for (let c = 0; c < width; c++) out[c]! += mean * block[column * width + c]!;
  });
  return out;
}

function shifted(block: Float64Array, shift: Float64Array, width: number): Float64Array {
  for (let i = 0; i < block.length; i += width) for (let c = 0; c < width; c++) block[i + c]! -= shift[c]!;
  return block;
}

/** aᵀ·b, made symmetric against rounding: [width, width]. */
function crossProduct(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let i = 0; i < a.length; i += width) {
    for (let x = 0; x < width; x++)
      for (let y = 0; y < width; y++) out[x * width + y]! += (a[i + x]! * b[i + y]! + a[i + y]! * b[i + x]!) / 2;
  }
  return out;
}
