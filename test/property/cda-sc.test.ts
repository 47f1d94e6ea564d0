import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { macroF1, splitByLabel } from '#core/train/hold-out';
import { surePredictions } from '#core/methods/cda-sc/sure-predictions';
import { gradientReversal, reversalStrength } from '#core/train/gradient-reversal';
import { binaryCrossEntropy } from '#core/train/losses/binary-cross-entropy';
import { oneHotRows } from '#core/train/losses/cross-entropy';
import { supervisedContrastive } from '#core/train/losses/supervised-contrastive';
import { withoutGradient } from '#core/train/without-gradient';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const LABELS = 3;
const runs = { numRuns: 25 };
const cases = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), n: fc.integer({ min: 2, max: 14 }) });
const value = (scalar: tf.Tensor): number => scalar.dataSync()[0]!;
const options = { temperature: 0.2, reduction: 'mean' } as const;

function normal(random: Random, rows: number, width: number): tf.Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: rows * width }, () => random.normal() + 0.1),
    [rows, width],
  );
}

function labelsOf(random: Random, n: number): number[] {
  return Array.from({ length: n }, () => random.below(LABELS));
}

const holds = (statement: (random: Random, n: number) => void): void =>
  fc.assert(
    fc.property(cases, ({ seed, n }) => tf.tidy(() => statement(new Random(seed), n))),
    runs,
  );

describe('the supervised contrastive loss', () => {
  test('depends on directions only and not on the order of the cells', () => {
    holds((random, n) => {
      const z = normal(random, n, 4);
      const labels = labelsOf(random, n);
      const loss = value(supervisedContrastive(z, oneHotRows(labels, LABELS), options));
      const lengths = tf.tensor2d(
        Float32Array.from({ length: n }, () => 0.2 + random.uniform()),
        [n, 1],
      );
      expect(value(supervisedContrastive(tf.mul(z, lengths), oneHotRows(labels, LABELS), options))).toBeCloseTo(
        loss,
        3,
      );
      const backwards = oneHotRows([...labels].reverse(), LABELS);
      expect(value(supervisedContrastive(tf.reverse(z, 0), backwards, options))).toBeCloseTo(loss, 3);
    });
  });

  test('does not see cells without a label', () => {
    holds((random, n) => {
      const z = normal(random, n, 4);
      const labels = oneHotRows(labelsOf(random, n), LABELS);
      const loss = value(supervisedContrastive(z, labels, options));
      const others = normal(random, 3, 4);
      const withOthers = supervisedContrastive(
        tf.concat([z, others]),
        tf.concat([labels, tf.zeros([3, LABELS])]),
        options,
      );
      expect(value(withOthers)).toBeCloseTo(loss, 4);
    });
  });

  test('summed is the mean times the cells that share their label with another, and 0 where none does', () => {
    holds((random, n) => {
      const z = normal(random, n, 4);
      const labels = labelsOf(random, n);
      const anchors = labels.filter((k, i) => labels.some((other, j) => j !== i && other === k)).length;
      const rows = oneHotRows(labels, LABELS);
      const mean = value(supervisedContrastive(z, rows, options));
      expect(value(supervisedContrastive(z, rows, { ...options, reduction: 'sum' }))).toBeCloseTo(mean * anchors, 2);
    });
    tf.tidy(() => {
      const alone = supervisedContrastive(normal(new Random(1), 3, 4), oneHotRows([0, 1, 2], LABELS), options);
      expect(value(alone)).toBe(0);
    });
  });

  test('has its minimum, the logarithm of the others of the label, where cells of a label coincide and labels oppose', () => {
    tf.tidy(() => {
      const z = tf.tensor2d([
        [1, 0],
        [1, 0],
        [1, 0],
        [-1, 0],
        [-1, 0],
        [-1, 0],
      ]);
      const labels = oneHotRows([0, 0, 0, 1, 1, 1], 2);
      expect(value(supervisedContrastive(z, labels, { ...options, temperature: 0.07 }))).toBeCloseTo(Math.log(2), 5);
    });
  });

  test('stays finite for equal cells and at the lowest temperature, and refuses a lower one', () => {
    tf.tidy(() => {
      const labels = oneHotRows([0, 0, 1], LABELS);
      const equal = supervisedContrastive(tf.ones([3, 4]), labels, { ...options, temperature: 0.03 });
      expect(value(equal)).toBeCloseTo(Math.log(2), 4);
      const low = { ...options, temperature: 0.02 };
      expect(() => supervisedContrastive(tf.ones([3, 4]), labels, low)).toThrow('temperature 0.02, lowest is 0.03');
    });
  });
});

describe('the gradient reversal', () => {
  test('leaves values as they are and turns derivatives around, times its strength', () => {
    holds((random, n) => {
      const x = normal(random, n, 3);
      const strength = random.uniform();
      const plain = tf.grad((v: tf.Tensor) => tf.sum(tf.square(v)))(x);
      const reversed = tf.valueAndGrad((v: tf.Tensor) => tf.sum(tf.square(gradientReversal(v, strength))) as tf.Scalar)(
        x,
      );
      expect(value(reversed.value)).toBe(value(tf.sum(tf.square(x))));
      const wanted = tf.mul(plain, -strength).dataSync();
      reversed.grad.dataSync().forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 5));
    });
  });

  test('grows from 0 without turning back and stays below 1', () => {
    const strengths = Array.from({ length: 101 }, (_, i) => reversalStrength(i / 100));
    expect(strengths[0]).toBe(0);
    strengths.slice(1).forEach((strength, i) => expect(strength).toBeGreaterThan(strengths[i]!));
    expect(strengths[100]).toBeLessThan(1);
    expect(strengths[29]).toBeLessThan(0.9);
    expect(strengths[30]).toBeGreaterThan(0.9);
  });
});

test('a choice without gradient is a constant, whatever operations it is made with', () => {
  tf.tidy(() => {
    const derivative = tf.grad((x: tf.Tensor) => {
      const positive = withoutGradient(() => tf.cast(tf.greater(x, 0), 'float32'));
      return tf.sum(tf.mul(x, tf.cast(tf.greater(positive, 0.5), 'float32')));
    })(tf.tensor1d([-2, 3, 5]));
    expect([...derivative.dataSync()]).toEqual([0, 1, 1]);
  });
});

test('the binary cross-entropy is what the definition says and does not overflow', () => {
  tf.tidy(() => {
    const u = [-3, 0.5, 2];
    const d = [0, 1, 0];
    const sigma = (x: number): number => 1 / (1 + Math.exp(-x));
    const wanted = u.reduce((sum, x, i) => sum - Math.log(d[i] === 1 ? sigma(x) : 1 - sigma(x)), 0) / 3;
    expect(value(binaryCrossEntropy(tf.tensor1d(u), tf.tensor1d(d)))).toBeCloseTo(wanted, 5);
    expect(value(binaryCrossEntropy(tf.tensor1d([500, -500]), tf.tensor1d([0, 1])))).toBeCloseTo(500, 2);
  });
});

describe('sure predictions', () => {
  test('carry the most probable label, reach the threshold and are at most an even share of each label', () => {
    holds((random, n) => {
      const probabilities = tf.softmax(tf.mul(normal(random, n, LABELS), 4));
      const p = probabilities.arraySync() as number[][];
      const labels = surePredictions(probabilities as tf.Tensor2D, 0.6).arraySync() as number[][];
      const most = Math.ceil(n / LABELS);
      for (let k = 0; k < LABELS; k++) {
        const sure = p.flatMap((row, i) => (Math.max(...row) >= 0.6 && row.indexOf(Math.max(...row)) === k ? [i] : []));
        const wanted = sure.sort((a, b) => p[b]![k]! - p[a]![k]! || a - b).slice(0, most);
        expect(labels.flatMap((row, i) => (row[k] === 1 ? [i] : []))).toEqual(wanted.sort((a, b) => a - b));
      }
      expect(labels.flat().every((x) => x === 0 || x === 1)).toBe(true);
    });
  });
});

describe('the split of the reference', () => {
  test('keeps every cell once, every label in training, and the share of each label with at least five cells', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 80 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.nat(),
        (label, share, seed) => {
          const labels = Int32Array.from(label);
          const { training, heldOut } = splitByLabel(labels, share, new Random(seed));
          expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual([...labels.keys()]);
          const count = (rows: Int32Array, k: number): number => rows.filter((row) => labels[row] === k).length;
          for (let k = 0; k < 5; k++) {
            const all = label.filter((other) => other === k).length;
            const wanted = share === 0 || all < 5 ? 0 : Math.max(1, Math.round(share * all));
            expect(count(heldOut, k)).toBe(wanted);
            expect(count(training, k)).toBe(all - wanted);
          }
        },
      ),
    );
  });

  test('macro-F1 is 1 for the truth, 0 where nothing is right, and the mean over labels that occur', () => {
    const label = Int32Array.from([0, 0, 0, 1]);
    expect(macroF1(label, label, 3)).toBe(1);
    expect(macroF1(Int32Array.from([1, 1, 1, 0]), label, 3)).toBe(0);
    // label 0: 2 hits of 3 known, 2 given; label 1: 1 hit of 1 known, 2 given
    expect(macroF1(Int32Array.from([0, 0, 1, 1]), label, 3)).toBeCloseTo((4 / 5 + 2 / 3) / 2, 12);
    expect(macroF1(new Int32Array(0), new Int32Array(0), 3)).toBe(0);
  });
});
