import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averageLinkage } from '#charts/heatmap-tiles/average-linkage';

/** 1 − r, the plain way. */
function distance(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [a.map((value) => value - mean(a)), b.map((value) => value - mean(b))];
  const dot = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  const lengths = Math.sqrt(dot(x, x) * dot(y, y));
  return lengths < 1e-9 ? 1 : 1 - dot(x, y) / lengths;
}

/** Average linkage from its definition: of all pairs of clusters the one with the least mean distance, again and again. */
function byDefinition(rows: readonly (readonly number[])[]): number[] {
  let clusters = rows.map((_, i) => [i]);
  const heights: number[] = [];
  while (clusters.length > 1) {
    let best = { a: 0, b: 1, d: Infinity };
    for (let a = 0; a < clusters.length; a++) {
      for (let b = a + 1; b < clusters.length; b++) {
        const all = clusters[a]!.flatMap((i) => clusters[b]!.map((j) => distance(rows[i]!, rows[j]!)));
        const d = all.reduce((sum, value) => sum + value, 0) / all.length;
        if (d < best.d - 1e-12) best = { a, b, d };
      }
    }
    heights.push(best.d);
    const joined = [...clusters[best.a]!, ...clusters[best.b]!];
    clusters = [...clusters.filter((_, i) => i !== best.a && i !== best.b), joined];
  }
  return heights;
}

test('four profiles join as reckoned by hand: r is 1, then ½, then the mean of −1 and −½ twice', () => {
  // rows 0 and 2 differ by a factor (r = 1); row 3 is their mirror; row 1 has r = ½ with row 0 and −½ with row 3
  const rows = Float32Array.of(1, 2, 3, 1, 3, 2, 2, 4, 6, 3, 2, 1);
  const { joins, order } = averageLinkage(rows, 3);
  expect(joins.map(({ left, right }) => [left, right])).toEqual([
    [0, 2],
    [4, 1],
    [5, 3],
  ]);
  expect(joins[0]!.distance).toBeCloseTo(0, 6);
  expect(joins[1]!.distance).toBeCloseTo(0.5, 6);
  expect(joins[2]!.distance).toBeCloseTo((2 + 2 + 1.5) / 3, 6);
  expect(order).toEqual([0, 2, 1, 3]);
});

test('profiles without spread are as far from all others as uncorrelated ones', () => {
  const { joins, order } = averageLinkage(Float32Array.of(5, 5, 5, 1, 2, 3, 1, 2, 4), 3);
  expect(joins[0]).toMatchObject({ left: 1, right: 2 });
  expect(joins[1]!.distance).toBe(1);
  expect(order).toEqual([0, 1, 2]);
});

test('nothing, one profile and equal profiles have an order too', () => {
  expect(averageLinkage(new Float32Array(), 0)).toEqual({ joins: [], order: [] });
  expect(averageLinkage(Float32Array.of(1, 2), 2)).toEqual({ joins: [], order: [0] });
  expect(averageLinkage(Float32Array.of(1, 1, 1, 1), 1).order).toEqual([0, 1, 2, 3]);
});

test('joins are at the heights of the definition, and every item is in the order once', () => {
  const width = 5;
  const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width, maxLength: width });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 2, maxLength: 12 }),
      fc.infiniteStream(fc.double({ noNaN: true, min: 0, max: 0.05 })),
      (whole, noise) => {
        // a little of their own for each value: ties could be broken either way
        const rows = whole.map((values) => values.map((value) => Math.fround(value + (noise.next().value as number))));
        const { joins, order } = averageLinkage(Float32Array.from(rows.flat()), width);
        expect(order.toSorted((a, b) => a - b)).toEqual([...rows.keys()]);
        const distances = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => distance(a, b)));
        const gaps = distances.toSorted((a, b) => a - b).map((d, i, all) => (i === 0 ? 1 : d - all[i - 1]!));
        fc.pre(Math.min(...gaps) > 1e-6);
        byDefinition(rows).forEach((height, i) => expect(joins[i]!.distance).toBeCloseTo(height, 5));
      },
    ),
  );
});

test('the same profiles give the same tree, and a thousand of them take less than two seconds', () => {
  const values = Float32Array.from({ length: 1000 * 30 }, (_, i) => Math.sin(i * 12.9898) * ((i % 7) + 1));
  const started = performance.now();
  const first = averageLinkage(values, 30);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(averageLinkage(values, 30)).toEqual(first);
  expect(new Set(first.order).size).toBe(1000);
});
