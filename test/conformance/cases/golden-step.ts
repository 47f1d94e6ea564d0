import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { initialStatistics } from '#core/train/batch-norm';
import { csrBatch } from '#core/train/csr-batch';
import { initialOptimiserState } from '#core/train/optimisers';
import {
  type CellPredXParameters,
  type CellPredXState,
  type StateArrays,
  stateTensors,
} from '#core/methods/cellpredx/network';
import { stepperFor } from '#core/methods/cellpredx/stepper';
import { type CellPredXSettings, cellPredXSettings } from '#core/methods/cellpredx/settings';
import { objective, type StepBatch, trainingStep } from '#core/methods/cellpredx/training-step';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { expectClose, golden, type Nested } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

type Rows = number[][];
type ByName = Record<'W' | 'b' | 'C' | 'c' | 'aW' | 'aB' | 'bnG' | 'bnB' | 'hW' | 'hB', Nested>;

const file = golden<{
  inputs: {
    XA: Rows;
    yA: number[];
    XB: Rows;
    rows_A: number[];
    rows_B: number[];
    rows_B_positive: number[];
    negative_query_rows: number[];
    centres_fixed: Rows;
    parameters: ByName;
    config: Record<'w_pr' | 'w_l1' | 'w_cl' | 'w_fa' | 'w_sc' | 'tau' | 'p' | 'quantile' | 'margin', number>;
    optimiser: { lr: number; momentum: number; weight_decay: number };
  };
  expected: Record<
    'code' | 'paper',
    {
      total: number;
      parts: Record<'ce' | 'l1' | 'pr' | 'cl' | 'fa' | 'sc', number>;
      gradients: ByName;
      after_step_1: ByName;
      after_step_2: ByName;
    }
  >;
}>('cellpredx_step');

/** Our name of each parameter; the file holds weights as (out, in), we hold (in, out). */
const names: Readonly<Record<keyof ByName, { ours: keyof CellPredXParameters & string; turned: boolean }>> = {
  W: { ours: 'encoder', turned: true },
  b: { ours: 'encoderBias', turned: false },
  C: { ours: 'classifier', turned: true },
  c: { ours: 'classifierBias', turned: false },
  aW: { ours: 'attentionUnit', turned: true },
  aB: { ours: 'attentionUnitBias', turned: false },
  bnG: { ours: 'normScale', turned: false },
  bnB: { ours: 'normShift', turned: false },
  hW: { ours: 'attentionHeads', turned: true },
  hB: { ours: 'attentionHeadsBias', turned: false },
};

function turned(rows: Nested): Nested {
  const matrix = rows as Rows;
  return matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));
}

function inOurOrder(values: ByName, name: keyof ByName): Nested {
  return names[name].turned ? turned(values[name]) : values[name];
}

function sparse(dense: Rows): CsrMatrix {
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  for (const row of dense) {
    row.forEach((value, j) => {
      if (value !== 0) {
        indices.push(j);
        values.push(value);
      }
    });
    indptr.push(indices.length);
  }
  return {
    rows: dense.length,
    columns: dense[0]!.length,
    indptr: Float64Array.from(indptr),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

const { inputs } = file;
const { config } = inputs;

const batch: StepBatch = {
  cells: csrBatch([
    { matrix: sparse(inputs.XA), rows: Int32Array.from(inputs.rows_A) },
    { matrix: sparse(inputs.XB), rows: Int32Array.from(inputs.rows_B) },
    { matrix: sparse(inputs.XB), rows: Int32Array.from(inputs.rows_B_positive) },
  ]),
  labels: Int32Array.from(inputs.rows_A, (row) => inputs.yA[row]!),
  negatives: Int32Array.from(inputs.negative_query_rows),
};

function settingsOf(variant: 'code' | 'paper'): CellPredXSettings {
  return cellPredXSettings.parse({
    embeddingWidth: 4,
    attentionWidth: 5,
    projectionWeight: config.w_pr,
    projectionSymmetric: variant === 'paper',
    contrastiveWeight: config.w_cl,
    contrastiveDoubled: variant === 'code',
    temperature: config.tau,
    alignmentWeight: config.w_fa,
    alignmentShare: config.p,
    alignmentNegatives: variant === 'code',
    alignmentMargin: config.margin,
    sparseCentreWeight: config.w_sc,
    centrePolicy: 'fixed',
    centreStartStep: 0,
    pseudoLabelQuantile: config.quantile,
    l1Weight: config.w_l1,
    steps: 1000,
    learningRate: inputs.optimiser.lr,
    momentum: inputs.optimiser.momentum,
    weightDecay: inputs.optimiser.weight_decay,
  } satisfies Partial<CellPredXSettings>);
}

function startState(): CellPredXState {
  const parameters = Object.fromEntries(
    (Object.keys(names) as (keyof ByName)[]).map((name) => [
      names[name].ours,
      tf.tensor(inOurOrder(inputs.parameters, name) as number[]),
    ]),
  ) as CellPredXParameters;
  return {
    parameters,
    optimiser: initialOptimiserState('sgd', parameters),
    centres: tf.tensor2d(inputs.centres_fixed),
    statistics: initialStatistics(5),
  };
}

async function startArrays(engine: TestedEngine): Promise<StateArrays> {
  let shapes: [string, number[]][] = [];
  const values = await computed(engine, () => {
    const tensors = stateTensors(startState());
    shapes = Object.entries(tensors).map(([name, { shape }]) => [name, shape]);
    return Object.values(tensors);
  });
  return Object.fromEntries(shapes.map(([name, shape], i) => [name, { shape, values: values[i]! }]));
}

/** Every term of the objective, every gradient and two whole steps equal the expected values. */
export function goldenStepCases(engine: TestedEngine): void {
  const { golden: tolerance } = tolerances[engine];
  const close = (found: ArrayLike<number>, wanted: Nested, what: string): void =>
    expectClose(found, wanted, what, tolerance);
  const parameters = Object.keys(names) as (keyof ByName)[];

  describe.each(['code', 'paper'] as const)('variant "%s"', (variant) => {
    const { parts, total, gradients, after_step_1, after_step_2 } = file.expected[variant];
    const weighted = {
      classification: parts.ce,
      projection: config.w_pr * parts.pr,
      contrastive: config.w_cl * parts.cl,
      alignment: config.w_fa * parts.fa,
      sparseCentre: config.w_sc * parts.sc,
      l1: parts.l1,
    };

    test('every term, the total and all ten parameter gradients', async () => {
      let order: readonly string[] = [];
      const [terms, ...found] = await computed(engine, () => {
        const result = objective(startState(), batch, settingsOf(variant), 1);
        order = result.names;
        return [result.terms, ...parameters.map((name) => result.gradients[names[name].ours]!)];
      });
      expect(order).toEqual(Object.keys(weighted));
      close(terms!, Object.values(weighted), 'terms');
      close([terms!.reduce((sum, term) => sum + term, 0)], total, 'total');
      parameters.forEach((name, i) => close(found[i]!, inOurOrder(gradients, name), name));
    });

    // An engine without a stepper of its own trains by operations, so that the next test covers them.
    test.runIf(engine === 'wasm')('two steps made of operations', async () => {
      const found = await computed(engine, () => {
        const first = trainingStep(startState(), batch, settingsOf(variant), 1);
        const second = trainingStep(first.state, batch, settingsOf(variant), 2);
        return [first, second].flatMap(({ state }) => parameters.map((name) => state.parameters[names[name].ours]!));
      });
      parameters.forEach((name, i) => {
        close(found[i]!, inOurOrder(after_step_1, name), `${name} after 1`);
        close(found[parameters.length + i]!, inOurOrder(after_step_2, name), `${name} after 2`);
      });
    });

    test('two steps as training on this engine carries them out', async () => {
      const stepper = stepperFor(await startArrays(engine), settingsOf(variant));
      const { terms } = await stepper.step(batch, 1);
      const first = await stepper.state();
      await stepper.step(batch, 2);
      const second = await stepper.state();
      stepper.dispose();
      for (const [name, wanted] of Object.entries(weighted)) close([terms[name]!], wanted, name);
      for (const name of parameters) {
        const key = `parameter/${names[name].ours}`;
        close(first[key]!.values, inOurOrder(after_step_1, name), `${name} after 1`);
        close(second[key]!.values, inOurOrder(after_step_2, name), `${name} after 2`);
      }
    });
  });

  test('a step leaves exactly the tensors of its result behind', async () => {
    await tf.setBackend(engine);
    const state = startState();
    const before = tf.memory().numTensors;
    const { state: next, terms, meanAttention } = trainingStep(state, batch, settingsOf('code'), 1);
    expect(tf.memory().numTensors - before).toBe(Object.keys(stateTensors(next)).length + 2);
    tf.dispose([stateTensors(state), stateTensors(next), terms, meanAttention]);
  });
}
