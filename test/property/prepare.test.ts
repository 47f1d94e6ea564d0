import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import { type CsrMatrix, rowSums, takeRows } from '#core/data/csr-matrix';
import { binarise } from '#core/prepare/binarise';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { groupColumns } from '#core/prepare/group-columns';
import { log1p } from '#core/prepare/log1p';
import { lognorm } from '#core/prepare/lognorm';
import { pca } from '#core/prepare/pca';
import { randomisedSvd } from '#core/prepare/randomised-svd';
import { scale, type ShiftedMatrix, shiftedRow } from '#core/prepare/scale';
import { symmetricEigen } from '#core/prepare/symmetric-eigen';
import { countMatrix, csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
function check<T>(property: fc.IProperty<T>): void {
  void fc.assert(property, { seed: 20_261, numRuns: 60 });
}

async function checkLater<T>(property: fc.IAsyncProperty<T>): Promise<void> {
  await fc.assert(property, { seed: 20_261, numRuns: 60 });
}

async function scaledInMemory(matrix: CsrMatrix, clip: number): Promise<ShiftedMatrix<CsrMatrix>> {
  const { sparse, shift } = await scale(matrix, clip);
  return { sparse: inMemory(sparse), shift };
}

describe('per-cell steps', () => {
  test('lognorm gives every cell with counts a total of ten thousand, and an empty one none', () => {
    check(
      fc.property(countMatrix, (matrix) => {
        const level = lognorm(matrix);
        const totals = rowSums({ ...level, values: level.values.map(Math.expm1) });
        const before = rowSums(matrix);
        totals.forEach((total, row) => {
          if (before[row] === 0) expect(total).toBe(0);
          else expect(Math.abs(total / 1e4 - 1)).toBeLessThan(1e-5);
        });
      }),
    );
  });

  test('binarise done twice is binarise done once', () => {
    check(
      fc.property(countMatrix, (matrix) => {
        const once = binarise(matrix);
        expect(binarise(once)).toEqual(once);
        expect([...once.values].every((value) => value === 0 || value === 1)).toBe(true);
      }),
    );
  });

  test('the order of the cells does not matter to what becomes of a cell', () => {
    check(
      fc.property(countMatrix, seed, (matrix, s) => {
        const order = new Random(s).shuffle(Int32Array.from({ length: matrix.rows }, (_, i) => i));
        for (const step of [binarise, lognorm, log1p]) {
          expect(step(takeRows(matrix, order))).toEqual(takeRows(step(matrix), order));
        }
      }),
    );
  });
});

describe('scale', () => {
  test('gives mean 0 and spread 1 where nothing is cut off', async () => {
    await checkLater(
      fc.asyncProperty(countMatrix, async (matrix) => {
        const scaled = await scaledInMemory(matrix, 1e6);
        const rows = Array.from({ length: matrix.rows }, (_, row) => shiftedRow(scaled, row));
        for (let j = 0; j < matrix.columns; j++) {
          const z = rows.map((row) => row[j]!);
          const mean = z.reduce((a, b) => a + b, 0) / z.length;
          const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, z.length - 1);
          expect(Math.abs(mean)).toBeLessThan(1e-4);
          expect(Math.min(Math.abs(variance), Math.abs(variance - 1))).toBeLessThan(1e-4); // 0 for a constant feature
        }
      }),
    );
  });

  test('never leaves the cut-offs', async () => {
    await checkLater(
      fc.asyncProperty(countMatrix, fc.double({ min: 0.1, max: 3, noNaN: true }), async (matrix, clip) => {
        const scaled = await scaledInMemory(matrix, clip);
        for (let row = 0; row < matrix.rows; row++) {
          for (const z of shiftedRow(scaled, row)) expect(Math.abs(z)).toBeLessThanOrEqual(clip + 1e-5);
        }
      }),
    );
  });
});

describe('reductions', () => {
  test('symmetric eigenvectors rebuild the matrix and are orthonormal', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 9 }), seed, (size, s) => {
        const random = new Random(s);
        const matrix = new Float64Array(size * size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
        const { values, vectors } = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let rebuilt = 0;
            let product = 0;
            for (let c = 0; c < size; c++) {
              rebuilt += values[c]! * vectors[i * size + c]! * vectors[j * size + c]!;
              product += vectors[c * size + i]! * vectors[c * size + j]!;
            }
            expect(rebuilt).toBeCloseTo(matrix[i * size + j]!, 9);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 9);
          }
        }
      }),
    );
  });

  test('sparse PCA is the dense eigen-decomposition of the covariance', async () => {
    await fc.assert(
      fc.asyncProperty(countMatrix, seed, async (matrix, s) => {
        const { rank, scores, singularValues } = await pca(matrix, 99, { seed: s });
        const centred = centredRows(denseOf(matrix));
        const n = matrix.rows;
        const gram = Float64Array.from({ length: n * n }, (_, i) => dot(centred[Math.floor(i / n)]!, centred[i % n]!));
        const dense = symmetricEigen(gram, n);
        const largest = Math.max(1, singularValues[0]!);
        for (let c = 0; c < rank; c++) {
          const wanted = Math.sqrt(Math.max(0, dense.values[c]!));
          expect(Math.abs(singularValues[c]! - wanted) / largest).toBeLessThan(1e-6);
        }
        // all components together keep every inner product, whatever the signs and whatever values coincide
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const a = scores.subarray(i * rank, (i + 1) * rank);
            const b = scores.subarray(j * rank, (j + 1) * rank);
            expect(Math.abs(dot(a, b) - gram[i * n + j]!) / largest ** 2).toBeLessThan(1e-6);
          }
        }
      }),
    );
  });

  test('a reduction stops between two rounds when it is cancelled', async () => {
    const signal = { aborted: false };
    let pauses = 0;
    const pause = (): void => {
      signal.aborted = ++pauses === 3;
    };
    const matrix = csrOf([
      [1, 0, 2],
      [0, 3, 0],
      [4, 0, 0],
    ]);
    await expect(pca(matrix, 2, { seed: 1, signal, pause })).rejects.toBeInstanceOf(Cancelled);
    expect(pauses).toBe(3);
  });

  test('another seed gives the same leading components, signs included; the same seed the same bits', async () => {
    const random = new Random(5);
    const strength = [0, 4, 9, 16]; // groups of different strength, so that no two components coincide
    const matrix = csrOf(
      Array.from({ length: 80 }, (_, i) =>
        Array.from({ length: 60 }, (_, j) =>
          random.uniform() < 0.5 ? 1 + random.below(3) + (i % 4 === j % 4 ? strength[i % 4]! : 0) : 0,
        ),
      ),
    );
    const a = await randomisedSvd(matrix, 3, { seed: 1 });
    const b = await randomisedSvd(matrix, 3, { seed: 2 });
    const largest = Math.max(...a.scores.map(Math.abs));
    a.scores.forEach((value, i) => expect(Math.abs(value - b.scores[i]!) / largest).toBeLessThan(1e-4));
    expect(await randomisedSvd(matrix, 3, { seed: 1 })).toEqual(a);
    for (let c = 0; c < 3; c++) {
      const loadings = a.loadings.filter((_, i) => i % 3 === c);
      const extreme = loadings.reduce((x, y) => (Math.abs(y) > Math.abs(x) ? y : x), 0);
      expect(extreme).toBeGreaterThan(0);
    }
  });
});

describe('exact neighbours', () => {
  test.each(['manhattan', 'euclidean'] as const)(
    'by %s distance are those of comparing all pairs',
    async (distance) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 40 }),
          fc.integer({ min: 1, max: 20 }),
          fc.integer({ min: 1, max: 12 }),
          seed,
          async (cells, width, wanted, s) => {
            const random = new Random(s);
            const k = Math.min(wanted, cells - 1);
            // few different values, so that many distances are equal and the order of ties shows
            const values = Float32Array.from({ length: cells * width }, () => random.below(3));
            const found = await exactNeighbours.search(values, width, k, distance);
            expect([...found.indices]).toEqual(bruteForce(values, width, k, distance));
          },
        ),
        { seed: 20_262, numRuns: 60 },
      );
    },
  );

  test('span more than one block of cells', async () => {
    const random = new Random(8);
    const values = Float32Array.from({ length: 700 * 9 }, () => random.normal());
    const found = await exactNeighbours.search(values, 9, 5, 'manhattan');
    expect([...found.indices]).toEqual(bruteForce(values, 9, 5, 'manhattan'));
  });
});

test('grouped columns keep the sum of every cell', () => {
  check(
    fc.property(countMatrix, seed, (matrix, s) => {
      const random = new Random(s);
      const groups = 1 + random.below(matrix.columns);
      const place = Int32Array.from({ length: matrix.columns }, (_, j) => (j < groups ? j : random.below(groups)));
      const grouped = groupColumns(matrix, place, groups, 'sum');
      const wanted = denseOf(matrix).map((row) => {
        const sums = new Array<number>(groups).fill(0);
        row.forEach((value, j) => (sums[place[j]!]! += value));
        return sums;
      });
      expect(denseOf(grouped)).toEqual(wanted);
    }),
  );
});

function centredRows(rows: number[][]): number[][] {
  const means = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
  return rows.map((row) => row.map((value, j) => value - means[j]!));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function bruteForce(values: Float32Array, width: number, k: number, distance: 'manhattan' | 'euclidean'): number[] {
  const cells = values.length / width;
  return Array.from({ length: cells }, (_, cell) => {
    const others = Array.from({ length: cells }, (_, other) => {
      let sum = 0;
      for (let d = 0; d < width; d++) {
        const gap = values[cell * width + d]! - values[other * width + d]!;
        sum += distance === 'manhattan' ? Math.abs(gap) : gap * gap;
      }
      return { other, sum };
    });
    return others
      .filter(({ other }) => other !== cell)
      .sort((a, b) => a.sum - b.sum || a.other - b.other)
      .slice(0, k)
      .map(({ other }) => other);
  }).flat();
}
