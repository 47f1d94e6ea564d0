import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { batchNeighbours, chooseAnchors, HIGH, LOW, NO_ANCHOR } from '#core/methods/semilt/anchors';
import { batchQuantities, roundHalfEven } from '#core/methods/semilt/batch-quantities';
import { classificationLoss } from '#core/methods/semilt/classification-loss';
import { cosines } from '#core/methods/semilt/cosine';
import { confidences } from '#core/methods/semilt/model';
import { equallySpaced, labelledCells } from '#core/methods/semilt/reference-cells';
import { centroidScores, mixedScores, neighbourScores } from '#core/methods/semilt/scores';
import { separationDerivative } from '#core/methods/semilt/separation';
import { deviations, groupCompactness, neighbourCompactness } from '#core/methods/semilt/spread';
import { oneHotRows } from '#core/train/losses/cross-entropy';
import { mostProbable } from '#core/transfer/transfer-labels';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const WIDTH = 3;
const value = (scalar: tf.Tensor): number => scalar.dataSync()[0]!;
const runs = { numRuns: 30 };
const cases = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  n: fc.integer({ min: 2, max: 20 }),
  labels: fc.integer({ min: 1, max: 5 }),
});

const normals = (random: Random, n: number, shift = 0): Float32Array =>
  Float32Array.from({ length: n * WIDTH }, () => random.normal() + shift);
const labelsOf = (random: Random, n: number, labels: number): Int32Array =>
  Int32Array.from({ length: n }, () => random.below(labels));
const holds = (statement: (random: Random, n: number, labels: number) => void): void =>
  fc.assert(
    fc.property(cases, ({ seed, n, labels }) => tf.tidy(() => statement(new Random(seed), n, labels))),
    runs,
  );

/** (1/K²) Σ_{a≠b} mean ‖z_p − z_q‖₁/width, by its definition. */
function separation(z: Float32Array, group: Int32Array, groups: number): number {
  let sum = 0;
  for (let a = 0; a < groups; a++) {
    for (let b = 0; b < groups; b++) {
      if (a === b) continue;
      let distance = 0;
      let pairs = 0;
      group.forEach((g, p) => {
        group.forEach((h, q) => {
          if (g !== a || h !== b) return;
          pairs++;
          for (let d = 0; d < WIDTH; d++) distance += Math.abs(z[p * WIDTH + d]! - z[q * WIDTH + d]!);
        });
      });
      sum += distance / (pairs * WIDTH);
    }
  }
  return sum / groups ** 2;
}

describe('the separation', () => {
  test('times the coordinates is the separation itself, with ties and with cells of no group', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ seed, n, labels }, ties) => {
        const random = new Random(seed);
        const drawn = normals(random, n);
        const z = ties ? drawn.map((x) => Math.round(x)) : drawn;
        const { group, counts } = batchQuantities(labelsOf(random, n, labels), { labels: null, bounded: true });
        const withOthers = Int32Array.from([...group, -1, -1]);
        const all = Float32Array.from([...z, ...normals(random, 2)]);
        const derivative = separationDerivative(all, WIDTH, withOthers, counts.length);
        const product = all.reduce((sum, x, i) => sum + x * derivative[i]!, 0);
        expect(product).toBeCloseTo(separation(z, group, counts.length), 4);
        expect([...derivative.subarray(n * WIDTH)]).toEqual(new Array(2 * WIDTH).fill(0));
      }),
      runs,
    );
  });

  test('follows the derivative where a cell moves a little', () => {
    const random = new Random(3);
    const z = normals(random, 12);
    const group = Int32Array.from({ length: 12 }, (_, i) => i % 3);
    const derivative = separationDerivative(z, WIDTH, group, 3);
    const step = 1e-3;
    z.forEach((x, i) => {
      const [up, down] = [z.slice(), z.slice()];
      up[i] = x + step;
      down[i] = x - step;
      const slope = (separation(up, group, 3) - separation(down, group, 3)) / (up[i]! - down[i]!);
      expect(derivative[i]).toBeCloseTo(slope, 3);
    });
  });
});

describe('strengths', () => {
  test('count the labels of the batch, name the rare ones and are bounded where asked', () => {
    holds((random, n, labels) => {
      const label = labelsOf(random, n, labels);
      const q = batchQuantities(label, { labels: null, bounded: true });
      expect([...q.types]).toEqual([...new Set(label)].sort((a, b) => a - b));
      expect(q.counts.reduce((sum, count) => sum + count, 0)).toBe(n);
      expect(Array.from(q.group, (place) => q.types[place])).toEqual([...label]);
      expect(q.w1).toBeGreaterThan(0);
      expect(q.w1).toBeLessThanOrEqual(1);
      expect(q.w2).toBeGreaterThanOrEqual(1);
    });
  });

  test('vanish for five labels in the released form, and exceed 1 for many rare ones', () => {
    const five = Int32Array.from({ length: 250 }, (_, i) => i % 5);
    expect(batchQuantities(five, { labels: null, bounded: false })).toMatchObject({ w1: 0, w2: 0, w3: 0.4 });
    expect(batchQuantities(five, { labels: null, bounded: true })).toMatchObject({ w1: 0.01, w2: 1, w3: 0.4 });
    const fifty = Int32Array.from({ length: 250 }, (_, i) => i % 50); // five cells each: 2 %
    expect(batchQuantities(fifty, { labels: null, bounded: false }).w1).toBeCloseTo(5 * 1.01, 12);
    expect(batchQuantities(fifty, { labels: null, bounded: true }).w1).toBe(1);
    expect(batchQuantities(five, { labels: 40, bounded: false })).toMatchObject({ w2: 4, w3: 0.05 });
  });

  test('are rounded with halves to the even number', () => {
    expect([0.5, 1.5, 2.5, 0.7, 1.2].map(roundHalfEven)).toEqual([0, 2, 2, 1, 1]);
  });
});

describe('neighbours and anchors', () => {
  test('neighbours are others, reach the cosine, are the nearest of those, and at most as many as asked', () => {
    holds((random, n) => {
      const space = normals(random, n);
      const cosine = cosines(space, space, WIDTH);
      batchNeighbours(space, WIDTH, 3, 0.2).forEach((near, i) => {
        const all = Array.from({ length: n }, (_, j) => j)
          .filter((j) => j !== i && cosine[i * n + j]! >= 0.2)
          .sort((a, b) => cosine[i * n + b]! - cosine[i * n + a]!);
        expect([...near]).toEqual(all.slice(0, 3).sort((a, b) => a - b));
      });
    });
  });

  test('high anchors are mutual and alike; low ones take the anchor of a neighbour whose label is their nearest centre', () => {
    holds((random, n, labels) => {
      const quantities = batchQuantities(labelsOf(random, 15, labels), { labels: null, bounded: true });
      const reference = normals(random, 15, 0.5);
      const query = normals(random, n, 0.5);
      const neighbours = batchNeighbours(normals(random, n), WIDTH, 4, -1);
      const anchors = chooseAnchors(reference, query, WIDTH, quantities, neighbours, 0.3);
      const cosine = cosines(query, reference, WIDTH);
      const mutual = Math.max(2, Math.min(...quantities.counts));
      anchors.kind.forEach((kind, i) => {
        const j = anchors.partner[i]!;
        if (kind === NO_ANCHOR) return expect([j, anchors.type[i]]).toEqual([-1, -1]);
        expect(anchors.type[i]).toBe(quantities.group[j]);
        const column = Array.from({ length: n }, (_, other) => cosine[other * 15 + j]!);
        if (kind === HIGH) {
          expect(cosine[i * 15 + j]).toBeGreaterThan(0.3);
          expect(Math.max(...cosine.subarray(i * 15, (i + 1) * 15))).toBe(cosine[i * 15 + j]);
          expect(column.filter((other) => other > cosine[i * 15 + j]!).length).toBeLessThan(mutual);
        }
        if (kind === LOW) {
          const giver = neighbours.findIndex(
            (near, other) => anchors.kind[other] === HIGH && anchors.partner[other] === j && near.includes(i),
          );
          expect(giver).toBeGreaterThanOrEqual(0);
        }
      });
    });
  });

  test('cells without direction get no anchor and no neighbour', () => {
    const quantities = batchQuantities(Int32Array.from([0, 1]), { labels: null, bounded: true });
    const zeros = new Float32Array(3 * WIDTH);
    const neighbours = batchNeighbours(zeros, WIDTH, 2, 0.8);
    expect(neighbours.map((near) => near.length)).toEqual([0, 0, 0]);
    const anchors = chooseAnchors(new Float32Array(2 * WIDTH), zeros, WIDTH, quantities, neighbours, 0.5);
    expect([...anchors.kind]).toEqual([NO_ANCHOR, NO_ANCHOR, NO_ANCHOR]);
  });
});

describe('spreads', () => {
  test('of a group are its standard deviations, and a group of one has none', () => {
    holds((random, n) => {
      const z = tf.tensor2d(normals(random, n), [n, WIDTH]);
      const all = value(tf.mean(deviations(z)));
      expect(value(groupCompactness(z, tf.ones([n, 1])))).toBeCloseTo(all, 4);
      const alone = tf.concat([tf.ones([n, 1]), tf.zeros([n, 1])], 1);
      const more = tf.concat([z, tf.fill([1, WIDTH], 9)]) as tf.Tensor2D;
      const member = tf.concat([alone, tf.tensor2d([[0, 1]])]) as tf.Tensor2D;
      expect(value(groupCompactness(more, member))).toBeCloseTo(all / 2, 4);
      expect(value(neighbourCompactness(z, tf.ones([n, n])))).toBeCloseTo(all, 3);
      expect(value(neighbourCompactness(z, tf.diag(tf.ones([n])) as tf.Tensor2D))).toBeLessThan(1e-4);
    });
  });

  test('of equal cells have finite derivatives', () => {
    tf.tidy(() => {
      const equal: tf.Tensor2D = tf.ones([4, WIDTH]);
      for (const spread of [
        (z: tf.Tensor) => tf.mean(deviations(z as tf.Tensor2D)),
        (z: tf.Tensor) => groupCompactness(z as tf.Tensor2D, tf.ones([4, 1])),
        (z: tf.Tensor) => neighbourCompactness(z as tf.Tensor2D, tf.ones([4, 4])),
      ]) {
        expect([...tf.grad(spread)(equal).dataSync()].every(Number.isFinite)).toBe(true);
      }
    });
  });
});

test('the classification loss falls as the known labels become more probable', () => {
  tf.tidy(() => {
    const labels = oneHotRows([0, 1], 2);
    const at = (u: number): tf.Tensor2D =>
      tf.tensor2d([
        [u, 0],
        [0, u],
      ]);
    for (const form of ['code', 'paper'] as const) {
      const losses = [-2, -0.5, 0.5, 3].map((u) => value(classificationLoss(at(u), labels, form)));
      losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i]!));
    }
    expect(value(classificationLoss(at(40), labels, 'code'))).toBeCloseTo(1 / 1.1, 5);
  });
});

describe('scores', () => {
  const unit = (values: Float32Array): Float32Array => {
    const out = values.slice();
    for (let from = 0; from < out.length; from += WIDTH) {
      const length = Math.hypot(...out.subarray(from, from + WIDTH));
      for (let d = 0; d < WIDTH; d++) out[from + d]! /= length;
    }
    return out;
  };

  test('of neighbours sum to 1, of centroids lie in (0, 1], and confidences keep the label', async () => {
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed);
      const reference = labelledCells(unit(normals(random, 30)), WIDTH, labelsOf(random, 30, 4), 4, 1000);
      const rows = unit(normals(random, 12));
      const near = await neighbourScores(rows, reference, { k: 7, labels: 4 });
      const centroid = centroidScores(rows, reference);
      const mixed = mixedScores(near, centroid, 0.8);
      for (let row = 0; row < 12; row++) {
        expect(near.subarray(row * 4, row * 4 + 4).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5);
      }
      expect(centroid.every((score) => score > 0 && score <= 1)).toBe(true);
      const { predicted } = mostProbable(mixed, 4);
      for (const sharpness of [null, 0.5, 12]) {
        const p = confidences(mixed, 4, sharpness);
        expect(mostProbable(p, 4).predicted).toEqual(predicted);
        for (let row = 0; row < 12; row++) {
          expect(p.subarray(row * 4, row * 4 + 4).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5);
        }
      }
    }
  });

  test('of neighbours are those of a plain search; a left-out cell does not count; all count where there are fewer', async () => {
    const random = new Random(9);
    const label = labelsOf(random, 20, 3);
    const reference = labelledCells(unit(normals(random, 20)), WIDTH, label, 3, 1000);
    const rows = reference.embedding;
    const leftOut = Int32Array.from({ length: 20 }, (_, i) => i);
    const found = await neighbourScores(rows, reference, { k: 4, labels: 3, leftOut });
    const cosine = cosines(rows, rows, WIDTH);
    for (let row = 0; row < 20; row++) {
      const nearest = [...label.keys()]
        .filter((cell) => cell !== row)
        .sort((a, b) => cosine[row * 20 + b]! - cosine[row * 20 + a]!)
        .slice(0, 4);
      for (let k = 0; k < 3; k++) {
        expect(found[row * 3 + k]).toBeCloseTo(nearest.filter((cell) => label[cell] === k).length / 4, 6);
      }
    }
    const all = await neighbourScores(rows, reference, { k: 99, labels: 3 });
    const shares = [0, 1, 2].map((k) => label.filter((other) => other === k).length / 20);
    shares.forEach((share, k) => expect(all[k]).toBeCloseTo(share, 5));
  });

  test('reference cells are taken at equal distances, and centroids of all of them', () => {
    expect([...equallySpaced(10, 4)]).toEqual([0, 2, 5, 7]);
    expect([...equallySpaced(3, 4)]).toEqual([0, 1, 2]);
    const rows = Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]);
    const kept = labelledCells(rows, WIDTH, Int32Array.from([0, 0, 1, 1]), 3, 2);
    expect([...kept.label]).toEqual([0, 1]);
    expect([...kept.centroids]).toEqual([0.5, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0]);
  });
});
