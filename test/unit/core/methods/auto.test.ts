import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { auto } from '#core/methods/auto/index';
import { agreementPerLabel, neighbourAgreement, spread, strengths } from '#core/methods/auto/neighbours';
import { resolveSettings } from '#core/methods/resolve-settings';
import type { CheckpointKeeper, NamedArrays, TrainContext } from '#core/train/method';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const quiet = (more: Partial<TrainContext> = {}): TrainContext => ({ seed: 7, report: () => undefined, ...more });
const settings = (more: Record<string, unknown> = {}) => resolveSettings(auto, 'rna-atac', 'recommended', more);

describe('agreement of neighbours', () => {
  const ring = (cells: number) => ({ k: 1, indices: Int32Array.from({ length: cells }, (_, i) => (i + 1) % cells) });

  test('is 1 where neighbours always share the label and negative where they never do', () => {
    const pairs = { k: 1, indices: Int32Array.from([1, 0, 3, 2]) };
    expect(neighbourAgreement(Int32Array.from([0, 0, 1, 1]), 2, pairs)).toBe(1);
    expect(neighbourAgreement(Int32Array.from([0, 1, 0, 1]), 2, pairs)).toBe(-1);
  });

  test('by hand: half of four neighbours alike, chance one half', () => {
    expect(neighbourAgreement(Int32Array.from([0, 0, 1, 1]), 2, ring(4))).toBe(0);
  });

  test('is 0 with one label, without neighbours and without cells', () => {
    expect(neighbourAgreement(new Int32Array(4), 3, ring(4))).toBe(0);
    expect(neighbourAgreement(Int32Array.from([0, 1]), 2, { k: 0, indices: new Int32Array(0) })).toBe(0);
    expect(neighbourAgreement(new Int32Array(0), 2, { k: 1, indices: new Int32Array(0) })).toBe(0);
  });

  test('per label by hand: of four cells in a ring one of two neighbours is alike for each label', () => {
    expect([...agreementPerLabel(Int32Array.from([0, 0, 1, 1]), 3, ring(4))]).toEqual([0, 0, 0]);
    const pairs = { k: 1, indices: Int32Array.from([1, 0, 3, 2, 0, 0]) };
    const [first, second] = agreementPerLabel(Int32Array.from([0, 0, 1, 1, 1, 1]), 2, pairs);
    expect(first).toBe(1); // 1 of 1, chance 1/3
    expect(second).toBeCloseTo((2 / 4 - 4 / 6) / (1 - 4 / 6), 10);
  });

  test('gives strengths of its square, and none below chance', () => {
    const pairs = { k: 1, indices: Int32Array.from([1, 0, 3, 2, 0, 0]) };
    const P = Float32Array.from([0.9, 0.1, 0.9, 0.1, 0.2, 0.8, 0.2, 0.8, 0.3, 0.7, 0.3, 0.7]);
    expect([...strengths(P, 2, pairs)]).toEqual([1, 1, 0, 0, 0, 0]);
  });
});

describe('spreading', () => {
  test('keeps rows that sum to 1 and leaves everything as it is without strength', () => {
    const { pair } = simulatedPair(3);
    const P = Float32Array.from({ length: 120 * 4 }, (_, i) => [0.7, 0.1, 0.1, 0.1][i % 4]!);
    expect(spread(P, 4, pair.query.neighbours, new Float32Array(120))).toEqual(P);
    const settled = spread(P, 4, pair.query.neighbours, new Float32Array(120).fill(0.8));
    for (let i = 0; i < P.length; i++) expect(settled[i]).toBeCloseTo(P[i]!, 5);
  });

  test('brings a cell that stands against all its neighbours to their label', () => {
    const P = Float32Array.from([0.9, 0.1, 0.9, 0.1, 0.4, 0.6]);
    const graph = { k: 2, indices: Int32Array.from([1, 2, 0, 2, 0, 1]) };
    const settled = spread(P, 2, graph, new Float32Array(3).fill(0.5));
    expect(settled[4]).toBeGreaterThan(0.5);
    for (let cell = 0; cell < 3; cell++) expect(settled[2 * cell]! + settled[2 * cell + 1]!).toBeCloseTo(1, 5);
  });
});

describe('Auto', () => {
  test('labels a simulated query at least as well as without its neighbours, and accounts for its members', async () => {
    const { pair, truth } = simulatedPair(3);
    const right = async (more: Record<string, unknown>): Promise<number> => {
      const model = await auto.train(pair, settings(more), quiet());
      const { query } = await transferLabels(model, pair);
      for (let cell = 0; cell < truth.length; cell++) {
        const row = query.probabilities.subarray(cell * 4, cell * 4 + 4);
        expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      }
      const account = model.account!;
      expect(account.members.map(({ id }) => id)).toEqual(['cellpredx', 'linear-svm', 'nearest-centroid']);
      expect(account.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10);
      for (const member of account.members) {
        expect(member.agreement).toBeGreaterThan(0.7);
        expect(member.neighbours).toBeLessThanOrEqual(1);
        expect(member.reverse).toBeGreaterThan(0.7); // 0.25 by chance
      }
      expect(account.neighbours.strength).toBeGreaterThan(0.3); // nine in ten neighbours share the true label
      expect(account.neighbours.strength).toBeLessThanOrEqual(1);
      return query.predicted.filter((label, cell) => label === truth[cell]).length / truth.length;
    };
    const [settled, alone] = [await right({}), await right({ settle: false })];
    expect(alone).toBeGreaterThan(0.85);
    expect(settled).toBeGreaterThanOrEqual(alone);
  });

  test('gives the same bits for the same seed, and reports rising steps', async () => {
    const { pair } = simulatedPair(3);
    const steps: number[] = [];
    const one = await auto.train(pair, settings(), quiet({ report: ({ step }) => steps.push(step) }));
    const two = await auto.train(pair, settings(), quiet());
    expect(two.save()).toEqual(one.save());
    expect(two.account).toEqual(one.account);
    expect(steps.length).toBeGreaterThan(100);
    expect(steps.every((step, i) => i === 0 || step > steps[i - 1]!)).toBe(true);
  });

  describe('a checkpoint', () => {
    const { pair } = simulatedPair(3);
    const keeping = (kept: NamedArrays[], told: () => void = () => undefined): CheckpointKeeper => ({
      every: 100,
      load: () => Promise.resolve(kept.at(-1) ?? null),
      save(checkpoint) {
        kept.push(structuredClone(checkpoint));
        told();
        return Promise.resolve();
      },
    });
    const membersDone = ({ description }: NamedArrays): number =>
      (description as { finished: unknown[] }).finished.length;

    test('in the middle of any member leads to the same bits, and no member is trained twice', async () => {
      const whole = await auto.train(pair, settings(), quiet());
      const all: NamedArrays[] = [];
      await auto.train(pair, settings(), quiet({ checkpoints: keeping(all) }));
      expect(new Set(all.map(membersDone))).toEqual(new Set([0, 1, 2, 3]));
      for (const done of [0, 1, 2, 3]) {
        const stopAt = all.findLastIndex((checkpoint) => membersDone(checkpoint) === done) + 1;
        const kept: NamedArrays[] = [];
        const controller = new AbortController();
        const checkpoints = keeping(kept, () => kept.length === stopAt && controller.abort());
        const cut = auto.train(pair, settings(), quiet({ checkpoints, signal: controller.signal }));
        await expect(cut).rejects.toThrow(Cancelled);

        const again = [...kept];
        const model = await auto.train(pair, settings(), quiet({ checkpoints: keeping(again) }));
        expect(again.slice(stopAt).every((checkpoint) => membersDone(checkpoint) >= done)).toBe(true);
        expect(model.save()).toEqual(whole.save());
        expect([model.account, model.notes]).toEqual([whole.account, whole.notes]);
      }
    });

    test('of another seed or of another method is refused', async () => {
      const kept: NamedArrays[] = [];
      await auto.train(pair, settings(), quiet({ checkpoints: keeping(kept) }));
      const other = quiet({ seed: 8, checkpoints: keeping(kept) });
      await expect(auto.train(pair, settings(), other)).rejects.toThrow('its seed is 7, here it is 8');
      const strange = keeping([{ kind: 'cellpredx-checkpoint-1', description: {}, arrays: {} }]);
      const run = auto.train(pair, settings(), quiet({ checkpoints: strange }));
      await expect(run).rejects.toThrow('here it is auto-checkpoint-1');
    });
  });

  test('comes back from its stored arrays and gives the same bits', async () => {
    const { pair } = simulatedPair(3);
    const model = await auto.train(pair, settings(), quiet());
    const again = auto.restore(structuredClone(model.save()));
    const other = simulatedPair(99).pair.query;
    expect(await again.apply(other)).toEqual(await model.apply(other));
    const { probabilities } = await model.apply(other);
    expect(again.among!(probabilities, other.neighbours)).toEqual(model.among!(probabilities, other.neighbours));
    expect(again.save()).toEqual(model.save());
  });

  test('refuses stored arrays of another kind or with a member that does not exist', async () => {
    expect(() => auto.restore({ kind: 'tree', description: {}, arrays: {} })).toThrow('of kind "tree"');
    const stored = (await auto.train(simulatedPair(3).pair, settings(), quiet())).save();
    const description = stored.description as { members: { id: string }[] };
    const strange: NamedArrays = {
      ...stored,
      description: { ...description, members: [{ ...description.members[0], id: 'oracle' }] },
    };
    expect(() => auto.restore(strange)).toThrow('"oracle"');
  });

  test('ends with Cancelled at a cancel', async () => {
    const run = auto.train(simulatedPair(3).pair, settings(), quiet({ signal: AbortSignal.abort() }));
    await expect(run).rejects.toThrow(Cancelled);
  });

  test('takes a pair of two labels with two cells on a side', async () => {
    const { pair } = simulatedPair(3, { labels: 2, reference: 40, query: 2, neighbours: 1 });
    const model = await auto.train(pair, settings(), quiet());
    const { query } = await transferLabels(model, pair);
    expect(query.probabilities.every(Number.isFinite)).toBe(true);
  });
});
