import { expect, test } from 'vitest';
import { affordableCells, type FormingView, sampleOnlooker } from '#core/train/onlooker';

const cells = 1500;
/** Cell i has the value i + 1 in feature i mod 3. */
const input = {
  rows: cells,
  columns: 3,
  indptr: Float64Array.from({ length: cells + 1 }, (_, i) => i),
  indices: Uint32Array.from({ length: cells }, (_, i) => i % 3),
  values: Float32Array.from({ length: cells }, (_, i) => i + 1),
};
const signal = new AbortController().signal;

async function seenWith(
  seed: number,
  few?: number,
): Promise<{ view: FormingView; rows: number; values: Float32Array }> {
  const views: FormingView[] = [];
  const taken: { rows: number; values: Float32Array }[] = [];
  const onlooker = await sampleOnlooker(
    { input, shift: null } as never,
    { seed, signal },
    () => true,
    (view) => views.push(view),
  );
  await onlooker.look(
    {
      labels: ['A', 'B'],
      ...(few === undefined ? {} : { cells: few }),
      apply(rows) {
        const matrix = rows.input as typeof input;
        taken.push({ rows: matrix.rows, values: matrix.values });
        return Promise.resolve({
          width: 2,
          embedding: Float32Array.from({ length: 2 * matrix.rows }, (_, i) => Math.sin(i)),
          probabilities: Float32Array.from({ length: 2 * matrix.rows }, (_, i) =>
            i % 4 === 0 || i % 4 === 3 ? 0.75 : 0.25,
          ),
        });
      },
    },
    7,
  );
  return { view: views[0]!, ...taken[0]! };
}

test('a thousand cells are looked at, drawn by the seed: the same at every look, others with another seed', async () => {
  const [first, again, other] = [await seenWith(3), await seenWith(3), await seenWith(4)];
  expect(first.rows).toBe(1000);
  expect(again.values).toEqual(first.values);
  expect(other.values).not.toEqual(first.values);
  expect(new Set(first.values).size).toBe(1000);
});

test('each cell is told with its most probable label and that probability', async () => {
  const { view } = await seenWith(3);
  expect(view.step).toBe(7);
  expect([...view.predicted.slice(0, 4)]).toEqual([0, 1, 0, 1]);
  expect(new Set(view.confidence)).toEqual(new Set([0.75]));
  expect(view.places).toHaveLength(2000);
});

test('a network that is dear to look at shows the first of the same cells', async () => {
  const [all, few] = [await seenWith(3), await seenWith(3, 120)];
  expect(few.view.predicted).toHaveLength(120);
  expect(few.values).toEqual(all.values.slice(0, 120));
  expect((await seenWith(3, 5000)).rows).toBe(1000);
});

test('a look at the cells that a training affords costs a hundredth of its steps, of which each is three looks', () => {
  const [steps, batch] = [392, 16];
  const inLooksAtOneCell = 3 * batch * steps;
  expect(affordableCells(steps, batch) / inLooksAtOneCell).toBeCloseTo(0.01, 3);
  expect(affordableCells(1, 16)).toBe(100);
});
