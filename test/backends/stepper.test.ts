import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { initialArrays, type StateArrays } from '#core/methods/cellpredx/network';
import { type CellPredXSettings, cellPredXSettings } from '#core/methods/cellpredx/settings';
import { type MakeStepper, tensorStepper } from '#core/methods/cellpredx/stepper';
import type { StepBatch } from '#core/methods/cellpredx/training-step';
import { csrBatch } from '#core/train/csr-batch';
import type { StepReport } from '#core/train/train-loop';
import { wasmStepper } from '#engine/wasm/step/wasm-stepper';
import { kernelPools } from '#test/support/kernel-pools';
import { randomMatrix } from '#test/support/random-matrix';

const STEPS = 3;

interface Case {
  readonly n: number;
  readonly features: number;
  readonly labels: number;
  readonly settings: Record<string, unknown>;
  readonly shifted?: boolean;
}

const cases: Record<string, Case> = {
  'the defaults': { n: 33, features: 2100, labels: 7, settings: {} },
  'the paper’s form': {
    n: 24,
    features: 300,
    labels: 4,
    settings: {
      projectionSymmetric: true,
      contrastiveDoubled: false,
      alignmentNegatives: false,
      pseudoLabelQuantile: 0,
      l1Weight: 0,
    },
  },
  'fixed centres': { n: 40, features: 90, labels: 3, settings: { centrePolicy: 'fixed', centreStartStep: 0 } },
  'features with a shift': { n: 17, features: 1100, labels: 5, settings: {}, shifted: true },
  // a small rate: where a gradient is next to 0, Adam makes a whole step of its rounding
  Adam: { n: 20, features: 200, labels: 6, settings: { optimiser: 'adam', learningRate: 0.001 }, shifted: true },
  'odd widths': { n: 19, features: 131, labels: 9, settings: { embeddingWidth: 13, attentionWidth: 7 } },
  'no attention': { n: 21, features: 131, labels: 2, settings: { attentionOn: false } },
  'no contrastive term': { n: 21, features: 131, labels: 2, settings: { contrastiveWeight: 0 } },
  'no classification': { n: 21, features: 131, labels: 3, settings: { classificationWeight: 0 } },
  'classification weighed twice': { n: 21, features: 131, labels: 3, settings: { classificationWeight: 2 } },
  'no alignment': { n: 21, features: 131, labels: 2, settings: { alignmentWeight: 0 } },
  'only classification': {
    n: 12,
    features: 60,
    labels: 3,
    settings: { projectionWeight: 0, contrastiveWeight: 0, alignmentWeight: 0, sparseCentreWeight: 0, l1Weight: 0 },
  },
  'a batch of many groups of rows': { n: 210, features: 700, labels: 5, settings: {}, shifted: true },
  'one label and two cells': { n: 2, features: 8, labels: 1, settings: {} },
};

const pools = kernelPools();

describe.each(Object.entries(cases))('with %s', (_name, given) => {
  const settings = cellPredXSettings.parse({
    contrastiveWeight: 0.5,
    alignmentWeight: 0.4,
    sparseCentreWeight: 0.3,
    centreStartStep: 0,
    steps: 100,
    ...given.settings,
  });

  test('whole steps by the kernels equal steps made of tensor operations', async () => {
    const expected = await trained(tensorStepper, given, settings);
    const found = await trained(wasmStepper(pools.one), given, settings);
    for (let i = 0; i < STEPS; i++) {
      expect(Object.keys(found.reports[i]!.terms)).toEqual(Object.keys(expected.reports[i]!.terms));
      const terms = ({ terms, measures }: StepReport): number[] => [
        ...Object.values(terms),
        measures!['meanAttention']!,
      ];
      expectNear(terms(found.reports[i]!), terms(expected.reports[i]!), `step ${i}`);
    }
    expect(Object.keys(found.state).sort()).toEqual(Object.keys(expected.state).sort());
    for (const [name, { shape, values }] of Object.entries(expected.state)) {
      expect(found.state[name]!.shape).toEqual(shape);
      expectNear(found.state[name]!.values, values, name);
    }
  });

  test('the number of threads changes no bit', async () => {
    const one = await trained(wasmStepper(pools.one), given, settings);
    const three = await trained(wasmStepper(pools.three), given, settings);
    expect(three).toEqual(one);
  });
});

test('a stepper leaves no memory behind', async () => {
  const before = pools.one.memory.used();
  const given = cases['features with a shift']!;
  await trained(wasmStepper(pools.one), given, cellPredXSettings.parse({ steps: 100 }));
  expect(pools.one.memory.used()).toBe(before);
});

async function trained(
  make: MakeStepper,
  { n, features, labels, shifted }: Case,
  settings: CellPredXSettings,
): Promise<{ reports: StepReport[]; state: StateArrays }> {
  const random = new Random(7);
  const sides = [0, 1].map(() => ({
    matrix: randomMatrix(random, 2 * n, features),
    shift: shifted === true ? Float32Array.from({ length: features }, () => 0.2 * random.normal()) : undefined,
  }));
  const stepper = make(initialArrays({ features, labels }, settings, 3), settings);
  const reports: StepReport[] = [];
  try {
    for (let step = 0; step < STEPS; step++) reports.push(await stepper.step(drawn(), step));
    return { reports, state: await stepper.state() };
  } finally {
    stepper.dispose();
  }

  function drawn(): StepBatch {
    const part = (side: number) => ({ ...sides[side]!, rows: random.sample(2 * n, n) });
    // as neighbours are drawn: some are cells of the batch too, some come twice
    const partners = { ...sides[1]!, rows: Int32Array.from({ length: n }, () => random.below(2 * n)) };
    const parts = [part(0), part(1), ...(settings.contrastiveWeight > 0 ? [partners] : [])];
    return {
      cells: csrBatch(parts),
      labels: Int32Array.from({ length: n }, () => random.below(labels)),
      negatives: Int32Array.from({ length: Math.max(1, Math.floor(0.8 * n)) }, () => random.below(n)),
    };
  }
}

/** Differences of rounding only: 5·10⁻⁴ of the largest number of the array. */
function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = Array.from(expected).reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0);
  expect(found.length, what).toBe(expected.length);
  expect(worst / largest, what).toBeLessThan(5e-4);
}
