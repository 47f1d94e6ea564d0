import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { initialStatistics } from '#core/train/batch-norm';
import { csrBatch } from '#core/train/csr-batch';
import { initialOptimiserState } from '#core/train/optimisers';
import { tidied } from '#core/train/tidied';
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
import { onEveryEngine } from '#test/support/tensor-engines';

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

function arraysOf(state: CellPredXState): StateArrays {
  return Object.fromEntries(
    Object.entries(stateTensors(state)).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) },
    ]),
  );
}

onEveryEngine(() => {
  test.each(['code', 'paper'] as const)(
    'every term, the total and all ten parameter gradients of variant "%s" equal the expected values',
    (variant) => {
      const { parts, total, gradients } = file.expected[variant];
      const weighted = {
        classification: parts.ce,
        projection: config.w_pr * parts.pr,
        contrastive: config.w_cl * parts.cl,
        alignment: config.w_fa * parts.fa,
        sparseCentre: config.w_sc * parts.sc,
        l1: parts.l1,
      };
      const found = tidied(() => {
        const result = objective(startState(), batch, settingsOf(variant), 1);
        return {
          names: result.names,
          terms: Array.from(result.terms.dataSync()),
          gradients: Object.fromEntries(
            Object.entries(result.gradients).map(([name, gradient]) => [name, gradient.dataSync()]),
          ),
        };
      });
      expect(found.names).toEqual(Object.keys(weighted));
      expectClose(found.terms, Object.values(weighted), 'terms');
      expectClose([found.terms.reduce((sum, term) => sum + term, 0)], total, 'total');
      for (const name of Object.keys(names) as (keyof ByName)[]) {
        expectClose(found.gradients[names[name].ours]!, inOurOrder(gradients, name), name);
      }
    },
  );

  test.each(['code', 'paper'] as const)('two whole steps of variant "%s" give the expected parameters', (variant) => {
    const { after_step_1, after_step_2 } = file.expected[variant];
    tf.tidy(() => {
      const first = trainingStep(startState(), batch, settingsOf(variant), 1);
      const second = trainingStep(first.state, batch, settingsOf(variant), 2);
      for (const name of Object.keys(names) as (keyof ByName)[]) {
        const { ours } = names[name];
        expectClose(first.state.parameters[ours]!.dataSync(), inOurOrder(after_step_1, name), `${name} after 1`);
        expectClose(second.state.parameters[ours]!.dataSync(), inOurOrder(after_step_2, name), `${name} after 2`);
      }
    });
  });

  test.each(['code', 'paper'] as const)(
    'two steps of variant "%s", as training carries them out, give the expected terms and parameters',
    async (variant) => {
      const { parts, after_step_1, after_step_2 } = file.expected[variant];
      const start = startState();
      const stepper = stepperFor(arraysOf(start), settingsOf(variant));
      tf.dispose(stateTensors(start));
      const { terms } = await stepper.step(batch, 1);
      const first = await stepper.state();
      await stepper.step(batch, 2);
      const second = await stepper.state();
      stepper.dispose();
      expectClose([terms['classification']!], parts.ce, 'classification');
      expectClose([terms['projection']!], config.w_pr * parts.pr, 'projection');
      expectClose([terms['contrastive']!], config.w_cl * parts.cl, 'contrastive');
      expectClose([terms['alignment']!], config.w_fa * parts.fa, 'alignment');
      expectClose([terms['sparseCentre']!], config.w_sc * parts.sc, 'sparseCentre');
      expectClose([terms['l1']!], parts.l1, 'l1');
      for (const name of Object.keys(names) as (keyof ByName)[]) {
        const key = `parameter/${names[name].ours}`;
        expectClose(first[key]!.values, inOurOrder(after_step_1, name), `${name} after 1`);
        expectClose(second[key]!.values, inOurOrder(after_step_2, name), `${name} after 2`);
      }
    },
  );

  test('a step leaves exactly the tensors of its result behind', () => {
    const state = startState();
    const before = tf.memory().numTensors;
    const { state: next, terms, meanAttention } = trainingStep(state, batch, settingsOf('code'), 1);
    expect(tf.memory().numTensors - before).toBe(Object.keys(stateTensors(next)).length + 2);
    tf.dispose([stateTensors(state), stateTensors(next), terms, meanAttention]);
  });
});
