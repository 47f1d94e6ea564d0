/** Rounds of the subspace iteration: enough for a picture, whatever the spectrum. */
const ROUNDS = 40;

/**
 * Rows laid into the plane of their two main directions (principal components of the centred rows, by subspace iteration
 * on the covariance), scaled so that the farthest coordinate is 1. Rows without spread lie at the origin.
 *
 * @param values [rows, width] row by row
 * @returns [rows, 2] row by row, −1 … 1
 */
export function planeOf(values: Float32Array, width: number): Float32Array {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width]! += values[i]! / rows;
  const covariance = covarianceOf(values, mean);
  let axes = [start(width, 1), start(width, 2)];
  for (let round = 0; round < ROUNDS; round++) axes = orthonormal(axes.map((axis) => times(covariance, axis)));
  const places = new Float32Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    for (const [k, axis] of axes.entries()) {
      let sum = 0;
      for (let j = 0; j < width; j++) sum += (values[row * width + j]! - mean[j]!) * axis[j]!;
      places[2 * row + k] = sum;
    }
  }
  return scaled(places);
}

/**
 * The places turned, and mirrored where that fits better, to lie as near as they can to those before (orthogonal
 * Procrustes in the plane: Schönemann 1966, doi:10.1007/BF02289451). Distances between rows stay.
 *
 * @param places [rows, 2] @param before [rows, 2] of the same rows
 */
export function alignedPlane(places: Float32Array, before: Float32Array): Float32Array {
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < places.length; i += 2) {
    xx += before[i]! * places[i]!;
    xy += before[i]! * places[i + 1]!;
    yx += before[i + 1]! * places[i]!;
    yy += before[i + 1]! * places[i + 1]!;
  }
  const mirror = Math.hypot(xx - yy, yx + xy) > Math.hypot(xx + yy, yx - xy) ? -1 : 1;
  const angle = Math.atan2(yx - mirror * xy, xx + mirror * yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = new Float32Array(places.length);
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = [places[i]!, mirror * places[i + 1]!];
    turned[i] = cos * x - sin * y;
    turned[i + 1] = sin * x + cos * y;
  }
  return scaled(turned);
}

/** Σ (x − mean)(x − mean)ᵀ: [width, width]. */
function covarianceOf(values: Float32Array, mean: Float64Array): Float64Array {
  const width = mean.length;
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    for (let j = 0; j < width; j++) centred[j] = values[row + j]! - mean[j]!;
    for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) sums[i * width + j]! += centred[i]! * centred[j]!;
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sums[j * width + i] = sums[i * width + j]!;
  return sums;
}

/** A first guess that leans to no axis; the same every time. */
function start(width: number, k: number): Float64Array {
  return Float64Array.from({ length: width }, (_, j) => Math.sin((j + 1) * (k + 0.5)));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const width = vector.length;
  return Float64Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += matrix[i * width + j]! * vector[j]!;
    return sum;
  });
}

/** Gram–Schmidt; a direction with nothing left becomes zero. */
function orthonormal(axes: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const axis of axes) {
    const full = Math.hypot(...axis);
    for (const other of done) {
      const along = axis.reduce((sum, value, j) => sum + value * other[j]!, 0);
      for (let j = 0; j < axis.length; j++) axis[j]! -= along * other[j]!;
    }
    const left = Math.hypot(...axis);
    done.push(axis.map((value) => (left > 1e-9 * full && left > 0 ? value / left : 0)));
  }
  return done;
}

function scaled(places: Float32Array): Float32Array {
  const farthest = places.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return farthest === 0 ? places : places.map((value) => value / farthest);
}
