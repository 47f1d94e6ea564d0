import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import { geometricSketch } from '#engine/layout/geometric-sketch';
import { neighbourWeights } from '#engine/layout/sketched-layout';
import { invertedLists } from '#engine/neighbours/inverted-lists';

const rows = fc
  .record({ cells: fc.integer({ min: 1, max: 60 }), width: fc.integer({ min: 1, max: 5 }), seed: fc.nat(1000) })
  .map(({ cells, width, seed }) => {
    const random = new Random(seed);
    // whole numbers of a small range, so that equal rows are common
    return { cells, width, seed, values: Float32Array.from({ length: cells * width }, () => random.below(4)) };
  });

describe('geometricSketch', () => {
  test('gives as many different cells as asked for, rising, and the same for the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.double({ min: 0, max: 1, noNaN: true }), async (r, share) => {
        const size = Math.max(1, Math.round(share * r.cells));
        const sketch = await geometricSketch(r.values, r.width, size, { seed: r.seed });
        expect(sketch).toHaveLength(size);
        sketch.forEach((cell, i) => expect(cell).toBeGreaterThan(i === 0 ? -1 : sketch[i - 1]!));
        expect(sketch.at(-1)!).toBeLessThan(r.cells);
        expect(await geometricSketch(r.values, r.width, size, { seed: r.seed })).toEqual(sketch);
      }),
    );
  });

  /** 3800 cells in three crowds and 40 states of 5 cells each, apart from all others. */
  function withRareStates(): { values: Float32Array; state: Int32Array; width: number } {
    const [width, random] = [12, new Random(11)];
    const state = Int32Array.from({ length: 4000 }, (_, cell) =>
      cell < 200 ? 3 + Math.floor(cell / 5) : random.below(3),
    );
    const centres = Float32Array.from({ length: 43 * width }, () => 6 * random.normal());
    const values = Float32Array.from(
      { length: 4000 * width },
      (_, i) => centres[state[Math.floor(i / width)]! * width + (i % width)]! + random.normal(),
    );
    return { values, state, width };
  }

  test('keeps every rare state where a random sample of that size loses many', async () => {
    const { values, state, width } = withRareStates();
    const kept = (cells: Int32Array): number => new Set(Array.from(cells, (cell) => state[cell]!)).size;
    for (const seed of [1, 2, 3]) {
      expect(kept(await geometricSketch(values, width, 400, { seed }))).toBe(43);
      expect(kept(new Random(seed).sample(4000, 400))).toBeLessThan(35);
    }
  });

  test('leaves no cell as far from the sketch as a random sample does', async () => {
    const { values, width } = withRareStates();
    const sketch = await geometricSketch(values, width, 400, { seed: 5 });
    expect(farthest(values, width, sketch)).toBeLessThan(
      0.7 * farthest(values, width, new Random(5).sample(4000, 400)),
    );
  });

  test('stops when cancelled', async () => {
    const { values, width } = withRareStates();
    const cancelled = geometricSketch(values, width, 400, { seed: 1, signal: { aborted: true } });
    await expect(cancelled).rejects.toBeInstanceOf(Cancelled);
  });
});

/** The largest distance of any cell from its nearest of the sketch (Hausdorff distance). */
function farthest(values: Float32Array, width: number, sketch: Int32Array): number {
  let most = 0;
  for (let cell = 0; cell * width < values.length; cell++) {
    most = Math.max(most, Math.min(...Array.from(sketch, (other) => apart(values, width, cell, values, other))));
  }
  return most;
}

function apart(a: Float32Array, width: number, row: number, b: Float32Array, other: number): number {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (a[row * width + d]! - b[other * width + d]!) ** 2;
  return Math.sqrt(sum);
}

describe('invertedLists', () => {
  test('finds exactly the nearest while it has no more lists than it looks through', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (r, n) => {
        fc.pre(n <= r.cells);
        const points = r.values.slice(0, n * r.width);
        const index = await invertedLists(points, r.width, { seed: r.seed });
        const k = Math.min(3, n);
        const [indices, distances] = [new Int32Array(k), new Float64Array(k)];
        for (let cell = 0; cell < r.cells; cell++) {
          index.find(r.values, cell, k, indices, distances);
          const all = Array.from({ length: n }, (_, point) => apart(r.values, r.width, cell, points, point));
          expect([...distances]).toEqual([...all].sort((a, b) => a - b).slice(0, k));
          expect([...indices].map((point) => all[point])).toEqual([...distances]);
          expect(new Set(indices).size).toBe(k);
        }
      }),
    );
  });

  test('finds nine of ten among many, and the same every time', async () => {
    const [width, n, k, random] = [16, 3000, 10, new Random(4)];
    const centres = Float32Array.from({ length: 12 * width }, () => 2 * random.normal());
    const near = (): Float32Array => {
      const at = random.below(12) * width;
      return centres.slice(at, at + width).map((value) => value + random.normal());
    };
    const points = Float32Array.from(Array.from({ length: n }, near).flatMap((row) => [...row]));
    const asked = Float32Array.from(Array.from({ length: 200 }, near).flatMap((row) => [...row]));
    const answers = async (): Promise<Int32Array[]> => {
      const index = await invertedLists(points, width, { seed: 9 });
      return Array.from({ length: 200 }, (_, row) => {
        const indices = new Int32Array(k);
        index.find(asked, row, k, indices, new Float64Array(k));
        return indices;
      });
    };
    const found = await answers();
    expect(await answers()).toEqual(found);
    let hits = 0;
    found.forEach((indices, row) => {
      const all = Array.from({ length: n }, (_, point) => apart(asked, width, row, points, point));
      const limit = [...all].sort((a, b) => a - b)[k - 1]!;
      hits += indices.filter((point) => all[point]! <= limit).length;
    });
    expect(hits / (200 * k)).toBeGreaterThan(0.9);
  });

  test('goes on through short lists until it has as many as asked for', async () => {
    const random = new Random(2);
    const points = Float32Array.from({ length: 400 }, () => random.normal());
    const index = await invertedLists(points, 1, { seed: 1 }); // 40 lists of about ten
    const [indices, distances] = [new Int32Array(390), new Float64Array(390)];
    index.find(points, 0, 390, indices, distances);
    expect(new Set(indices).size).toBe(390);
    expect(indices).not.toContain(-1);
    expect(distances.every(Number.isFinite)).toBe(true);
  });
});

test('the weights of neighbours sum to log2 of their number, the nearest counts fully and no farther one counts more', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 2, maxLength: 12 }), (gaps) => {
      let sum = 1;
      const distances = Float64Array.from([1, ...gaps.map((gap) => (sum += gap))]);
      const weights = neighbourWeights(distances);
      expect(weights[0]).toBe(1);
      for (let i = 1; i < weights.length; i++) expect(weights[i]!).toBeLessThanOrEqual(weights[i - 1]!);
      const total = weights.reduce((a, b) => a + b, 0);
      expect(Math.abs(total - Math.log2(distances.length))).toBeLessThan(1e-4);
    }),
  );
  expect([...neighbourWeights(Float64Array.of(0.5, 0.5, 0.5))]).toEqual([1, 1, 1]);
});
