import { describe, expect, test, vi } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { cellPredX } from '#core/methods/cellpredx/index';
import { kida } from '#core/methods/kida/index';
import { describeMethods, methods } from '#core/methods/list';
import { resolveSettings } from '#core/methods/resolve-settings';
import { linearSvm } from '#core/methods/simple/linear-svm';
import { reverseTransfer } from '#core/methods/tuning/reverse-transfer';
import { canTune, tune, type TuneInput } from '#core/methods/tuning/tune';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const { pair } = simulatedPair(3);
const settings = resolveSettings(cellPredX, 'rna-atac', 'recommended', { steps: 30 });

function input(more: Partial<TuneInput<typeof settings>> = {}): TuneInput<typeof settings> {
  return {
    method: cellPredX,
    scenario: 'rna-atac',
    settings,
    fixed: [],
    seed: 7,
    prepare: async () => pair,
    told: () => undefined,
    ...more,
  };
}

describe('reverse transfer', () => {
  const corners = Float32Array.from([1, 0, 1, 0.1, 0, 1, 0.1, 1]);
  const label = Int32Array.from([0, 0, 1, 1]);

  test('is 1 where predicted labels lie where the reference has them, and 0 where they are exchanged', () => {
    const reference = { embedding: corners, label };
    expect(reverseTransfer({ embedding: corners, label }, reference, 2, 2)).toBe(1);
    expect(reverseTransfer({ embedding: corners, label: label.map((k) => 1 - k) }, reference, 2, 2)).toBe(0);
  });

  test('counts every label alike, and a forgotten one as not found', () => {
    const reference = { embedding: corners, label: Int32Array.from([0, 0, 0, 1]) };
    expect(reverseTransfer({ embedding: corners, label: new Int32Array(4) }, reference, 2, 2)).toBe(0.5);
  });

  test('does not depend on how long rows are', () => {
    const far = corners.map((x, i) => (i < 4 ? 100 * x : x));
    const reference = { embedding: corners, label };
    expect(reverseTransfer({ embedding: far, label }, reference, 2, 2)).toBe(1);
  });
});

describe('tuning', () => {
  test('tries the settings of the method beside those begun with and takes those of the largest score', async () => {
    const told = vi.fn();
    const { settings: chosen, record } = await tune(input({ told }));
    expect(record.trials.map(({ changes }) => Object.keys(changes))).toEqual([
      [],
      ['weightDecay'], // the preset has the strong contrastive term already
    ]);
    for (const { neighbours, reverse, score } of record.trials) {
      expect(score).toBeCloseTo((neighbours + reverse) / 2, 10);
      expect(neighbours).toBeGreaterThan(-1);
      expect(reverse).toBeLessThanOrEqual(1);
    }
    const scores = record.trials.map(({ score }) => score);
    const best = Math.max(...scores);
    expect(record.margin).toBeGreaterThan(0);
    expect(record.chosen).toBe(best > scores[0]! + record.margin ? scores.indexOf(best) : 0);
    expect(chosen).toEqual({ ...settings, ...record.trials[record.chosen]!.changes });
    expect(told).toHaveBeenCalledWith(1, 2, 0);
    expect(told).toHaveBeenLastCalledWith(2, 2, 1);
  });

  test('keeps the settings begun with where others are better by chance only, and leaves those that fail', async () => {
    const failing = (steps: number) => ({
      method: {
        ...cellPredX,
        tuning: { ...cellPredX.tuning!, trials: () => [{ weightDecay: 0.0501 }] }, // hardly another setting
        train: (...[on, own, context]: Parameters<typeof cellPredX.train>) =>
          cellPredX.train(on, { ...own, steps: own.weightDecay === 0.0501 ? 60 : steps }, context),
      },
    });
    expect((await tune(input(failing(60)))).record.chosen).toBe(0);
    expect((await tune(input(failing(1)))).record.chosen).toBe(1); // one step teaches nothing
  });

  test('does not look at what a person chose, and gives the same for the same seed', async () => {
    const fixed = await tune(input({ fixed: ['weightDecay'] }));
    expect(fixed.record.trials).toHaveLength(1);
    expect(fixed.settings).toEqual(settings);
    expect((await tune(input())).record).toEqual((await tune(input())).record);
  });

  test('shortens a long training and gives back the steps that were asked for', async () => {
    const trained: number[] = [];
    const method = {
      ...cellPredX,
      train: (...args: Parameters<typeof cellPredX.train>) => {
        trained.push(args[1].steps);
        return cellPredX.train(args[0], { ...args[1], steps: 2 }, args[2]);
      },
    };
    const { settings: chosen } = await tune(input({ method, settings: { ...settings, steps: 5000 } }));
    expect(trained).toEqual([300, 300]);
    expect(chosen.steps).toBe(5000);
  });

  test('ends with Cancelled at a cancel between trials', async () => {
    const cancel = new AbortController();
    const run = tune(input({ signal: cancel.signal, told: (trial) => trial === 2 && cancel.abort() }));
    await expect(run).rejects.toThrow(Cancelled);
  });

  test('refuses a method that has nothing to tune, and the list of methods says which have', async () => {
    const nothing = { ...input(), method: linearSvm, settings: {} } as unknown as TuneInput<typeof settings>;
    await expect(tune(nothing)).rejects.toThrow('Linear support vector machine has no settings that are worth tuning');
    const tunable = describeMethods().filter((method) => method.tunable);
    expect(tunable.map(({ id }) => id)).toEqual(['cellpredx', 'cda-sc', 'semilt', 'kida']);
  });

  test.each(methods.filter(canTune).map((method) => [method.title, method] as const))(
    'of %s tries allowed settings and trains no longer than a run does',
    (_, method) => {
      for (const scenario of method.scenarios) {
        const full = resolveSettings(method, scenario, 'recommended', {}) as Record<string, unknown>;
        const { trials, shortened } = method.tuning!;
        expect(trials(scenario).length).toBeGreaterThan(1);
        for (const changes of trials(scenario)) {
          const candidate = { ...full, ...(changes as object) };
          expect(method.settings.parse(candidate)).toEqual(candidate);
          const short = shortened(candidate) as Record<string, unknown>;
          expect(method.settings.parse(short)).toEqual(short);
          const shorter = Object.keys(short).filter((name) => short[name] !== (candidate as typeof full)[name]);
          for (const name of shorter)
            expect(Number(short[name])).toBeLessThan(Number((candidate as typeof full)[name]));
        }
        expect(shortened(shortened(full))).toEqual(shortened(full));
      }
    },
  );
});

test('tuning of KIDA reads cells through the gene sets of the run', async () => {
  const sets = [0, 1, 2].map((of) => ({
    name: `SET_${of}`,
    genes: pair.features.filter((_, feature) => feature % 3 === of),
  }));
  const more = { geneChoice: 'all', width: 8, heads: 2, tokens: 4, maxTeacherSteps: 4 };
  const own = resolveSettings(kida, 'rna-rna', 'recommended', more);
  const { record } = await tune({
    ...{ method: kida, scenario: 'rna-rna', settings: own, fixed: [], seed: 5 },
    geneSets: { name: 'three.gmt', sets },
    prepare: async () => pair,
    told: () => undefined,
  });
  expect(record.trials.map(({ changes }) => changes)).toEqual([{}, { secondRound: false }, { anchorShare: 0.2 }]);
});
