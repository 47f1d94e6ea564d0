import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { StoredRows } from '#core/data/sparse-rows';
import { Batches } from '#core/methods/cellpredx/batches';
import { cellPredX } from '#core/methods/cellpredx/index';
import { cellPredXSettings } from '#core/methods/cellpredx/settings';
import { heldBatch } from '#core/train/csr-batch';
import { simulatedPair } from '#test/support/simulated-pair';
import { storedRows } from '#test/support/stored-rows';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const steps = 4;
const settings = cellPredXSettings.parse({
  embeddingWidth: 16,
  attentionWidth: 8,
  batchSize: 32,
  steps,
  contrastiveWeight: 0.2,
  earlyStop: false,
});
const { pair } = simulatedPair(12);

/** The pair with its rows on a "disk" that tells every reading; one that was begun is not over before `held` is. */
function onDisk(begun: () => void, held: () => Promise<unknown> = () => Promise.resolve()): typeof pair {
  const stored = (side: 'reference' | 'query'): StoredRows => {
    const rows = storedRows(pair[side].input);
    const take: StoredRows['take'] = async (which) => {
      begun();
      await held();
      return rows.take(which);
    };
    return { ...rows, take };
  };
  return {
    ...pair,
    reference: { ...pair.reference, input: stored('reference') },
    query: { ...pair.query, input: stored('query') },
  } as unknown as typeof pair;
}

describe('rows of a step that do not lie in memory', () => {
  /** Readings that one batch takes. */
  async function ofOneBatch(): Promise<number> {
    let readings = 0;
    await new Batches(
      onDisk(() => readings++),
      settings,
      new Random(1),
      heldBatch,
    ).next(true);
    return readings;
  }

  test('are asked for before the step before them ends, up to those of the last step', async () => {
    const perBatch = await ofOneBatch();
    expect(perBatch).toBeGreaterThan(0);
    let readings = 0;
    const asked: number[] = [];
    const model = await cellPredX.train(
      onDisk(() => readings++),
      settings,
      { seed: 3, report: () => void asked.push(readings / perBatch) },
    );
    model.dispose();
    expect(asked).toEqual([2, 3, 4, 4]);
  });

  test('are given while those of the next step are still being read', async () => {
    const perBatch = await ofOneBatch();
    let readings = 0;
    const pending = Promise.withResolvers<void>();
    const disk = onDisk(
      () => readings++,
      () => (readings > perBatch ? pending.promise : Promise.resolve()),
    );
    const batches = new Batches(disk, settings, new Random(1), heldBatch);
    await batches.next(false);
    expect(readings).toBeGreaterThan(perBatch);
    let second = false;
    const next = batches.next(true).then(() => (second = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toBe(false);
    pending.resolve();
    expect(await next).toBe(true);
  });
});
