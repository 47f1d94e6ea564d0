import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { contrastive, LOWEST_TEMPERATURE } from '#core/train/losses/contrastive';
import { oneHotRows } from '#core/train/losses/cross-entropy';
import { alignedCount, chooseAlignment, featureAlignment } from '#core/train/losses/feature-alignment';
import { projectionRegularisation } from '#core/train/losses/projection-regularisation';
import { movedCentres, sparseCentre } from '#core/train/losses/sparse-centre';
import { choosePseudoLabels } from '#core/train/pseudo-labels';
import { balancedRows, partnersOf } from '#core/train/sampler';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

/** n rows of m numbers, none of them near zero as a row. */
function embedding(seed: number, n: number, m: number): tf.Tensor2D {
  const random = new Random(seed);
  return tf.tensor2d(
    Float32Array.from({ length: n * m }, () => random.normal() + 0.1),
    [n, m],
  );
}

const sizes = {
  seed: fc.integer({ min: 0, max: 1e6 }),
  n: fc.integer({ min: 2, max: 12 }),
  m: fc.integer({ min: 2, max: 6 }),
};
const runs = { numRuns: 25, seed: 4 };
const holds = (statement: (seed: number, n: number, m: number) => void): void =>
  fc.assert(
    fc.property(sizes.seed, sizes.n, sizes.m, (seed, n, m) => tf.tidy(() => statement(seed, n, m))),
    runs,
  );
const value = (scalar: tf.Tensor): number => scalar.dataSync()[0]!;

describe('the contrastive loss', () => {
  test('does not change when its arguments are swapped', () => {
    holds((seed, n, m) => {
      const [a, b] = [embedding(seed, n, m), embedding(seed + 1, n, m)];
      expect(value(contrastive(a, b, 0.4))).toBeCloseTo(value(contrastive(b, a, 0.4)), 4);
    });
  });

  test('is finite at the smallest temperature and for equal rows', () => {
    holds((seed, n, m) => {
      const a = embedding(seed, n, m);
      expect(Number.isFinite(value(contrastive(a, tf.neg(a), LOWEST_TEMPERATURE)))).toBe(true);
      expect(Number.isFinite(value(contrastive(tf.ones([n, m]), tf.ones([n, m]), LOWEST_TEMPERATURE)))).toBe(true);
    });
  });

  test('refuses a temperature at which numbers could vanish', () => {
    tf.tidy(() => {
      expect(() => contrastive(tf.ones([2, 2]), tf.ones([2, 2]), 0.02)).toThrow('temperature 0.02, lowest is 0.03');
    });
  });

  test('depends on directions only', () => {
    holds((seed, n, m) => {
      const [a, b] = [embedding(seed, n, m), embedding(seed + 1, n, m)];
      expect(value(contrastive(tf.mul(a, 7), b, 0.4))).toBeCloseTo(value(contrastive(a, b, 0.4)), 4);
    });
  });
});

describe('feature alignment', () => {
  test.each([false, true])('has a gradient orthogonal to every embedding row (negatives: %s)', (withNegatives) => {
    holds((seed, n, m) => {
      const [a, b] = [embedding(seed, n, m), embedding(seed + 1, n, m)];
      const choice = chooseAlignment(a, b, 0.8);
      const rows = tf.zeros([alignedCount(n, 0.8)], 'int32') as tf.Tensor1D;
      const grads = tf.grads((x, y) =>
        featureAlignment(x as tf.Tensor2D, y as tf.Tensor2D, choice, withNegatives ? { rows, margin: 0.5 } : null),
      )([a, b]);
      for (const [z, gradient] of [
        [a, grads[0]!],
        [b, grads[1]!],
      ] as const) {
        for (const along of tf.sum(tf.mul(z, gradient), 1).dataSync()) expect(Math.abs(along)).toBeLessThan(1e-5);
      }
    });
  });

  test('keeps the share of query rows that match best', () => {
    holds((seed, n, m) => {
      const { kept, best } = chooseAlignment(embedding(seed, n, m), embedding(seed + 1, n, m), 0.5);
      const cosines = best.dataSync();
      const chosen = new Set(kept.dataSync());
      expect(chosen.size).toBe(alignedCount(n, 0.5));
      const worstKept = Math.min(...[...chosen].map((row) => cosines[row]!));
      cosines.forEach((cosine, row) => {
        if (!chosen.has(row)) expect(cosine).toBeLessThanOrEqual(worstKept);
      });
    });
  });
});

describe('the sparse centre loss', () => {
  const cells = (seed: number, n: number, m: number): Parameters<typeof sparseCentre>[0] => ({
    embedding: embedding(seed, n, m),
    attention: tf.sigmoid(embedding(seed + 2, n, m)),
    labels: oneHotRows(
      Array.from({ length: n }, (_, i) => i % 3),
      3,
    ),
    takesPart: tf.tensor1d(Array.from({ length: n }, (_, i) => (i % 4 === 3 ? 0 : 1))),
  });

  test('never rises when attention falls: its derivative by attention is nowhere negative', () => {
    holds((seed, n, m) => {
      const of = cells(seed, n, m);
      const centres = embedding(seed + 1, 3, m);
      const gradient = tf.grad((attention) => sparseCentre({ ...of, attention: attention as tf.Tensor2D }, centres))(
        of.attention!,
      );
      expect(Math.min(...gradient.dataSync())).toBeGreaterThanOrEqual(0);
    });
  });

  test('ignores rows that do not take part', () => {
    holds((seed, n, m) => {
      const of = cells(seed, n, m);
      const centres = embedding(seed + 1, 3, m);
      const far = tf.mul(tf.sub(1, tf.expandDims(of.takesPart, 1)), 1000);
      const moved = { ...of, embedding: tf.add(of.embedding, far) as tf.Tensor2D };
      expect(value(sparseCentre(moved, centres))).toBeCloseTo(value(sparseCentre(of, centres)), 5);
    });
  });

  test('falls when running centres move towards their cells, and a centre without cells stays', () => {
    holds((seed, n, m) => {
      const of = cells(seed, n, m);
      const centres = embedding(seed + 1, 3, m);
      const moved = movedCentres(of, centres, 0.5);
      expect(value(sparseCentre(of, moved))).toBeLessThanOrEqual(value(sparseCentre(of, centres)) + 1e-6);
      if (n === 2) expect(moved.dataSync().slice(2 * m)).toEqual(centres.dataSync().slice(2 * m));
    });
  });
});

test('projection regularisation does not change when rows are put in another order', () => {
  holds((seed, n, m) => {
    const [a, b] = [embedding(seed, n, m), embedding(seed + 1, n, m)];
    const turned = tf.reverse(b, 0);
    const both = [b, turned].map((query) => value(projectionRegularisation(a, query, { symmetric: true })));
    expect(both[0]).toBeCloseTo(both[1]!, 4);
  });
});

describe('pseudo-labels', () => {
  test('trust more rows at a lower quantile, all of them at 0, and always at least one', () => {
    holds((seed, n, m) => {
      const counts = [0, 0.3, 0.75, 0.99].map((quantile) =>
        value(tf.sum(choosePseudoLabels(embedding(seed, n, m), quantile).takesPart)),
      );
      expect(counts[0]).toBe(n);
      expect(counts[3]).toBeGreaterThanOrEqual(1);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
    });
  });

  test('keep 129 of 512 at the quantile of the released code', () => {
    expect(tf.tidy(() => value(tf.sum(choosePseudoLabels(embedding(1, 512, 5), 0.75).takesPart)))).toBe(129);
  });
});

describe('sampling', () => {
  test('a balanced draw has every label equally often, up to one', () => {
    fc.assert(
      fc.property(sizes.seed, fc.integer({ min: 3, max: 60 }), (seed, n) => {
        const label = Int32Array.from({ length: 50 }, (_, row) => (row < 40 ? 0 : row < 49 ? 1 : 2));
        const counts = [0, 0, 0];
        for (const row of balancedRows(new Random(seed), label, 4, n)) counts[label[row]!]! += 1;
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
      }),
      runs,
    );
  });

  test('a partner is one of the neighbours of its cell, and a cell without neighbours its own', () => {
    const graph = { k: 2, indices: Int32Array.of(1, 2, 2, 0, 0, 1) };
    fc.assert(
      fc.property(sizes.seed, (seed) => {
        partnersOf(new Random(seed), Int32Array.of(2, 0, 1), graph).forEach((partner, i) => {
          const cell = [2, 0, 1][i]!;
          expect(Array.from(graph.indices.slice(cell * 2, cell * 2 + 2))).toContain(partner);
        });
      }),
      runs,
    );
    expect(partnersOf(new Random(1), Int32Array.of(2, 0), { k: 0, indices: new Int32Array(0) })).toEqual(
      Int32Array.of(2, 0),
    );
  });
});
