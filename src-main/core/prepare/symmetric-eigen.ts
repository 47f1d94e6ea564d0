/** Eigenvalues, largest first, and the eigenvectors that belong to them. */
export interface Eigen {
  readonly values: Float64Array;
  /** [size, size]: column c is the eigenvector of value c. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations
 * (Golub & Van Loan, Matrix Computations, §8.5). Accurate to rounding; meant for up to some hundred rows.
 *
 * @param symmetric [size, size] row by row
 */
export function symmetricEigen(symmetric: Float64Array, size: number): Eigen {
  const a = symmetric.slice();
  const v = new Float64Array(size * size); // row r is the eigenvector of the r-th diagonal entry
  for (let i = 0; i < size; i++) v[i * size + i] = 1;

  let scale = 0;
  for (const x of a) scale += x * x;
  for (let sweep = 0; sweep < 100; sweep++) {
    let off = 0;
    for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) off += a[i * size + j]! ** 2;
    if (off <= 1e-32 * scale) break;
    for (let i = 0; i < size - 1; i++) for (let j = i + 1; j < size; j++) rotate(a, v, size, i, j);
  }

  const order = Array.from({ length: size }, (_, i) => i).sort((x, y) => a[y * size + y]! - a[x * size + x]! || x - y);
  const values = Float64Array.from(order, (i) => a[i * size + i]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, c) => {
    for (let i = 0; i < size; i++) vectors[i * size + c] = v[from * size + i]!;
  });
  return { values, vectors };
}

/** Makes a[i, j] zero by turning the plane of axes i and j; keeps the turn in `v`. */
function rotate(a: Float64Array, v: Float64Array, size: number, i: number, j: number): void {
  const aij = a[i * size + j]!;
  if (aij === 0) return;
  const theta = (a[j * size + j]! - a[i * size + i]!) / (2 * aij);
  // the smaller root turns by at most 45°; hypot avoids overflow of theta²
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const x = a[k * size + i]!;
    const y = a[k * size + j]!;
    a[k * size + i] = c * x - s * y;
    a[k * size + j] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const x = a[i * size + k]!;
    const y = a[j * size + k]!;
    a[i * size + k] = c * x - s * y;
    a[j * size + k] = s * x + c * y;
    const p = v[i * size + k]!;
    const q = v[j * size + k]!;
    v[i * size + k] = c * p - s * q;
    v[j * size + k] = s * p + c * q;
  }
}
