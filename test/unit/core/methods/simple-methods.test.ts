import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';
import type { AlignedPair } from '#core/data/aligned-pair';
import { takeRows } from '#core/data/csr-matrix';
import { resolveSettings } from '#core/methods/resolve-settings';
import { chosenRows, variableFeatures } from '#core/methods/simple/chosen-features';
import { simpleMethods } from '#core/methods/simple/index';
import { referencePart } from '#core/methods/simple/reference-part';
import type { CheckpointKeeper, Method, NamedArrays, TrainContext } from '#core/train/method';
import { applyThreshold } from '#core/transfer/apply-threshold';
import { transferLabels } from '#core/transfer/transfer-labels';
import { determinantFeatures } from '#core/interpret/determinant-features';
import { simulatedPair } from '#test/support/simulated-pair';
import { storedRows } from '#test/support/stored-rows';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const quiet = (more: Partial<TrainContext> = {}): TrainContext => ({ seed: 7, report: () => undefined, ...more });
const defaults = (method: Method): unknown => resolveSettings(method, 'rna-rna', 'recommended', {});

function onDisk(pair: ReturnType<typeof simulatedPair>['pair']): AlignedPair {
  const stored = <S extends { input: typeof pair.query.input; counts: typeof pair.query.input }>(side: S) => ({
    ...side,
    input: storedRows(side.input, 50),
    counts: storedRows(side.counts, 50),
  });
  return { ...pair, reference: stored(pair.reference), query: stored(pair.query) };
}

describe.each(simpleMethods.map((method) => [method.id, method] as const))('%s', (id, method) => {
  test('labels a simulated query above chance, with probabilities that sum to 1', async () => {
    const { pair, truth } = simulatedPair(3);
    const model = await method.train(pair, defaults(method), quiet());
    const { query } = await transferLabels(model, pair);
    const right = query.predicted.filter((label, cell) => label === truth[cell]).length / truth.length;
    if (id === 'majority') expect(right).toBe(0.25);
    else expect(right).toBeGreaterThan(0.8);
    for (let cell = 0; cell < truth.length; cell++) {
      const row = query.probabilities.subarray(cell * 4, cell * 4 + 4);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      expect(row.every((p) => p >= 0)).toBe(true);
    }
  });

  test('shows cells as Unknown by the threshold: all of them at 1, none at 0', async () => {
    const { pair } = simulatedPair(3);
    const transfer = await transferLabels(await method.train(pair, defaults(method), quiet()), pair);
    expect(applyThreshold(transfer, 0)).not.toContain('Unknown');
    expect(new Set(applyThreshold(transfer, 1))).toEqual(new Set(['Unknown']));
  });

  test('comes back from its stored arrays and gives the same bits on rows it has not seen', async () => {
    const { pair } = simulatedPair(3);
    const model = await method.train(pair, defaults(method), quiet());
    const again = method.restore(structuredClone(model.save()));
    const rows = { input: takeRows(simulatedPair(99).pair.query.input, [5, 0, 17]) };
    expect(await again.apply(rows)).toEqual(await model.apply(rows));
    expect(again.save()).toEqual(model.save());
    expect([again.methodId, again.labels, again.features]).toEqual([id, model.labels, model.features]);
  });

  test('refuses stored arrays of another kind and rows of another width', async () => {
    expect(() => method.restore({ kind: 'tree', description: {}, arrays: {} })).toThrow('of kind "tree"');
    const model = await method.train(simulatedPair(3).pair, defaults(method), quiet());
    expect(() => method.restore({ ...model.save(), description: {} })).toThrow(AppError);
    const narrow = simulatedPair(3, { features: 30 }).pair.query;
    await expect(model.apply(narrow)).rejects.toThrow('rows have 30 columns, the model 200 features');
  });

  test('gives the same bits for the same seed, in memory and on stored rows', async () => {
    const { pair } = simulatedPair(3);
    const one = await method.train(pair, defaults(method), quiet());
    const two = await method.train(onDisk(pair), defaults(method), quiet());
    expect(two.save()).toEqual(one.save());
    expect(await two.apply(onDisk(pair).query)).toEqual(await one.apply(pair.query));
  });

  test('does not begin when cancelled already', async () => {
    const run = method.train(simulatedPair(3).pair, defaults(method), quiet({ signal: AbortSignal.abort() }));
    await expect(run).rejects.toThrow(Cancelled);
  });

  test('one label gets every cell with certainty; two labels, a label of one cell and two cells work', async () => {
    const trained = async (pair: AlignedPair): Promise<Float32Array> => {
      const model = await method.train(pair, defaults(method), quiet());
      const { probabilities } = await model.apply(pair.query);
      expect(probabilities.every(Number.isFinite)).toBe(true);
      return probabilities;
    };
    expect((await trained(simulatedPair(5, { labels: 1 }).pair)).every((p) => Math.abs(p - 1) < 1e-5)).toBe(true);
    await trained(simulatedPair(5, { labels: 2 }).pair);
    await trained(simulatedPair(5, { reference: 2, query: 40, labels: 2 }).pair);
    const { pair } = simulatedPair(5);
    const label = pair.reference.label.map((_, cell) => (cell === 0 ? 3 : cell % 3));
    await trained({ ...pair, reference: { ...pair.reference, label } });
  });

  test('a query of equal cells, or of cells without any value, stays finite', async () => {
    const { pair } = simulatedPair(5);
    const equal = takeRows(pair.query.input, new Int32Array(pair.query.input.rows));
    const empty = {
      ...equal,
      indptr: equal.indptr.map(() => 0),
      indices: new Uint32Array(0),
      values: new Float32Array(0),
    };
    for (const input of [equal, empty]) {
      const changed = { ...pair, query: { ...pair.query, input, counts: input } };
      const { probabilities, embedding } = await (
        await method.train(changed, defaults(method), quiet())
      ).apply(changed.query);
      expect(probabilities.every(Number.isFinite)).toBe(true);
      expect(embedding.every(Number.isFinite)).toBe(true);
    }
  });
});

test('linear classifiers report each iteration and name the features that decided', async () => {
  const { pair } = simulatedPair(3);
  for (const method of simpleMethods.filter(({ id }) => id === 'linear-svm' || id === 'logistic-regression')) {
    const totals: number[] = [];
    const model = await method.train(
      pair,
      defaults(method),
      quiet({ report: ({ terms }) => totals.push(terms['total']!) }),
    );
    expect(totals).toHaveLength(model.steps);
    expect(totals).toEqual(totals.toSorted((a, b) => b - a)); // the loss never rises
    const markers = await determinantFeatures(model, pair, await transferLabels(model, pair), { perLabel: 10 });
    const own = markers.filter(({ label, feature }) => Number(feature.slice(4)) % 4 === Number(label.slice(5)));
    expect(own.length / markers.length).toBeGreaterThan(0.9); // a quarter by chance
  }
});

test('linear classifiers say that C was chosen by cross-validation only where it was', async () => {
  for (const method of simpleMethods.filter(({ id }) => id === 'linear-svm' || id === 'logistic-regression')) {
    const noteOf = async (pair: AlignedPair): Promise<string> =>
      (await method.train(pair, defaults(method), quiet())).notes![0]!.text;
    expect(await noteOf(simulatedPair(5).pair)).toContain('chosen by threefold cross-validation');
    for (const sizes of [{ labels: 1 }, { reference: 5, labels: 2 }])
      expect(await noteOf(simulatedPair(5, sizes).pair)).toContain('nothing to choose it by');
  }
});

describe.each(['linear-svm', 'logistic-regression'])('a checkpoint of %s', (id) => {
  const method = simpleMethods.find((candidate) => candidate.id === id)!;
  const { pair } = simulatedPair(3);
  const keeping = (kept: NamedArrays[], told: () => void = () => undefined): CheckpointKeeper => ({
    every: 1,
    load: () => Promise.resolve(kept.at(-1) ?? null),
    save(checkpoint) {
      kept.push(structuredClone(checkpoint));
      told();
      return Promise.resolve();
    },
  });

  test.each([1, 2, 4])('number %i: an interrupted run goes on to the same bits', async (stopAt) => {
    const whole = await method.train(pair, defaults(method), quiet());
    const kept: NamedArrays[] = [];
    const controller = new AbortController();
    const checkpoints = keeping(kept, () => kept.length === stopAt && controller.abort());
    const cut = method.train(pair, defaults(method), quiet({ checkpoints, signal: controller.signal }));
    await expect(cut).rejects.toThrow(Cancelled);
    const tried = (kept.at(-1)!.description as { tried: number }).tried;
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThanOrEqual(stopAt);

    const again: NamedArrays[] = [...kept];
    const model = await method.train(pair, defaults(method), quiet({ checkpoints: keeping(again) }));
    expect(model.save()).toEqual(whole.save());
    expect(model.notes).toEqual(whole.notes);
    const later = again.slice(stopAt).map(({ description }) => description as { tried: number; ended: boolean });
    expect(later.length).toBeGreaterThan(0);
    expect(later.every((next) => next.ended || next.tried > tried)).toBe(true); // nothing is tried twice
  });

  test('holds nothing where C is set, and the run begins anew', async () => {
    const settings = resolveSettings(method, 'rna-rna', 'recommended', { penalty: 0.01 });
    const kept: NamedArrays[] = [];
    const one = await method.train(pair, settings, quiet({ checkpoints: keeping(kept) }));
    expect(kept.length).toBeGreaterThan(0);
    const two = await method.train(pair, settings, quiet({ checkpoints: keeping([kept.at(-1)!]) }));
    expect(two.save()).toEqual(one.save());
  });

  test('of another seed, of other settings or of another method is refused', async () => {
    const kept: NamedArrays[] = [];
    await method.train(pair, defaults(method), quiet({ checkpoints: keeping(kept) }));
    const resumed = (context: Partial<TrainContext>, more = {}): Promise<unknown> =>
      method.train(
        pair,
        resolveSettings(method, 'rna-rna', 'recommended', more),
        quiet({ checkpoints: keeping([...kept]), ...context }),
      );
    await expect(resumed({ seed: 8 })).rejects.toThrow('its seed is 7, here it is 8');
    await expect(resumed({}, { penalty: 0.5 })).rejects.toThrow('its settings is');
    const other = keeping([{ kind: 'cellpredx-checkpoint-1', description: {}, arrays: {} }]);
    await expect(resumed({ checkpoints: other })).rejects.toThrow(`here it is ${id}-checkpoint-1`);
  });
});

describe('the features that are looked at', () => {
  test('are those of largest variance in the reference, in their order; all where there are no more', async () => {
    const { pair } = simulatedPair(3, { features: 40 });
    const counts = takeRows(pair.reference.counts, Uint32Array.from(pair.reference.label.keys()));
    const scaled = { ...counts, values: counts.values.map((v, p) => (counts.indices[p]! < 5 ? 3.5 * v : 0.5 * v)) };
    const changed = { ...pair, reference: { ...pair.reference, counts: scaled } };
    expect(await variableFeatures(changed, 5)).toEqual(Int32Array.of(0, 1, 2, 3, 4));
    expect(await variableFeatures(changed, 40)).toHaveLength(40);
    expect(await variableFeatures(changed, null)).toHaveLength(40);
  });

  test('keep their shift', () => {
    const { pair } = simulatedPair(3, { features: 40 });
    const shift = Float32Array.from({ length: 40 }, (_, j) => j);
    const chosen = chosenRows({ ...pair.query, shift }, Int32Array.of(3, 17));
    expect(chosen.input.columns).toBe(2);
    expect(chosen.shift).toEqual(Float32Array.of(3, 17));
  });
});

test('a part of a large reference keeps the shares of the labels and small labels whole', () => {
  const label = Int32Array.from({ length: 10_000 }, (_, cell) => (cell < 20 ? 2 : cell % 2));
  const part = referencePart(label, 3, 1000, 1);
  const counts = [0, 0, 0];
  for (const cell of part) counts[label[cell]!]!++;
  expect(counts).toEqual([499, 499, 20]);
  expect(part).toEqual(referencePart(label, 3, 1000, 1));
  expect(part).not.toEqual(referencePart(label, 3, 1000, 2));
  expect(part.toSorted()).toEqual(part);
  expect(referencePart(label, 3, 10_000, 1)).toHaveLength(10_000);
});
