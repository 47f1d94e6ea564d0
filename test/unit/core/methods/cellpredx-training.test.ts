import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';
import { takeRows } from '#core/data/csr-matrix';
import type { AlignedPair } from '#core/data/aligned-pair';
import type { StoredRows } from '#core/data/sparse-rows';
import { cellPredX } from '#core/methods/cellpredx/index';
import { type CellPredXSettings, cellPredXSettings } from '#core/methods/cellpredx/settings';
import type { CheckpointKeeper, NamedArrays, TrainContext, TrainProgress } from '#core/train/method';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatedPair } from '#test/support/simulated-pair';
import { storedRows } from '#test/support/stored-rows';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const small = (settings: Partial<CellPredXSettings> = {}): CellPredXSettings =>
  cellPredXSettings.parse({
    embeddingWidth: 16,
    attentionWidth: 8,
    batchSize: 64,
    steps: 30,
    contrastiveWeight: 0.2,
    learningRate: 0.05,
    centreStartStep: 3,
    ...settings,
  });

interface Recorder extends TrainContext {
  readonly seen: TrainProgress[];
}

function recorder(seed = 7, more: Partial<TrainContext> = {}): Recorder {
  const seen: TrainProgress[] = [];
  return { seed, seen, report: (progress) => void seen.push(progress), ...more };
}

async function trained(
  pair: AlignedPair,
  settings: CellPredXSettings,
  context: TrainContext = recorder(),
): Promise<{ encoder: Float32Array; classifier: Float32Array; probabilities: Float32Array; steps: number }> {
  const model = await cellPredX.train(pair, settings, context);
  const { probabilities } = await model.apply(pair.query);
  const { encoder, classifier } = model.affine!;
  return { encoder, classifier, probabilities, steps: model.steps };
}

describe('a trained model', () => {
  test('labels a simulated query far above chance after 60 steps', async () => {
    const { pair, truth } = simulatedPair(3);
    const model = await cellPredX.train(pair, small({ steps: 60 }), recorder());
    const transfer = await transferLabels(model, pair);
    const right = transfer.query.predicted.filter((label, cell) => label === truth[cell]).length;
    expect(right / truth.length).toBeGreaterThan(0.8); // chance is 0.25
    model.dispose();
  });

  test('comes back from its stored arrays and gives the same bits on rows it has not seen', async () => {
    const { pair } = simulatedPair(3);
    const model = await cellPredX.train(pair, small(), recorder());
    const stored = structuredClone(model.save());
    const again = cellPredX.restore(stored);
    const rows = { input: takeRows(simulatedPair(99).pair.query.input, [5, 0, 17]) };
    expect(await again.apply(rows)).toEqual(await model.apply(rows));
    expect([again.labels, again.features, again.steps, again.ended]).toEqual([
      model.labels,
      model.features,
      model.steps,
      model.ended,
    ]);
  });

  test('is refused with its kind when the stored arrays are those of something else', () => {
    expect(() => cellPredX.restore({ kind: 'tree', description: {}, arrays: {} })).toThrow('of kind "tree"');
    expect(() => cellPredX.restore({ kind: 'cellpredx-model-1', description: {}, arrays: {} })).toThrow(AppError);
  });

  test('refuses arrays of the wrong length, naming them', async () => {
    const { pair } = simulatedPair(3);
    const stored = (await cellPredX.train(pair, small({ steps: 1 }), recorder())).save();
    const arrays = { ...stored.arrays, classifier: { shape: [1], values: new Float32Array(1) } };
    expect(() => cellPredX.restore({ ...stored, arrays })).toThrow('1 numbers for "classifier"');
  });
});

describe('training', () => {
  test('reports every step with every term and a total that is their sum', async () => {
    const context = recorder();
    await cellPredX.train(simulatedPair(3).pair, small({ steps: 6 }), context);
    expect(context.seen.map((progress) => progress.step)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { terms, steps, measures } of context.seen) {
      expect(steps).toBe(6);
      const { total, ...parts } = terms;
      expect(Object.keys(parts)).toEqual([
        'classification',
        'projection',
        'contrastive',
        'alignment',
        'sparseCentre',
        'l1',
      ]);
      expect(total).toBeCloseTo(
        Object.values(parts).reduce((sum, part) => sum + part, 0),
        5,
      );
      expect(measures!['meanAttention']).toBeGreaterThan(0);
      expect(measures!['meanAttention']).toBeLessThan(1);
    }
  });

  test('gives the same bits for the same seed and other bits for another', async () => {
    const { pair } = simulatedPair(3);
    const [one, two, other] = [
      await trained(pair, small()),
      await trained(pair, small()),
      await trained(pair, small(), recorder(8)),
    ];
    expect(two).toEqual(one);
    expect(other.encoder).not.toEqual(one.encoder);
  });

  test.each([
    ['momentum', {}],
    ['Adam and early-stop bookkeeping', { optimiser: 'adam', learningRate: 0.01, earlyStop: true }],
    ['fixed centres and a balanced sampler', { centrePolicy: 'fixed', balancedReference: true }],
  ] as const)(
    'that was interrupted at step 20 ends with the bits of the uninterrupted one, with %s',
    async (_, more) => {
      const { pair } = simulatedPair(3);
      const settings = small({ ...more });
      const whole = recorder();
      const expected = await trained(pair, settings, whole);

      const kept: NamedArrays[] = [];
      const keeper: CheckpointKeeper = {
        every: 10,
        load: () => Promise.resolve(kept.at(-1) ?? null),
        save: (checkpoint) => Promise.resolve(void kept.push(structuredClone(checkpoint))),
      };
      const controller = new AbortController();
      const first = recorder(7, { checkpoints: keeper, signal: controller.signal });
      await expect(
        cellPredX.train(pair, settings, {
          ...first,
          report: (progress) => {
            first.report(progress);
            if (progress.step === 23) controller.abort();
          },
        }),
      ).rejects.toThrow(Cancelled);
      expect(first.seen.at(-1)!.step).toBe(23);
      expect(kept).toHaveLength(2);

      const second = recorder(7, { checkpoints: keeper });
      expect(await trained(pair, settings, second)).toEqual(expected);
      expect(second.seen).toEqual(whole.seen.slice(20));
    },
  );

  test('on stored rows gives the bits of training in memory, also when it was interrupted', async () => {
    const { pair } = simulatedPair(3);
    const stored = {
      ...pair,
      reference: { ...pair.reference, input: storedRows(pair.reference.input, 50) },
      query: { ...pair.query, input: storedRows(pair.query.input, 50) },
    };
    const half = { ...pair, query: stored.query };
    const whole = recorder();
    const expected = await trained(pair, small(), whole);
    expect(await trained(half, small())).toEqual(expected);

    const kept: NamedArrays[] = [];
    const keeper: CheckpointKeeper = {
      every: 10,
      load: () => Promise.resolve(kept.at(-1) ?? null),
      save: (checkpoint) => Promise.resolve(void kept.push(structuredClone(checkpoint))),
    };
    const controller = new AbortController();
    const first = recorder(7, { checkpoints: keeper, signal: controller.signal });
    const report: TrainContext['report'] = (progress) => {
      first.report(progress);
      if (progress.step === 23) controller.abort();
    };
    await expect(cellPredX.train(stored, small(), { ...first, report })).rejects.toThrow(Cancelled);
    expect(kept).toHaveLength(2);
    const second = recorder(7, { checkpoints: keeper });
    expect(await trained(stored, small(), second)).toEqual(expected);
    expect([...first.seen.slice(0, 20), ...second.seen]).toEqual(whole.seen);
  });

  test('on rows that cannot be read any more ends with the reason', async () => {
    const { pair } = simulatedPair(3);
    const input = storedRows(pair.query.input);
    let left = 7;
    const broken: StoredRows = {
      ...input,
      take: (which) => (left-- > 0 ? input.take(which) : Promise.reject(new Error('the disk is gone'))),
    };
    const run = cellPredX.train({ ...pair, query: { ...pair.query, input: broken } }, small(), recorder());
    await expect(run).rejects.toThrow('the disk is gone');
  });

  test('refuses a checkpoint of another seed, naming both', async () => {
    const { pair } = simulatedPair(3);
    let kept: NamedArrays | null = null;
    const keeper: CheckpointKeeper = {
      every: 5,
      load: () => Promise.resolve(kept),
      save: (checkpoint) => Promise.resolve(void (kept = checkpoint)),
    };
    await cellPredX.train(pair, small({ steps: 5 }), recorder(7, { checkpoints: keeper }));
    await expect(cellPredX.train(pair, small({ steps: 5 }), recorder(8, { checkpoints: keeper }))).rejects.toThrow(
      'its seed is 7, here it is 8',
    );
  });

  test('stops within a step of a cancel that arrives by a timer', async () => {
    const controller = new AbortController();
    const context = recorder(7, { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(cellPredX.train(simulatedPair(3).pair, small({ steps: 100_000 }), context)).rejects.toThrow(Cancelled);
    const atCancel = context.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(context.seen).toHaveLength(atCancel);
  });

  test('does not begin when the signal is aborted already', async () => {
    const context = recorder(7, { signal: AbortSignal.abort() });
    await expect(cellPredX.train(simulatedPair(3).pair, small(), context)).rejects.toThrow(Cancelled);
    expect(context.seen).toEqual([]);
  });

  test('keeps the number of tensors level over 20 steps', async () => {
    const counts: number[] = [];
    await cellPredX.train(simulatedPair(3).pair, small({ steps: 20 }), {
      seed: 7,
      report: () => void counts.push(tf.memory().numTensors),
    });
    expect(new Set(counts).size).toBe(1);
  });

  test('stops early when the sparse centre term no longer changes, and says so', async () => {
    const context = recorder();
    const settings = small({
      steps: 2000,
      earlyStop: true,
      learningRate: 0.000001,
      centrePolicy: 'fixed',
      embeddingWidth: 4,
      contrastiveWeight: 0,
      projectionWeight: 0,
      alignmentWeight: 0,
      l1Weight: 0,
    });
    const { pair } = simulatedPair(3, { reference: 24, query: 24, features: 30 });
    const model = await cellPredX.train(pair, settings, context);
    expect(model.ended).toBe('early-stop');
    expect(model.steps).toBe(context.seen.length);
    expect(model.steps).toBeLessThan(2000);
  });

  test('with too large a learning rate ends with the step and the advice to lower it', async () => {
    const { pair } = simulatedPair(3, { reference: 24, query: 24, features: 30 });
    const run = cellPredX.train(
      pair,
      small({ learningRate: 1, weightDecay: 1, momentum: 0.999, projectionWeight: 100, steps: 3000 }),
      recorder(),
    );
    await expect(run).rejects.toMatchObject({ code: 'training.diverged' });
  });
});

describe('switches', () => {
  test.each([
    ['classificationWeight', 'classification'],
    ['projectionWeight', 'projection'],
    ['contrastiveWeight', 'contrastive'],
    ['alignmentWeight', 'alignment'],
    ['sparseCentreWeight', 'sparseCentre'],
    ['l1Weight', 'l1'],
  ] as const)('%s = 0 leaves the term %s out', async (setting, term) => {
    const context = recorder();
    await cellPredX.train(simulatedPair(3).pair, small({ steps: 5, [setting]: 0 }), context);
    expect(context.seen.at(-1)!.terms).not.toHaveProperty(term);
    expect(Object.keys(context.seen.at(-1)!.terms)).toHaveLength(6);
  });

  test('with every weight 0 the classifier is trained alone', async () => {
    const context = recorder();
    const off = { projectionWeight: 0, contrastiveWeight: 0, alignmentWeight: 0, sparseCentreWeight: 0, l1Weight: 0 };
    await cellPredX.train(simulatedPair(3).pair, small({ steps: 5, ...off }), context);
    expect(Object.keys(context.seen[0]!.terms)).toEqual(['classification', 'total']);
  });

  test('every weight 0, that of the classification too, is refused', async () => {
    const terms = ['classification', 'projection', 'contrastive', 'alignment', 'sparseCentre'];
    const off = Object.fromEntries(terms.map((term) => [`${term}Weight`, 0]));
    const run = cellPredX.train(simulatedPair(3).pair, small({ steps: 5, ...off }), recorder());
    await expect(run).rejects.toThrow(
      'The setting classificationWeight of CellPredX is 0; allowed is a number above 0',
    );
  });

  test('without attention the mean attention is 1', async () => {
    const context = recorder();
    await cellPredX.train(simulatedPair(3).pair, small({ steps: 5, attentionOn: false }), context);
    expect(context.seen.at(-1)!.measures).toEqual({ meanAttention: 1 });
  });
});

describe('unusual data', () => {
  const finish = async (pair: AlignedPair, settings: Partial<CellPredXSettings> = {}): Promise<TrainProgress> => {
    const context = recorder();
    const { probabilities } = await trained(pair, small({ steps: 8, ...settings }), context);
    expect(probabilities.every(Number.isFinite)).toBe(true);
    return context.seen.at(-1)!;
  };

  test('a reference with one label gives every cell that label with certainty', async () => {
    const { pair } = simulatedPair(5, { labels: 1 });
    const { probabilities } = await trained(pair, small({ steps: 8 }));
    expect(new Set(probabilities)).toEqual(new Set([1]));
  });

  test('two labels train', async () => {
    expect((await finish(simulatedPair(5, { labels: 2 }).pair)).step).toBe(8);
  });

  test('a label with a single cell trains, also with the balanced sampler', async () => {
    const { pair } = simulatedPair(5);
    const label = pair.reference.label.map((_, cell) => (cell === 0 ? 3 : cell % 3));
    const lonely = { ...pair, reference: { ...pair.reference, label } };
    await finish(lonely);
    await finish(lonely, { balancedReference: true });
  });

  test('fewer cells than a batch train with as many as there are', async () => {
    await finish(simulatedPair(5, { reference: 9, query: 7, neighbours: 2 }).pair, { batchSize: 512 });
  });

  test('cells without any value train and are labelled', async () => {
    const { pair } = simulatedPair(5);
    const from = pair.query.input.indptr[10]!; // the first ten cells lose their values
    const input = {
      ...pair.query.input,
      indptr: pair.query.input.indptr.map((end) => Math.max(0, end - from)),
      indices: pair.query.input.indices.slice(from),
      values: pair.query.input.values.slice(from),
    };
    expect(input.indptr[10]).toBe(0);
    await finish({ ...pair, query: { ...pair.query, input, counts: input } });
  });

  test('a query of equal cells stays finite', async () => {
    const { pair } = simulatedPair(5);
    const input = takeRows(pair.query.input, new Int32Array(pair.query.input.rows));
    await finish({ ...pair, query: { ...pair.query, input } });
  });

  test('a single step trains', async () => {
    expect((await finish(simulatedPair(5).pair, { steps: 1 })).step).toBe(1);
  });

  test('a query of one cell is refused with its number of cells', async () => {
    const { pair } = simulatedPair(5);
    const input = takeRows(pair.query.input, [0]);
    const run = cellPredX.train({ ...pair, query: { ...pair.query, input } }, small(), recorder());
    await expect(run).rejects.toThrow('The query has 1 cell; training needs at least 2.');
  });
});
