import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { alignedPlane, planeOf } from '#core/train/plane';

/** Rows that spread most along one direction of the space, less along another, hardly along the others. */
function cloud(rows: number, seed: number): { values: Float32Array; first: number[]; second: number[] } {
  const random = new Random(seed);
  const width = 6;
  const values = new Float32Array(rows * width);
  const [first, second] = [[] as number[], [] as number[]];
  for (let row = 0; row < rows; row++) {
    const [a, b] = [20 * (random.uniform() - 0.5), 6 * (random.uniform() - 0.5)];
    first.push(a);
    second.push(b);
    for (let j = 0; j < width; j++) values[row * width + j] = 100 + 0.01 * random.uniform();
    values[row * width + 1]! += a;
    values[row * width + 4]! += b;
  }
  return { values, first, second };
}

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number): number => a.reduce((total, _, i) => total + f(i), 0);
  const [ab, aa, bb] = [
    sum((i) => (a[i]! - ma) * (b[i]! - mb)),
    sum((i) => (a[i]! - ma) ** 2),
    sum((i) => (b[i]! - mb) ** 2),
  ];
  return ab / Math.sqrt(aa * bb);
};
const column = (places: Float32Array, k: number): number[] => Array.from(places).filter((_, i) => i % 2 === k);

test('the two directions of most spread become the plane, the larger first', () => {
  const { values, first, second } = cloud(300, 5);
  const places = planeOf(values, 6);
  expect(Math.abs(correlation(column(places, 0), first))).toBeGreaterThan(0.999);
  expect(Math.abs(correlation(column(places, 1), second))).toBeGreaterThan(0.98);
  expect(Math.max(...places.map(Math.abs))).toBe(1);
});

test('rows that are all the same lie at the origin; rows on a line leave the second coordinate at nothing', () => {
  expect([...planeOf(new Float32Array(8).fill(3), 2)]).toEqual(new Array(8).fill(0));
  const line = planeOf(Float32Array.from([0, 0, 1, 1, 2, 2]), 2);
  for (const value of column(line, 1)) expect(value).toBeCloseTo(0, 5);
  expect(Math.abs(line[0]!)).toBeCloseTo(1, 6);
});

test.each([false, true])('places that were turned (mirrored: %s) are turned back onto those before', (mirrored) => {
  const { values } = cloud(200, 9);
  const before = planeOf(values, 6);
  const [cos, sin] = [Math.cos(2.1), Math.sin(2.1)];
  const turned = new Float32Array(before.length);
  for (let i = 0; i < before.length; i += 2) {
    const [x, y] = [before[i]!, mirrored ? -before[i + 1]! : before[i + 1]!];
    turned[i] = cos * x - sin * y;
    turned[i + 1] = sin * x + cos * y;
  }
  const back = alignedPlane(turned, before);
  before.forEach((value, i) => expect(back[i]).toBeCloseTo(value, 4));
});
