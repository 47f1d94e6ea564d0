import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import { takeRows } from '#core/data/csr-matrix';
import type { StoredRows } from '#core/data/sparse-rows';
import type { GeneSetLibrary } from '#core/data/gene-sets';
import { cdaSc } from '#core/methods/cda-sc/index';
import { cdaScSettings } from '#core/methods/cda-sc/settings';
import { kida } from '#core/methods/kida/index';
import { kidaSettings } from '#core/methods/kida/settings';
import { semiLT } from '#core/methods/semilt/index';
import { semiLTSettings } from '#core/methods/semilt/settings';
import type { CheckpointKeeper, Method, NamedArrays, TrainContext, TrainProgress } from '#core/train/method';
import { type FormingView, sampleOnlooker } from '#core/train/onlooker';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatedPair } from '#test/support/simulated-pair';
import { storedRows } from '#test/support/stored-rows';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

/** A method with settings small enough for a test, and what holds for it alone. */
interface Tried {
  readonly method: Method;
  /** The settings with these changes; `steps` is how long training shall be. */
  readonly small: (steps: number, changes?: object) => unknown;
  /** Terms and measures of every step. */
  readonly terms: readonly string[];
  readonly measures: readonly string[];
  /** An array of the saved model whose length is checked. */
  readonly array: string;
}

const tried: readonly Tried[] = [
  {
    method: cdaSc,
    small: (steps, changes = {}) =>
      cdaScSettings.parse({
        hiddenWidth: 32,
        middleWidth: 24,
        embeddingWidth: 16,
        discriminatorWidth: 16,
        batchSize: 48,
        learningRate: 0.002,
        passes: 1000,
        maxSteps: steps,
        patience: null,
        ...changes,
      }),
    terms: ['classification', 'domain', 'contrastive'],
    measures: ['reversal', 'pseudoLabelled'],
    array: 'classifier',
  },
  {
    method: semiLT,
    small: (steps, changes = {}) =>
      semiLTSettings.parse({
        embeddingWidth: 16,
        batchSize: 64,
        epochs: 1,
        leastSteps: steps,
        learningRate: 0.02,
        ...changes,
      }),
    terms: ['referenceEncoding', 'queryEncoding', 'anchors', 'querySeparation', 'studies', 'classification', 'l1'],
    measures: ['highAnchors', 'lowAnchors'],
    array: 'centroids',
  },
  {
    method: kida,
    small: (steps, changes = {}) =>
      kidaSettings.parse({
        width: 16,
        batchSize: 32,
        learningRate: 0.01,
        dropout: 0.1,
        validationShare: 0.1,
        teacherPasses: 1000,
        maxTeacherSteps: Math.ceil(steps * 0.6),
        secondRound: steps > 1,
        studentFrom: 2,
        studentPasses: 1000,
        maxStudentSteps: Math.max(1, steps - Math.ceil(steps * 0.6)),
        ...changes,
      }),
    terms: ['classification', 'distillation', 'clustering'],
    measures: ['round'],
    array: 'classifier',
  },
];

interface Recorder extends TrainContext {
  readonly seen: TrainProgress[];
}

function recorder(seed = 7, more: Partial<TrainContext> = {}): Recorder {
  const seen: TrainProgress[] = [];
  return { seed, seen, geneSets, report: (progress) => void seen.push(progress), ...more };
}

/** The features that each of four labels raises in the simulated pair, in two sets each. */
const geneSets: GeneSetLibrary = {
  name: 'planted.gmt',
  sets: Array.from({ length: 8 }, (_, set) => ({
    name: `set ${set}`,
    genes: Array.from({ length: 25 }, (_, i) => `gene${(set % 4) + 4 * (2 * i + (set < 4 ? 0 : 1))}`),
  })),
};

function keeping(every: number, kept: NamedArrays[]): CheckpointKeeper {
  return {
    every,
    load: () => Promise.resolve(kept.at(-1) ?? null),
    save: (checkpoint) => Promise.resolve(void kept.push(structuredClone(checkpoint))),
  };
}

describe.each(tried.map((one) => [one.method.title, one] as const))(
  '%s',
  (_, { method, small, terms, measures, array }) => {
    const arraysAfter = async (
      pair: AlignedPair,
      settings: unknown,
      context: TrainContext = recorder(),
    ): Promise<NamedArrays['arrays']> => {
      const model = await method.train(pair, settings, context);
      return model.save().arrays;
    };

    /** Trains until the step after which the signal is aborted, then anew from what was kept. */
    const interrupted = async (
      pair: AlignedPair,
      settings: unknown,
      stopAfter: number,
    ): Promise<{ arrays: NamedArrays['arrays']; seen: TrainProgress[]; kept: NamedArrays[] }> => {
      const kept: NamedArrays[] = [];
      const controller = new AbortController();
      const first = recorder(7, { checkpoints: keeping(5, kept), signal: controller.signal });
      const report: TrainContext['report'] = (progress) => {
        first.report(progress);
        if (progress.step === stopAfter) controller.abort();
      };
      await expect(method.train(pair, settings, { ...first, report })).rejects.toThrow(Cancelled);
      const done = kept.length * 5;
      const second = recorder(7, { checkpoints: keeping(5, kept) });
      const arrays = await arraysAfter(pair, settings, second);
      return { arrays, seen: [...first.seen.slice(0, done), ...second.seen], kept };
    };

    test('labels a simulated query far above chance after 60 steps', async () => {
      const { pair, truth } = simulatedPair(3);
      const model = await method.train(pair, small(60), recorder());
      const { query } = await transferLabels(model, pair);
      const right = query.predicted.filter((label, cell) => label === truth[cell]).length;
      expect(right / truth.length).toBeGreaterThan(0.8); // chance is 0.25
      expect(model.steps).toBe(60);
      expect(model.ended).toBe('all-steps');
      for (let cell = 0; cell < truth.length; cell++) {
        const row = query.probabilities.subarray(cell * 4, cell * 4 + 4);
        expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      }
      model.dispose();
    });

    test('comes back from its stored arrays and gives the same bits on rows it has not seen', async () => {
      const { pair } = simulatedPair(3);
      const model = await method.train(pair, small(8), recorder());
      const again = method.restore(structuredClone(model.save()));
      const rows = { input: takeRows(simulatedPair(99).pair.query.input, [5, 0, 17]) };
      expect(await again.apply(rows)).toEqual(await model.apply(rows));
      expect([again.methodId, again.labels, again.features, again.steps, again.ended]).toEqual([
        method.id,
        model.labels,
        model.features,
        model.steps,
        model.ended,
      ]);
      expect(again.save()).toEqual(model.save());
    });

    test('refuses stored arrays of another kind or of the wrong length, naming them, and rows of another width', async () => {
      expect(() => method.restore({ kind: 'tree', description: {}, arrays: {} })).toThrow('of kind "tree"');
      const model = await method.train(simulatedPair(3).pair, small(1), recorder());
      const stored = model.save();
      expect(() => method.restore({ ...stored, description: {} })).toThrow(AppError);
      const arrays = { ...stored.arrays, [array]: { shape: [1], values: new Float32Array(1) } };
      expect(() => method.restore({ ...stored, arrays })).toThrow(`1 numbers for "${array}"`);
      const others = Object.fromEntries(Object.entries(stored.arrays).filter(([name]) => name !== array));
      expect(() => method.restore({ ...stored, arrays: others })).toThrow(`nothing for "${array}"`);
      const narrow = simulatedPair(3, { features: 30 }).pair.query;
      await expect(model.apply(narrow)).rejects.toThrow('rows have 30 columns, the model 200 features');
    });

    test('reports every step with every term, a total that is their sum, and what is watched', async () => {
      const context = recorder();
      await method.train(simulatedPair(3).pair, small(6), context);
      expect(context.seen.map((progress) => progress.step)).toEqual([1, 2, 3, 4, 5, 6]);
      const found = new Set(context.seen.flatMap((progress) => Object.keys(progress.terms)));
      expect([...found].sort()).toEqual([...terms, 'total'].sort());
      for (const progress of context.seen) {
        const { total, ...parts } = progress.terms;
        expect(total).toBeCloseTo(
          Object.values(parts).reduce((sum, part) => sum + part, 0),
          4,
        );
        expect(Object.keys(progress.measures!)).toEqual(expect.arrayContaining([...measures]));
      }
    });

    test('gives the same bits for the same seed and other bits for another', async () => {
      const { pair } = simulatedPair(3);
      const one = await arraysAfter(pair, small(8));
      expect(await arraysAfter(pair, small(8))).toEqual(one);
      expect(await arraysAfter(pair, small(8), recorder(8))).not.toEqual(one);
    });

    test('is watched while it learns: its labels become good, and it ends with the bits of a training nobody watched', async () => {
      const { pair, truth } = simulatedPair(3);
      const expected = await arraysAfter(pair, small(40));
      const views: FormingView[] = [];
      const signal = new AbortController().signal;
      let asked = 0;
      const onlooker = await sampleOnlooker(
        pair.query,
        { seed: 7, signal },
        () => [1, 20, 40].includes(++asked), // the second round of KIDA begins in between
        (view) => views.push(view),
      );
      expect(await arraysAfter(pair, small(40), recorder(7, { onlooker }))).toEqual(expected);
      expect(views.map(({ step }) => step)).toEqual([1, 20, 40]);
      const all = pair.query.input.rows;
      const sample = Random.forPurpose(7, 'forming').sample(all, all);
      const right = ({ predicted }: FormingView): number =>
        predicted.filter((label, i) => label === truth[sample[i]!]).length / predicted.length;
      for (const view of views) {
        expect(view.predicted.length).toBe(views[0]!.predicted.length);
        expect(view.places).toHaveLength(2 * view.predicted.length);
        expect(view.confidence.every((value) => value > 0.24 && value <= 1.000001)).toBe(true);
      }
      expect(right(views[2]!)).toBeGreaterThan(0.7); // chance is 0.25
      expect(right(views[2]!)).toBeGreaterThanOrEqual(right(views[0]!));
    });

    test('interrupted at step 10 ends with the bits of the uninterrupted training', async () => {
      const { pair } = simulatedPair(3);
      const whole = recorder();
      const expected = await arraysAfter(pair, small(16), whole);
      const found = await interrupted(pair, small(16), 13);
      expect(found.kept.length).toBeGreaterThanOrEqual(2);
      expect(found.arrays).toEqual(expected);
      expect(found.seen).toEqual(whole.seen);
    });

    test('on stored rows gives the bits of training in memory, also when it was interrupted', async () => {
      const { pair } = simulatedPair(3);
      const stored = {
        ...pair,
        reference: {
          ...pair.reference,
          input: storedRows(pair.reference.input, 50),
          counts: storedRows(pair.reference.counts, 50),
        },
        query: { ...pair.query, input: storedRows(pair.query.input, 50), counts: storedRows(pair.query.counts, 50) },
      };
      // the untrained space is computed another way from stored rows and agrees to rounding only, so it is given
      const space = { width: 4, values: Float32Array.from({ length: 4 * 120 }, (_, i) => Math.sin(i * i)) };
      const withSpace = <P extends AlignedPair>(of: P): P => ({ ...of, query: { ...of.query, space } });
      const expected = await arraysAfter(withSpace(pair), small(12));
      const found = await interrupted(withSpace(stored), small(12), 8);
      expect(found.arrays).toEqual(expected);
    });

    test('on rows that cannot be read any more ends with the reason', async () => {
      const { pair } = simulatedPair(3);
      const input = storedRows(pair.query.input, 50);
      let left = 4;
      const broken: StoredRows = {
        ...input,
        take: (which) => (left-- > 0 ? input.take(which) : Promise.reject(new Error('the disk is gone'))),
      };
      const run = method.train({ ...pair, query: { ...pair.query, input: broken } }, small(20), recorder());
      await expect(run).rejects.toThrow('the disk is gone');
    });

    test('refuses a checkpoint of another seed, of other settings or of another method, naming both', async () => {
      const { pair } = simulatedPair(3);
      const kept: NamedArrays[] = [];
      await method.train(pair, small(5), recorder(7, { checkpoints: keeping(5, kept) }));
      const resumed = (seed: number, settings: unknown): Promise<unknown> =>
        method.train(pair, settings, recorder(seed, { checkpoints: keeping(5, kept) }));
      await expect(resumed(8, small(5))).rejects.toThrow('its seed is 7, here it is 8');
      await expect(resumed(7, small(6))).rejects.toThrow('its settings is');
      kept.push({ kind: 'cellpredx-checkpoint-1', description: {}, arrays: {} });
      await expect(resumed(7, small(5))).rejects.toThrow(`here it is ${method.id}-checkpoint-1`);
    });

    test('stops within a step of a cancel that arrives by a timer, and does not begin when cancelled already', async () => {
      const controller = new AbortController();
      const context = recorder(7, { signal: controller.signal });
      setTimeout(() => controller.abort(), 30);
      await expect(method.train(simulatedPair(3).pair, small(20_000), context)).rejects.toThrow(Cancelled);
      const atCancel = context.seen.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(context.seen).toHaveLength(atCancel);

      const never = recorder(7, { signal: AbortSignal.abort() });
      await expect(method.train(simulatedPair(3).pair, small(5), never)).rejects.toThrow(Cancelled);
      expect(never.seen).toEqual([]);
    });

    test('keeps the number of tensors level over 12 steps', async () => {
      const counts: number[] = [];
      await method.train(simulatedPair(3).pair, small(12), {
        seed: 7,
        geneSets,
        report: () => void counts.push(tf.memory().numTensors),
      });
      expect(new Set(counts).size).toBe(1);
    });

    describe('unusual data', () => {
      const finish = async (pair: AlignedPair, changes: object = {}, steps = 6): Promise<Float32Array> => {
        const context = recorder();
        const model = await method.train(pair, small(steps, changes), context);
        const { probabilities } = await model.apply(pair.query);
        expect(probabilities.every(Number.isFinite)).toBe(true);
        expect(context.seen).toHaveLength(steps);
        return probabilities;
      };

      test('a reference with one label gives every cell that label with certainty', async () => {
        const probabilities = await finish(simulatedPair(5, { labels: 1 }).pair);
        expect(new Set(probabilities)).toEqual(new Set([1]));
      });

      test('two labels train, and one of a single cell', async () => {
        await finish(simulatedPair(5, { labels: 2 }).pair);
        const { pair } = simulatedPair(5);
        const label = pair.reference.label.map((_, cell) => (cell === 0 ? 3 : cell % 3));
        await finish({ ...pair, reference: { ...pair.reference, label } });
      });

      test('fewer cells than a batch train with as many as there are', async () => {
        await finish(simulatedPair(5, { reference: 9, query: 7, neighbours: 2 }).pair, { batchSize: 256 });
        await finish(simulatedPair(5, { reference: 2, query: 40, labels: 2 }).pair, { batchSize: 256 });
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

      test('a query of equal cells stays finite, and a single step trains', async () => {
        const { pair } = simulatedPair(5);
        const input = takeRows(pair.query.input, new Int32Array(pair.query.input.rows));
        await finish({ ...pair, query: { ...pair.query, input, counts: input } });
        await finish(pair, {}, 1);
      });

      test('input with a shift per feature trains', async () => {
        const { pair } = simulatedPair(5);
        const shift = Float32Array.from({ length: 200 }, (_, j) => -0.1 - (j % 7) / 20);
        await finish({ ...pair, reference: { ...pair.reference, shift }, query: { ...pair.query, shift } });
      });

      test('a query of one cell is refused with its number of cells', async () => {
        const { pair } = simulatedPair(5);
        const input = takeRows(pair.query.input, [0]);
        const run = method.train({ ...pair, query: { ...pair.query, input } }, small(5), recorder());
        await expect(run).rejects.toThrow('The query has 1 cell; training needs at least 2.');
      });
    });
  },
);
