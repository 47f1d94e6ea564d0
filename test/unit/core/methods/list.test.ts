import { describe, expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { cellPredX } from '#core/methods/cellpredx/index';
import { describeMethods, methodById, methods, resolveSettings } from '#core/methods/list';

/** The failure a call ends with. */
function failureOf(call: () => unknown): AppError {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the list of methods', () => {
  test('has unique ids, each of which finds its method', () => {
    expect(new Set(methods.map((method) => method.id)).size).toBe(methods.length);
    for (const method of methods) expect(methodById(method.id)).toBe(method);
  });

  test('refuses an unknown id, naming those that exist', () => {
    expect(failureOf(() => methodById('magic')).message).toContain('no method "magic"; the methods are cellpredx');
  });

  test('describes every method as plain JSON', () => {
    const described = describeMethods();
    expect(JSON.parse(JSON.stringify(described))).toEqual(described);
    const [first] = described;
    expect(Object.keys(first!.presets)).toEqual(['recommended', 'paper', 'reproduce']);
    expect(Object.keys(first!.presets['paper']!)).toEqual(first!.scenarios);
  });

  test.each(methods.map((method) => [method.id, method] as const))(
    '%s gives every setting a default, a help text, a title, a group and a source',
    (id, method) => {
      expect(method.settings.safeParse({}).success).toBe(true);
      const { settings } = describeMethods().find((described) => described.id === id)!;
      const properties = settings['properties'] as Record<string, Record<string, unknown>>;
      for (const [name, property] of Object.entries(properties)) {
        expect(property, name).toHaveProperty('default');
        for (const text of ['description', 'title', 'group', 'source']) {
          expect(String(property[text] ?? ''), `${name}.${text}`).not.toBe('');
        }
        expect(typeof property['advanced'], name).toBe('boolean');
      }
    },
  );
});

describe('resolved settings', () => {
  test('are the defaults, over them the preset, over that the overrides', () => {
    const settings = resolveSettings(cellPredX, 'rna-rna', 'recommended', { steps: 50 });
    expect(settings.steps).toBe(50);
    expect(settings.alignmentWeight).toBe(0);
    expect(settings.transform).toBe('lognorm');
    expect(settings.batchSize).toBe(512);
  });

  test('follow the published weights per scenario', () => {
    const weights = cellPredX.scenarios.map((scenario) => {
      const s = resolveSettings(cellPredX, scenario, 'paper', {});
      return [scenario, s.contrastiveWeight, s.alignmentWeight, s.sparseCentreWeight, s.temperature, s.steps];
    });
    expect(weights).toEqual([
      ['rna-rna', 0.1, 0, 0.1, 0.8, 200],
      ['rna-atac', 1.2, 0.05, 0.01, 0.8, 3000],
      ['rna-atac-matched', 0.06, 0.05, 0.01, 0.04, 3000],
      ['atac-atac', 0.1, 0, 0.001, 0.8, 200],
    ]);
    expect(resolveSettings(cellPredX, 'rna-atac-matched', 'recommended', {}).temperature).toBe(0.4);
    expect(resolveSettings(cellPredX, 'rna-atac', 'reproduce', {}).centrePolicy).toBe('fixed');
  });

  test('read numbers, switches and none from text, as a command line gives them', () => {
    const settings = resolveSettings(cellPredX, 'rna-rna', 'recommended', {
      steps: '20',
      learningRate: '1e-3',
      earlyStop: 'true',
      topFeatures: 'null',
      optimiser: 'adam',
    });
    expect(settings).toMatchObject({
      steps: 20,
      learningRate: 0.001,
      earlyStop: true,
      topFeatures: null,
      optimiser: 'adam',
    });
  });

  test.each([
    [{ steps: 0 }, 'steps of CellPredX is 0; allowed is a whole number from 1 to 100000.'],
    [{ steps: 2.5 }, 'steps of CellPredX is 2.5; allowed is a whole number from 1 to 100000.'],
    [{ temperature: 'warm' }, 'temperature of CellPredX is "warm"; allowed is a number from 0.03 to 10.'],
    [{ optimiser: 'lbfgs' }, 'optimiser of CellPredX is "lbfgs"; allowed is one of sgd, adam.'],
    [{ earlyStop: 1 }, 'earlyStop of CellPredX is 1; allowed is true or false.'],
    [
      { topFeatures: 5 },
      'topFeatures of CellPredX is 5; allowed is a whole number from 100 to 1000000, or none (null).',
    ],
  ])('refuse %j with the value and what is allowed', (overrides, message) => {
    const failure = failureOf(() => resolveSettings(cellPredX, 'rna-rna', 'recommended', overrides));
    expect(failure.code).toBe('training.setting-out-of-range');
    expect(failure.message).toContain(message);
  });

  test('refuse an unknown name, listing the known ones', () => {
    const failure = failureOf(() => resolveSettings(cellPredX, 'rna-rna', 'recommended', { stepz: 3 }));
    expect(failure.message).toContain('no setting "stepz"; its settings are transform, topFeatures');
  });

  test('refuse an unknown preset, listing the known ones', () => {
    const failure = failureOf(() => resolveSettings(cellPredX, 'rna-rna', 'best', {}));
    expect(failure.message).toBe('CellPredX has no preset "best"; its presets are recommended, paper, reproduce.');
  });
});

test('CellPredX counts 50 features per cell, in its published presets 100', () => {
  const counted = (preset: string): number | undefined =>
    cellPredX.results!(resolveSettings(cellPredX, 'rna-rna', preset, {})).featuresPerCell;
  expect(counted('recommended')).toBe(50);
  expect(counted('paper')).toBe(100);
  expect(counted('reproduce')).toBe(100);
});
