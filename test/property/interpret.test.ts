import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { gaussLegendre } from '#core/interpret/gauss-legendre';
import { integratedGradients } from '#core/interpret/integrated-gradients';
import { strongest } from '#core/interpret/strongest';
import type { AffineModel } from '#core/train/method';

const runs = { numRuns: 50, seed: 9 };

function model(random: Random, features: number, width: number, labels: number, size: number): AffineModel {
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => size * random.normal());
  return {
    width,
    encoder: normals(features * width),
    encoderBias: normals(width),
    classifier: normals(width * labels),
    classifierBias: normals(labels),
  };
}

describe('integrated gradients', () => {
  test('sum to the rise of the probability from the empty cell, also where logits are steep', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0.1, 1, 3),
        (seed, labels, size) => {
          const random = new Random(seed);
          const explain = integratedGradients(model(random, 12, 4, labels, size));
          const indices = Uint32Array.of(0, 3, 4, 9, 11);
          const values = Float32Array.from(indices, () => random.uniform() * 3);
          const { attributions, probability, baseline, gap } = explain(indices, values, random.below(labels));
          const sum = attributions.reduce((total, value) => total + value, 0);
          expect(Math.abs(sum - (probability - baseline))).toBeLessThan(1e-5);
          expect(gap).toBeLessThan(1e-5);
        },
      ),
      runs,
    );
  });

  test('over all labels sum to zero for each feature, because probabilities sum to one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const explain = integratedGradients(model(new Random(seed), 6, 3, 3, 0.5));
        const all = [0, 1, 2].map(
          (target) => explain(Uint32Array.of(1, 4), Float32Array.of(1, 2), target).attributions,
        );
        for (const place of [0, 1]) {
          expect(Math.abs(all.reduce((sum, of) => sum + of[place]!, 0))).toBeLessThan(1e-9);
        }
      }),
      runs,
    );
  });

  test('of an empty cell are none, and its probability is that of the baseline', () => {
    const explain = integratedGradients(model(new Random(1), 6, 3, 3, 0.5));
    const { attributions, probability, baseline, gap } = explain(new Uint32Array(0), new Float32Array(0), 1);
    expect([attributions.length, gap]).toEqual([0, 0]);
    expect(probability).toBe(baseline);
  });
});

test('the Gauss–Legendre rule with n nodes integrates powers up to 2n − 1 exactly', () => {
  for (const n of [1, 2, 3, 10, 50]) {
    const { nodes, weights } = gaussLegendre(n);
    for (let power = 0; power <= Math.min(2 * n - 1, 40); power++) {
      const sum = nodes.reduce((total, node, i) => total + weights[i]! * node ** power, 0);
      expect(sum).toBeCloseTo(1 / (power + 1), 13);
    }
  }
});

test('the strongest places are those a full sort of the positive scores puts first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 6 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 12 }),
      (scores, k) => {
        const expected = scores
          .map((score, place) => ({ score, place }))
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score || a.place - b.place)
          .slice(0, k)
          .map(({ place }) => place)
          .sort((a, b) => a - b);
        expect(Array.from(strongest(Float64Array.from(scores), k)).sort((a, b) => a - b)).toEqual(expected);
      },
    ),
    runs,
  );
});
