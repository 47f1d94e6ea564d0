/**
 * A smooth curve through points by local quadratic regression (loess, Cleveland & Devlin 1988,
 * doi:10.1080/01621459.1988.10478639), evaluated at the points themselves.
 *
 * As in the published `dloess` routines: at a few vertices a parabola is fitted to the nearest `span` of all points,
 * weighted by tricube of distance, and between two vertices the value follows the cubic that has the values and slopes
 * of both. Vertices halve the sorted points until a cell holds at most `span`/5 of them.
 *
 * @param x [points], finite, in any order
 * @param y [points], finite
 * @param span share of the points in each local fit, 0…1
 * @returns the curve at each x: [points]
 */
export function localRegression(x: Float64Array, y: Float64Array, span: number): Float64Array {
  const n = x.length;
  if (y.length !== n) throw new RangeError(`localRegression: ${n} x and ${y.length} y`);
  if (n === 0) return new Float64Array(0);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a]! - x[b]! || a - b);
  const sortedX = Float64Array.from(order, (i) => x[i]!);
  const sortedY = Float64Array.from(order, (i) => y[i]!);

  const nearest = Math.min(n, Math.max(Math.floor(n * span + 1e-5), 4));
  const vertices = verticesOf(sortedX, Math.floor(n * span * 0.2));
  const fits = vertices.map((at) => fitAt(sortedX, sortedY, at, nearest));

  const curve = new Float64Array(n);
  let cell = 0;
  for (let i = 0; i < n; i++) {
    while (cell < vertices.length - 2 && sortedX[i]! > vertices[cell + 1]!) cell++;
    curve[order[i]!] = between(vertices[cell]!, vertices[cell + 1]!, fits[cell]!, fits[cell + 1]!, sortedX[i]!);
  }
  return curve;
}

/** The ends of the range, a little beyond the points, and the cuts between cells, rising. */
function verticesOf(x: Float64Array, cellSize: number): number[] {
  const low = x[0]!;
  const high = x[x.length - 1]!;
  const margin = 0.005 * Math.max(high - low, Math.max(Math.abs(low), Math.abs(high)) * 1e-10 + 1e-30);
  const ends: [number, number] = [low - margin, high + margin];
  const cuts: number[] = [];
  const split = (from: number, to: number, left: number, right: number): void => {
    if (to - from + 1 <= cellSize || from >= to) return;
    const last = lastOfLowerHalf(x, from, to);
    const cut = x[last]!;
    if (cut === left || cut === right) return; // all points of the cell coincide
    cuts.push(cut);
    split(from, last, left, cut);
    split(last + 1, to, cut, right);
  };
  split(0, x.length - 1, ...ends);
  return [ends[0], ...cuts.sort((a, b) => a - b), ends[1]];
}

/** The place nearest to the middle of from … to after which x rises (of two, the right one), so that equal points stay together. */
function lastOfLowerHalf(x: Float64Array, from: number, to: number): number {
  const middle = Math.floor((from + to) / 2);
  for (let offset = 0; middle + offset < to; offset++) {
    if (x[middle + offset] !== x[middle + offset + 1]) return middle + offset;
    if (middle - offset < from) break;
    if (x[middle - offset] !== x[middle - offset + 1]) return middle - offset;
  }
  return middle;
}

interface LocalFit {
  readonly value: number;
  readonly slope: number;
}

/** Value and slope at one place of the weighted parabola through the `nearest` points; x is sorted. */
function fitAt(x: Float64Array, y: Float64Array, at: number, nearest: number): LocalFit {
  let from = 0;
  while (from + nearest < x.length && x[from + nearest]! - at < at - x[from]!) from++;
  const radius = Math.max(at - x[from]!, x[from + nearest - 1]! - at);

  // moments of the weights in units of the radius, so that the 3×3 system is well scaled
  const m = new Float64Array(5);
  const r = new Float64Array(3);
  for (let i = from; i < from + nearest; i++) {
    const u = radius > 0 ? (x[i]! - at) / radius : 0;
    const distance = Math.abs(u);
    if (distance >= 0.999) continue;
    const weight = distance > 0.001 ? (1 - distance ** 3) ** 3 : 1;
    let power = weight;
    for (let e = 0; e < 5; e++) {
      m[e]! += power;
      if (e < 3) r[e]! += power * y[i]!;
      power *= u;
    }
  }
  if (m[0] === 0) {
    // all of them lie at the rim, as one or two points do
    const nearby = y.subarray(from, from + nearest);
    return { value: nearby.reduce((a, b) => a + b, 0) / nearest, slope: 0 };
  }
  const [value, slope] = solveParabola(m, r);
  return { value, slope: radius > 0 ? slope / radius : 0 };
}

/** Solves the normal equations of a parabola, or of a line or a constant where the points do not carry more. */
function solveParabola(m: Float64Array, r: Float64Array): [value: number, slope: number] {
  const [m0, m1, m2, m3, m4] = m as unknown as [number, number, number, number, number];
  const [r0, r1, r2] = r as unknown as [number, number, number];
  const line = m0 * m2 - m1 * m1;
  const det = m0 * (m2 * m4 - m3 * m3) - m1 * (m1 * m4 - m3 * m2) + m2 * (m1 * m3 - m2 * m2);
  if (det > 1e-12 * m0 * m2 * m4) {
    const value = (r0 * (m2 * m4 - m3 * m3) - m1 * (r1 * m4 - m3 * r2) + m2 * (r1 * m3 - m2 * r2)) / det;
    const slope = (m0 * (r1 * m4 - m3 * r2) - r0 * (m1 * m4 - m3 * m2) + m2 * (m1 * r2 - r1 * m2)) / det;
    return [value, slope];
  }
  if (line > 1e-12 * m0 * m2) return [(r0 * m2 - m1 * r1) / line, (m0 * r1 - m1 * r0) / line];
  return [r0 / m0, 0];
}

/** The cubic with given values and slopes at both ends (Hermite). */
function between(a: number, b: number, left: LocalFit, right: LocalFit, x: number): number {
  const width = b - a;
  const t = (x - a) / width;
  const s = 1 - t;
  return (
    s * s * (1 + 2 * t) * left.value +
    t * t * (1 + 2 * s) * right.value +
    s * s * t * width * left.slope -
    t * t * s * width * right.slope
  );
}
