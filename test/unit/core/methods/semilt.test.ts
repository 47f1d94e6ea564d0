import { describe, expect, test } from 'vitest';
import { resolveSettings } from '#core/methods/list';
import { semiLT } from '#core/methods/semilt/index';
import { type SemiLTSettings, semiLTSettings } from '#core/methods/semilt/settings';
import type { TrainProgress } from '#core/train/method';
import { transferLabels } from '#core/transfer/transfer-labels';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const small = (changes: Partial<SemiLTSettings> = {}): SemiLTSettings =>
  semiLTSettings.parse({ embeddingWidth: 16, batchSize: 64, epochs: 1, leastSteps: 5, learningRate: 0.02, ...changes });

const silent = { seed: 7, report: () => undefined };

async function progressOf(settings: SemiLTSettings): Promise<TrainProgress[]> {
  const seen: TrainProgress[] = [];
  await semiLT.train(simulatedPair(3).pair, settings, { seed: 7, report: (progress) => void seen.push(progress) });
  return seen;
}

describe('the number of steps', () => {
  test('is the passes over the query, and the least number where those are fewer', async () => {
    // 120 query cells in batches of 40: three steps a pass
    expect(await progressOf(small({ batchSize: 40, epochs: 4, leastSteps: 5 }))).toHaveLength(12);
    expect(await progressOf(small({ batchSize: 40, epochs: 1, leastSteps: 5 }))).toHaveLength(5);
    expect(await progressOf(small({ batchSize: 256, epochs: 3, leastSteps: 1 }))).toHaveLength(3);
  });
});

describe('switches', () => {
  test.each([
    ['separationWeight', 'querySeparation'],
    ['l1Weight', 'l1'],
  ] as const)('%s = 0 leaves the term %s out', async (setting, term) => {
    const seen = await progressOf(small({ [setting]: 0 }));
    for (const { terms } of seen) expect(terms).not.toHaveProperty(term);
  });

  test('without anchors of either kind the term is left out', async () => {
    const seen = await progressOf(small({ highAnchorWeight: 0, lowAnchorWeight: 0 }));
    for (const { terms } of seen) expect(terms).not.toHaveProperty('anchors');
  });

  test('strengths as in the released code leave separation out for four labels', async () => {
    const released = await progressOf(small({ bounded: false }));
    for (const { terms } of released) expect(terms).not.toHaveProperty('querySeparation');
    const bounded = await progressOf(small());
    expect(bounded.some(({ terms }) => 'querySeparation' in terms)).toBe(true);
  });

  test('a lower cosine makes more neighbours and with them more anchors of neighbours', async () => {
    const mean = (seen: TrainProgress[]): number =>
      seen.reduce((sum, { measures }) => sum + measures!['lowAnchors']!, 0) / seen.length;
    const few = await progressOf(small({ neighbourCosine: 1, leastSteps: 20 }));
    const many = await progressOf(small({ neighbourCosine: -1, leastSteps: 20 }));
    expect(mean(few)).toBe(0);
    expect(mean(many)).toBeGreaterThan(0.02);
  });
});

test('numbers that run away end training with the step and the advice to lower the learning rate', async () => {
  const { pair } = simulatedPair(3, { reference: 24, query: 24, features: 30 });
  const input = { ...pair.query.input, values: pair.query.input.values.map(() => 1e30) };
  const far = { ...pair, query: { ...pair.query, input } };
  const run = semiLT.train(far, small({ learningRate: 1, leastSteps: 400 }), silent);
  await expect(run).rejects.toMatchObject({ code: 'training.diverged' });
});

describe('what a model says', () => {
  test('are confidences that fit the reference where asked, else scores over their sum; labels are the same', async () => {
    const { pair } = simulatedPair(3);
    const fitted = await semiLT.train(pair, small({ leastSteps: 40 }), silent);
    const plain = await semiLT.train(pair, small({ leastSteps: 40, calibration: false }), silent);
    const [a, b] = [await transferLabels(fitted, pair), await transferLabels(plain, pair)];
    expect(a.query.predicted).toEqual(b.query.predicted);
    const mean = (values: Float32Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(mean(a.query.confidence)).toBeGreaterThan(mean(b.query.confidence));
    const { scores, probabilities } = await plain.apply(pair.query);
    for (let cell = 0; cell < 120; cell++) {
      const row = scores!.subarray(cell * 4, cell * 4 + 4);
      const sum = row.reduce((total, score) => total + score, 0);
      row.forEach((score, k) => {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(probabilities[cell * 4 + k]).toBeCloseTo(score / sum, 5);
      });
    }
  });

  test('depends on the share of label centres only through the scores', async () => {
    const { pair } = simulatedPair(3);
    const neighboursOnly = await semiLT.train(pair, small({ centroidShare: 0, calibration: false }), silent);
    const { scores } = await neighboursOnly.apply(pair.query);
    expect(scores!.every((score) => Math.abs(score * 10 - Math.round(score * 10)) < 1e-4)).toBe(true);
  });

  test('is compared with at most as many reference cells as set', async () => {
    const { pair } = simulatedPair(3);
    const model = await semiLT.train(pair, small({ referenceCells: 100 }), silent);
    const { arrays } = model.save();
    expect(arrays['referenceLabel']!.values).toHaveLength(100);
    expect(arrays['referenceEmbedding']!.shape).toEqual([100, 16]);
  });
});

test('the untrained space of the preparation is used where it was kept', async () => {
  const { pair } = simulatedPair(3);
  const values = Float32Array.from({ length: 240 }, (_, i) => Math.cos(i * i));
  const given = { ...pair, query: { ...pair.query, space: { width: 2, values } } };
  const [own, other] = [await semiLT.train(pair, small(), silent), await semiLT.train(given, small(), silent)];
  expect(other.save().arrays['encoder']).not.toEqual(own.save().arrays['encoder']);
});

test('presets keep to the text and to the released code', () => {
  expect(resolveSettings(semiLT, 'rna-atac', 'reproduce', {})).toMatchObject({
    bounded: false,
    replacement: true,
    leastSteps: 1,
    classification: 'code',
    anchorCosine: 0.5,
    rareBonus: 1.25,
    l1Weight: 0.1,
  });
  expect(resolveSettings(semiLT, 'rna-atac', 'paper', {})).toMatchObject({
    countedLabels: 'reference',
    covarianceDivisor: 'paper',
    classification: 'paper',
    anchorCosine: -1,
    rareBonus: 1,
    l1Weight: 0,
  });
});
