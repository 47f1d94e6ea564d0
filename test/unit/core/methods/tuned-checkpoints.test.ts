import { describe, expect, test, vi } from 'vitest';
import { cellPredX } from '#core/methods/cellpredx/index';
import { resolveSettings } from '#core/methods/resolve-settings';
import { keepTuning, keptTuning, tunedCheckpoints } from '#core/methods/tuning/tuned-checkpoints';
import type { CheckpointKeeper, NamedArrays } from '#core/train/method';
import { tunedSettings } from '#core/tuned-settings';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const record = {
  trials: [
    { changes: {}, neighbours: 0.5, reverse: 0.4, score: 0.45 },
    { changes: { weightDecay: 0.1 }, neighbours: 0.6, reverse: 0.5, score: 0.55 },
  ],
  margin: 0.01,
  chosen: 1,
};
const own: NamedArrays = {
  kind: 'method-1',
  description: { done: 3 },
  arrays: { w: { shape: [2], values: Float32Array.of(1, 2) } },
};

/** A keeper in memory; what is kept goes through JSON as in a project. */
function memory(): CheckpointKeeper & { stored: NamedArrays | null } {
  const keeper = {
    every: 5,
    stored: null as NamedArrays | null,
    load: () => Promise.resolve(keeper.stored),
    peek: () => Promise.resolve(keeper.stored),
    save: (given: NamedArrays) => {
      keeper.stored = { ...given, description: JSON.parse(JSON.stringify(given.description)) as unknown };
      return Promise.resolve();
    },
  };
  return keeper;
}

describe('what tuning chose', () => {
  test('is found again after an interruption, before and after the method kept something', async () => {
    const keeper = memory();
    expect(await keptTuning(keeper)).toBeNull();
    await keepTuning(keeper, record);
    expect(await keptTuning(keeper)).toEqual(record);
    const tuned = tunedCheckpoints(keeper, record);
    expect(tuned.every).toBe(5);
    expect(await tuned.load()).toBeNull(); // the method begins anew
    await tuned.save(own);
    expect(await tuned.load()).toEqual(own);
    expect(await keptTuning(keeper)).toEqual(record);
  });

  test('is not found where no checkpoints are kept, in one of a run without tuning, or in a damaged one', async () => {
    expect(await keptTuning(undefined)).toBeNull();
    const keeper = memory();
    await keeper.save(own);
    expect(await keptTuning(keeper)).toBeNull();
    expect(await tunedCheckpoints(keeper, record).load()).toEqual(own); // the method looks at its kind
    await keepTuning(keeper, { ...record, chosen: 2 });
    expect(await keptTuning(keeper)).toBeNull();
    await keeper.save({ kind: 'tuned-checkpoint-1', description: { record: 7 }, arrays: {} });
    expect(await keptTuning(keeper)).toBeNull();
  });
});

test('a run that goes on after its trials does not repeat them, and takes the same settings', async () => {
  const { pair } = simulatedPair(3);
  const settings = resolveSettings(cellPredX, 'rna-atac', 'recommended', { steps: 20 });
  const train = vi.fn(cellPredX.train);
  const checkpoints = memory();
  const signal = new AbortController().signal;
  const told = vi.fn();
  const once = () =>
    tunedSettings(
      { method: { ...cellPredX, train }, scenario: 'rna-atac', settings, fixed: [], seed: 7 } as never,
      { hooks: { signal, checkpoints, stage: told } } as never,
      { for: () => Promise.resolve(pair) } as never,
    );
  const first = await once();
  expect(train).toHaveBeenCalledTimes(first.record.trials.length);
  expect(told).toHaveBeenCalledWith('train', 0, expect.stringContaining('Trying settings 1 of'));
  const second = await once();
  expect(train).toHaveBeenCalledTimes(first.record.trials.length);
  expect(second).toEqual(first);
});
