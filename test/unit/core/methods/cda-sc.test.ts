import { describe, expect, test } from 'vitest';
import { cdaSc } from '#core/methods/cda-sc/index';
import { type CdaScSettings, cdaScSettings } from '#core/methods/cda-sc/settings';
import { resolveSettings } from '#core/methods/list';
import type { TrainProgress } from '#core/train/method';
import { simulatedPair } from '#test/support/simulated-pair';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const small = (changes: Partial<CdaScSettings> = {}): CdaScSettings =>
  cdaScSettings.parse({
    hiddenWidth: 32,
    middleWidth: 24,
    embeddingWidth: 16,
    discriminatorWidth: 16,
    batchSize: 48,
    learningRate: 0.002,
    maxSteps: 40,
    ...changes,
  });

async function progressOf(settings: CdaScSettings, pair = simulatedPair(3).pair): Promise<TrainProgress[]> {
  const seen: TrainProgress[] = [];
  await cdaSc.train(pair, settings, { seed: 7, report: (progress) => void seen.push(progress) });
  return seen;
}

test('the reversal grows from 0, and query cells take part with predicted labels only after the warm-up', async () => {
  const seen = await progressOf(small({ pseudoLabelConfidence: 0.3, pseudoLabelWarmUp: 0.5 }));
  const reversal = seen.map(({ measures }) => measures!['reversal']!);
  expect(reversal[0]).toBe(0);
  expect(reversal).toEqual([...reversal].sort((a, b) => a - b));
  expect(reversal.at(-1)).toBeGreaterThan(0.99);
  const labelled = seen.map(({ measures }) => measures!['pseudoLabelled']!);
  expect(labelled.slice(0, 20)).toEqual(new Array(20).fill(0));
  expect(Math.min(...labelled.slice(20))).toBeGreaterThan(0);
  expect(Math.max(...labelled)).toBeLessThanOrEqual(48);
});

test('at most an even share of the batch takes part per label', async () => {
  const seen = await progressOf(small({ pseudoLabelConfidence: 0, pseudoLabelWarmUp: 0, maxSteps: 3 }));
  for (const { measures } of seen) expect(measures!['pseudoLabelled']).toBeLessThanOrEqual(4 * 12);
});

describe('switches', () => {
  test.each([
    ['adversarialStrength', 'domain'],
    ['contrastiveWeight', 'contrastive'],
  ] as const)('%s = 0 leaves the term %s out', async (setting, term) => {
    const seen = await progressOf(small({ maxSteps: 3, [setting]: 0 }));
    expect(seen.at(-1)!.terms).not.toHaveProperty(term);
    expect(Object.keys(seen.at(-1)!.terms)).toHaveLength(3);
  });

  test('without predicted labels no query cell takes part in the contrastive term', async () => {
    const seen = await progressOf(small({ pseudoLabels: false, pseudoLabelConfidence: 0, pseudoLabelWarmUp: 0 }));
    for (const { measures } of seen) expect(measures!['pseudoLabelled']).toBe(0);
  });

  test('two layers and all features make a network of that size', async () => {
    const { pair } = simulatedPair(3);
    const settings = small({ encoder: 'two-layer', variableFeatures: null, maxSteps: 2 });
    const model = await cdaSc.train(pair, settings, { seed: 1, report: () => undefined });
    const { arrays } = model.save();
    expect(arrays['layer0Weights']!.shape).toEqual([200, 32]);
    expect(arrays['layer1Weights']!.shape).toEqual([32, 16]);
    expect(arrays).not.toHaveProperty('layer2Weights');
  });

  test('only the chosen features enter the network, and a model given others changes nothing', async () => {
    const { pair } = simulatedPair(3);
    const settings = small({ variableFeatures: 60, maxSteps: 4 });
    const model = await cdaSc.train(pair, settings, { seed: 1, report: () => undefined });
    const chosen = model.save().arrays['chosen']!.values;
    expect(chosen).toHaveLength(60);
    expect(model.features).toHaveLength(200);
    const used = new Set(chosen);
    const { input } = pair.query;
    const values = input.values.map((value, p) => (used.has(input.indices[p]!) ? value : 50));
    expect(await model.apply({ input: { ...input, values } })).toEqual(await model.apply(pair.query));
  });
});

describe('stopping', () => {
  test('ends training when the held-out cells are not labelled better for as many passes as allowed', async () => {
    const { pair } = simulatedPair(3);
    const model = await cdaSc.train(pair, small({ maxSteps: 100_000, passes: 60, patience: 3 }), {
      seed: 7,
      report: () => undefined,
    });
    const stepsPerPass = 3; // 144 of 160 reference cells in batches of 48
    expect(model.ended).toBe('early-stop');
    expect(model.steps % stepsPerPass).toBe(0);
    // the reversal exceeds 0.9 from 29.4 % of 180 steps on, and three passes without gain follow the first that counts
    expect(model.steps).toBeGreaterThanOrEqual(54 + 3 * stepsPerPass);
    expect(model.steps).toBeLessThan(180);
  });

  test('is watched and told: the macro-F1 of the held-out cells, from the first pass on', async () => {
    const seen = await progressOf(small({ maxSteps: 9 }));
    expect(seen[1]!.measures).not.toHaveProperty('heldOutMacroF1');
    expect(seen[2]!.measures!['heldOutMacroF1']).toBeGreaterThanOrEqual(0);
    expect(seen[8]!.measures!['heldOutMacroF1']).toBeLessThanOrEqual(1);
  });

  test('does not happen without held-out cells or without patience', async () => {
    const changes = { maxSteps: 100_000, passes: 8, learningRate: 0.000001 };
    for (const more of [{ patience: null }, { validationShare: 0, patience: 1 }]) {
      const model = await cdaSc.train(simulatedPair(3).pair, small({ ...changes, ...more }), {
        seed: 7,
        report: () => undefined,
      });
      expect(model.ended).toBe('all-steps');
    }
  });
});

test('peaks train with a warning that names their number; genes without', async () => {
  const { pair } = simulatedPair(3);
  const train = (features: readonly string[]) =>
    cdaSc.train({ ...pair, features }, small({ maxSteps: 1 }), { seed: 1, report: () => undefined });
  const peaks = pair.features.map((_, i) => (i < 150 ? `chr1:${1000 * i}-${1000 * i + 500}` : `gene${i}`));
  const { notes } = await train(peaks);
  expect(notes).toHaveLength(1);
  expect(notes![0]).toMatchObject({ severity: 'warning' });
  expect(notes![0]!.text).toContain('150 of 200 features here are peaks');
  expect((await train(pair.features)).notes).toEqual([]);
});

test('the preset "paper" sums the contrastive term as printed and leaves confidences as they are', () => {
  const settings = resolveSettings(cdaSc, 'rna-rna', 'paper', {});
  expect(settings).toMatchObject({ contrastiveReduction: 'sum', calibration: false, contrastiveWeight: 0.5 });
});
