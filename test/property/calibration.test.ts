import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { calibrationFactor } from '#core/train/calibration';

/** Labels drawn from softmax(sharpness · u) for random logits u: the factor to be found is `sharpness`. */
function drawn(seed: number, sharpness: number, cells: number): { logits: Float32Array; label: Int32Array } {
  const random = new Random(seed);
  const logits = Float32Array.from({ length: cells * 4 }, () => random.normal());
  const label = Int32Array.from({ length: cells }, (_, i) => {
    const weights = [0, 1, 2, 3].map((k) => Math.exp(sharpness * logits[i * 4 + k]!));
    let left = random.uniform() * weights.reduce((a, b) => a + b);
    return Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
  });
  return { logits, label };
}

test.each([0.3, 1, 3])('labels drawn with sharpness %d give that factor back', (sharpness) => {
  const { logits, label } = drawn(7, sharpness, 6000);
  expect(Math.abs(Math.log(calibrationFactor(logits, label, 4) / sharpness))).toBeLessThan(0.1);
});

test('logits made sharper by a number make the factor smaller by it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.5, max: 2, noNaN: true }), (seed, by) => {
      const { logits, label } = drawn(seed, 1, 400);
      const plain = calibrationFactor(logits, label, 4);
      const scaled = calibrationFactor(
        logits.map((u) => u * by),
        label,
        4,
      );
      expect(Math.abs(Math.log((scaled * by) / plain))).toBeLessThan(5e-3);
    }),
    { numRuns: 20 },
  );
});

test('a perfectly separated reference gets a finite factor, and confidences just under 1', () => {
  const label = Int32Array.from({ length: 300 }, (_, i) => i % 3);
  const logits = Float32Array.from({ length: 900 }, (_, p) => (p % 3 === label[Math.floor(p / 3)]! ? 1 : 0));
  const factor = calibrationFactor(logits, label, 3);
  const confidence = Math.exp(factor) / (Math.exp(factor) + 2);
  expect(confidence).toBeCloseTo(101 / 103, 3); // the target of a label with 100 cells among three
});

test('one label, no cells and flat logits leave confidences as they are', () => {
  expect(calibrationFactor(new Float32Array(5), new Int32Array(5), 1)).toBe(1);
  expect(calibrationFactor(new Float32Array(0), new Int32Array(0), 3)).toBe(1);
  expect(calibrationFactor(new Float32Array(6), Int32Array.of(0, 1), 3)).toBe(1);
});
