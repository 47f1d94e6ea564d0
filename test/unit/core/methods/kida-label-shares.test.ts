import { expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { labelShares } from '#core/methods/kida/label-shares';
import { macroF1, likeliest } from '#core/train/hold-out';

/** Cells of three labels around their places on a line, as often as `cells` says; logits as Bayes' rule gives them for equal shares. */
function drawn(cells: readonly number[]): { logits: Float32Array; label: Int32Array } {
  const random = new Random(3);
  const places = [-1, 0, 1];
  const label = Int32Array.from(cells.flatMap((count, k) => new Array<number>(count).fill(k)));
  const logits = Float32Array.from(
    [...label].flatMap((k) => {
      const x = places[k]! + random.normal();
      return places.map((place) => -((x - place) ** 2) / 2);
    }),
  );
  return { logits, label };
}

const hits = (logits: Float32Array, label: Int32Array): number =>
  likeliest(logits, 3).filter((k, cell) => k === label[cell]).length / label.length;

test('shares of labels count with about strength 1 where a network takes rare labels for common ones', () => {
  const cells = [3000, 800, 200];
  const { logits, label } = drawn(cells);
  const { strength, shift } = labelShares(logits, label, cells);
  expect(strength).toBe(1);
  expect(shift[0]! - shift[2]!).toBeCloseTo(Math.log(3000 / 200), 5);
  const shifted = logits.map((value, i) => value + shift[i % 3]!);
  expect(hits(shifted, label)).toBeGreaterThan(hits(logits, label) + 0.1);
  expect(macroF1(likeliest(shifted, 3), label, 3)).toBeGreaterThan(0.4);
});

test('shares do not count where labels are equally common, where nothing is held out, or where they are in the logits already', () => {
  const equal = drawn([300, 300, 300]);
  expect([...labelShares(equal.logits, equal.label, [300, 300, 300]).shift]).toEqual([0, 0, 0]);
  expect(labelShares(new Float32Array(), new Int32Array(), [5, 1, 0])).toMatchObject({ strength: 0 });
  const cells = [3000, 800, 200];
  const { logits, label } = drawn(cells);
  const known = logits.map((value, i) => value + Math.log(cells[i % 3]!));
  expect(labelShares(known, label, cells).strength).toBe(0);
});

test('a label without cells is left as it is', () => {
  const { logits, label } = drawn([300, 100, 0]);
  const { shift } = labelShares(logits, label, [300, 100, 0]);
  expect(shift[2]).toBe(0);
  expect(shift[0]).toBeGreaterThan(0);
});
