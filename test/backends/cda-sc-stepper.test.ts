import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { initialArrays } from '#core/methods/cda-sc/network';
import { type CdaScSettings, cdaScSettings } from '#core/methods/cda-sc/settings';
import { type MakeStepper, stateGroups, type StepFound, tensorStepper } from '#core/methods/cda-sc/stepper';
import type { StepBatch } from '#core/methods/cda-sc/training-step';
import { csrBatch } from '#core/train/csr-batch';
import type { NetworkArrays } from '#core/train/network-arrays';
import { wasmCdaScStepper } from '#engine/wasm/layers/cda-sc-stepper';
import { kernelPools } from '#test/support/kernel-pools';
import { randomMatrix } from '#test/support/random-matrix';

const STEPS = 3;

interface Case {
  /** Cells drawn from source and target. */
  readonly cells: readonly [number, number];
  readonly features: number;
  readonly labels: number;
  readonly settings?: Record<string, unknown>;
  /** Which sides have a shift. */
  readonly shifted?: readonly boolean[];
}

const narrow = { hiddenWidth: 40, middleWidth: 24, embeddingWidth: 16, discriminatorWidth: 12 };
const cases: Record<string, Case> = {
  'the widths of the paper': { cells: [33, 29], features: 300, labels: 7 },
  'narrow layers': { cells: [20, 24], features: 131, labels: 4, settings: narrow },
  'odd widths': {
    cells: [19, 17],
    features: 70,
    labels: 3,
    settings: { hiddenWidth: 37, middleWidth: 13, embeddingWidth: 7, discriminatorWidth: 5 },
  },
  'two layers': { cells: [16, 16], features: 90, labels: 3, settings: { ...narrow, encoder: 'two-layer' } },
  'features with a shift': {
    cells: [18, 21],
    features: 120,
    labels: 5,
    settings: { ...narrow, transform: 'lognorm-scaled' },
    shifted: [true, true],
  },
  'a shift on one side': { cells: [18, 12], features: 120, labels: 5, settings: narrow, shifted: [false, true] },
  'no adversary and no contrastive term': {
    cells: [12, 12],
    features: 60,
    labels: 3,
    settings: { ...narrow, adversarialStrength: 0, contrastiveWeight: 0 },
  },
  'decay and a high rate': {
    cells: [24, 24],
    features: 60,
    labels: 3,
    settings: { ...narrow, weightDecay: 0.1, learningRate: 0.003 },
  },
  'two cells and one label': { cells: [2, 2], features: 8, labels: 1, settings: narrow },
};

const pools = kernelPools();

describe.each(Object.entries(cases))('with %s', (_name, given) => {
  const settings = cdaScSettings.parse({ pseudoLabelConfidence: 0.2, ...given.settings });

  test('steps with the encoder by the kernels equal steps made of tensor operations', async () => {
    const expected = await trained(tensorStepper, given, settings);
    const found = await trained(wasmCdaScStepper(pools.one), given, settings);
    for (let i = 0; i < STEPS; i++) {
      expect(Object.keys(found.steps[i]!.terms)).toEqual(Object.keys(expected.steps[i]!.terms));
      const terms = Object.values(expected.steps[i]!.terms);
      expectNear(Object.values(found.steps[i]!.terms), terms, `terms of step ${i}`, 5e-4);
      expect(found.steps[i]!.pseudoLabelled, `step ${i}`).toBe(expected.steps[i]!.pseudoLabelled);
    }
    expect(Object.keys(found.state).sort()).toEqual(Object.keys(expected.state).sort());
    for (const [name, { shape, values }] of Object.entries(expected.state)) {
      expect(found.state[name]!.shape).toEqual(shape);
      expectNear(found.state[name]!.values, values, name, 5e-4);
    }
  });

  test('the number of threads changes no bit', async () => {
    const one = await trained(wasmCdaScStepper(pools.one), given, settings);
    expect(await trained(wasmCdaScStepper(pools.three), given, settings)).toEqual(one);
  });
});

test('a stepper that starts from the state of another goes on as that does, bit by bit', async () => {
  const given = cases['a shift on one side']!;
  const settings = cdaScSettings.parse({ pseudoLabelConfidence: 0.2, ...given.settings });
  const make = wasmCdaScStepper(pools.one);
  const [whole, first] = [await trained(make, given, settings), await trained(make, given, settings, 0, 1)];
  const rest = await trained(make, given, settings, 1, STEPS, first.state);
  expect(rest.state).toEqual(whole.state);
  expect(rest.steps).toEqual(whole.steps.slice(1));
});

test('batches of changing sizes do not mix', async () => {
  const given = { ...cases['narrow layers']!, cells: [20, 24] as const };
  const settings = cdaScSettings.parse(narrow);
  const run = async (make: MakeStepper) => {
    const stepper = make(initialArrays(given.features, given.labels, settings, 3), settings);
    for (const [step, n] of [9, 20, 4].entries()) {
      await stepper.step(batchOf({ ...given, cells: [n, n + 1] }, step), phaseOf(step));
    }
    const state = await stepper.state(stateGroups);
    stepper.dispose();
    return state;
  };
  const [expected, found] = [await run(tensorStepper), await run(wasmCdaScStepper(pools.three))];
  for (const [name, { values }] of Object.entries(expected)) expectNear(found[name]!.values, values, name, 5e-4);
});

test('only the groups that are asked for are copied', async () => {
  const settings = cdaScSettings.parse(narrow);
  const start = initialArrays(30, 3, settings, 3);
  const stepper = wasmCdaScStepper(pools.one)(start, settings);
  const network = Object.entries(start).filter(([name]) => /^(parameter|running)\//.test(name));
  expect(await stepper.state(['parameter', 'running'])).toEqual(Object.fromEntries(network));
  expect(await stepper.state(stateGroups)).toEqual(start);
  stepper.dispose();
});

test('a stepper leaves no memory behind', async () => {
  const before = pools.one.memory.used();
  const given = cases['features with a shift']!;
  await trained(wasmCdaScStepper(pools.one), given, cdaScSettings.parse(given.settings));
  expect(pools.one.memory.used()).toBe(before);
});

/** Carries out the steps from … to (to excluded), each with its own cells. */
async function trained(
  make: MakeStepper,
  given: Case,
  settings: CdaScSettings,
  from = 0,
  to = STEPS,
  start: NetworkArrays = initialArrays(given.features, given.labels, settings, 3),
): Promise<{ steps: StepFound[]; state: NetworkArrays }> {
  const stepper = make(start, settings);
  const steps: StepFound[] = [];
  try {
    for (let step = from; step < to; step++) steps.push(await stepper.step(batchOf(given, step), phaseOf(step)));
    return { steps, state: await stepper.state(stateGroups) };
  } finally {
    stepper.dispose();
  }
}

/** Target cells take part in the contrastive term from the second step on. */
function phaseOf(step: number): { step: number; reversal: number; pseudoLabels: boolean } {
  return { step, reversal: 0.3 * (step + 1), pseudoLabels: step > 0 };
}

function batchOf({ cells, features, labels, shifted }: Case, step: number): StepBatch {
  const random = new Random(7 + step);
  const shifts = new Random(3);
  const parts = cells.map((n, side) => {
    const shift = Float32Array.from({ length: features }, () => 0.2 * shifts.normal());
    const matrix = randomMatrix(random, 2 * n, features);
    return { matrix, rows: random.sample(2 * n, n), ...(shifted?.[side] === true ? { shift } : {}) };
  });
  return {
    cells: csrBatch(parts),
    labels: Int32Array.from({ length: cells[0] }, () => random.below(labels)),
  };
}

/** Differences of rounding only, as a share of the largest number of the array. */
function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, what: string, share: number): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = Array.from(expected).reduce((most, value, i) => Math.max(most, Math.abs(found[i]! - value)), 0);
  expect(found.length, what).toBe(expected.length);
  expect(worst / largest, what).toBeLessThan(share);
}
