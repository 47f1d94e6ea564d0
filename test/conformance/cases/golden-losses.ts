import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { attention } from '#core/train/attention-unit';
import { contrastive } from '#core/train/losses/contrastive';
import { crossEntropy, oneHotRows } from '#core/train/losses/cross-entropy';
import { alignedCount, chooseAlignment, featureAlignment } from '#core/train/losses/feature-alignment';
import {
  inverseDeviation,
  meanSize,
  offDiagonalCovariance,
  projectionRegularisation,
} from '#core/train/losses/projection-regularisation';
import { centreDirection, sparseCentre } from '#core/train/losses/sparse-centre';
import { choosePseudoLabels } from '#core/train/pseudo-labels';
import { expectClose, golden, type Nested } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

type Rows = number[][];
type Loss = { loss: number; dzA: Rows; dzB: Rows };

/** Every loss equals the expected values, and so do its derivatives with respect to everything it is taken through. */
export function goldenLossCases(engine: TestedEngine): void {
  const { golden: tolerance } = tolerances[engine];
  const close = (found: ArrayLike<number>, wanted: Nested, what?: string): void =>
    expectClose(found, wanted, what, tolerance);

  /** Checks a loss and its derivatives with respect to each input. */
  const expectGradients = async (
    loss: (...inputs: tf.Tensor2D[]) => tf.Scalar,
    inputs: readonly (Rows | number[])[],
    value: number,
    derivatives: readonly (Rows | number[])[],
  ): Promise<void> => {
    const [total, ...grads] = await computed(engine, () => {
      const tensors = inputs.map((rows) => tf.tensor(rows));
      const found = tf.valueAndGrads(loss as (...x: tf.Tensor[]) => tf.Scalar)(tensors);
      return [found.value, ...found.grads];
    });
    close(total!, value, 'value');
    derivatives.forEach((derivative, i) => close(grads[i]!, derivative, `derivative ${i}`));
  };

  test('projection regularisation and its three parts equal the expected values, with and without the reference deviation', async () => {
    const file = golden<{
      inputs: { zA: Rows; zB: Rows };
      parts_A_B: { zero: number[]; offdiag_cov: number[]; inverse_deviation: number[] };
      expected: { reference_code: Loss; symmetric_with_A_deviation: Loss };
    }>('cellpredx_pr');
    const { zA, zB } = file.inputs;
    const parts = { zero: meanSize, offdiag_cov: offDiagonalCovariance, inverse_deviation: inverseDeviation };
    for (const [name, part] of Object.entries(parts)) {
      const found = await computed(engine, () => [zA, zB].map((z) => part(tf.tensor2d(z))));
      close(
        found.map(([value]) => value!),
        file.parts_A_B[name as keyof typeof parts],
        name,
      );
    }
    for (const [variant, symmetric] of [
      ['reference_code', false],
      ['symmetric_with_A_deviation', true],
    ] as const) {
      const { loss, dzA, dzB } = file.expected[variant];
      await expectGradients((a, b) => projectionRegularisation(a!, b!, { symmetric }), [zA, zB], loss, [dzA, dzB]);
    }
  });

  test('cross-entropy equals the expected value and derivative', async () => {
    const { inputs, expected } = golden<{
      inputs: { logits: Rows; y: number[] };
      expected: { loss: number; dlogits: Rows };
    }>('cellpredx_ce');
    await expectGradients((logits) => crossEntropy(logits!, oneHotRows(inputs.y, 3)), [inputs.logits], expected.loss, [
      expected.dlogits,
    ]);
  });

  test.each([0.04, 0.4, 0.8])(
    'the contrastive loss at temperature %f equals the expected value and derivatives',
    async (tau) => {
      const { inputs, expected } = golden<{
        inputs: { zB: Rows; zP: Rows };
        expected: Record<string, { single: number; d_single_dzB: Rows; d_single_dzP: Rows }>;
      }>('cellpredx_infonce');
      const { single, d_single_dzB, d_single_dzP } = expected[`tau_${tau}`]!;
      await expectGradients((a, b) => contrastive(a!, b!, tau), [inputs.zB, inputs.zP], single, [
        d_single_dzB,
        d_single_dzP,
      ]);
    },
  );

  test('feature alignment chooses the expected pairs and equals the expected values, with and without negatives', async () => {
    const file = golden<{
      inputs: { zA: Rows; zB: Rows; p: number; negative_query_rows: number[]; margin: number };
      intermediate: {
        best_cosine_per_query: number[];
        kept_query_rows: number[];
        matched_reference_rows: number[];
      };
      expected: { paper: Loss; code_with_negatives: Loss };
    }>('cellpredx_fa');
    const { zA, zB, p, margin } = file.inputs;
    const [kept, matched, best] = await computed(engine, () => {
      const choice = chooseAlignment(tf.tensor2d(zA), tf.tensor2d(zB), p);
      return [choice.kept, choice.matched, choice.best];
    });
    expect(alignedCount(zB.length, p)).toBe(file.intermediate.kept_query_rows.length);
    expect([...kept!]).toEqual(file.intermediate.kept_query_rows);
    expect([...matched!]).toEqual(file.intermediate.matched_reference_rows);
    close(best!, file.intermediate.best_cosine_per_query);

    for (const [variant, withNegatives] of [
      ['paper', false],
      ['code_with_negatives', true],
    ] as const) {
      const { loss, dzA, dzB } = file.expected[variant];
      const choice = (): { kept: tf.Tensor1D; matched: tf.Tensor1D } => ({
        kept: tf.tensor1d(file.intermediate.kept_query_rows, 'int32'),
        matched: tf.tensor1d(file.intermediate.matched_reference_rows, 'int32'),
      });
      const negatives = (): { rows: tf.Tensor1D; margin: number } | null =>
        withNegatives ? { rows: tf.tensor1d(file.inputs.negative_query_rows, 'int32'), margin } : null;
      await expectGradients((a, b) => featureAlignment(a!, b!, choice(), negatives()), [zA, zB], loss, [dzA, dzB]);
    }
  });

  test('pseudo-labels select the expected rows, and the sparse centre loss equals the expected value and derivatives', async () => {
    const { inputs, intermediate, expected } = golden<{
      inputs: { logitsB: Rows; attention: Rows; centres: Rows; quantile: number };
      intermediate: {
        threshold: number;
        selected_query_rows: number[];
        pseudo_labels: number[];
        z_stacked: Rows;
        labels_stacked: number[];
      };
      expected: {
        loss: number;
        dz_stacked: Rows;
        dattention: Rows;
        dcentres_true_derivative: Rows;
        centre_update_direction_of_center_loss: Rows;
      };
    }>('cellpredx_scl');
    const [labels, takesPart, threshold] = await computed(engine, () => {
      const chosen = choosePseudoLabels(tf.tensor2d(inputs.logitsB), inputs.quantile);
      return [tf.argMax(chosen.labels, 1), chosen.takesPart, chosen.threshold];
    });
    const selected = [...takesPart!].flatMap((takes, row) => (takes === 1 ? [row] : []));
    expect(selected).toEqual(intermediate.selected_query_rows);
    expect(selected.map((row) => labels![row])).toEqual(intermediate.pseudo_labels);
    close(threshold!, intermediate.threshold);

    const cells = (embedding: tf.Tensor2D, weights: tf.Tensor2D): Parameters<typeof sparseCentre>[0] => ({
      embedding,
      attention: weights,
      labels: oneHotRows(intermediate.labels_stacked, 3),
      takesPart: tf.ones([intermediate.labels_stacked.length]),
    });
    await expectGradients(
      (z, a, c) => sparseCentre(cells(z!, a!), c!),
      [intermediate.z_stacked, inputs.attention, inputs.centres],
      expected.loss,
      [expected.dz_stacked, expected.dattention, expected.dcentres_true_derivative],
    );
    const [direction] = await computed(engine, () => [
      centreDirection(
        cells(tf.tensor2d(intermediate.z_stacked), tf.tensor2d(inputs.attention)),
        tf.tensor2d(inputs.centres),
      ),
    ]);
    close(direction!, expected.centre_update_direction_of_center_loss, 'direction');
  });

  test('the attention unit equals the expected weights and derivatives through batch norm', async () => {
    const { inputs, expected } = golden<{
      inputs: Record<'z' | 'probe' | 'aW' | 'hW', Rows> & Record<'aB' | 'bnG' | 'bnB' | 'hB', number[]>;
      expected: { attention: Rows; probe_sum: number } & Record<'dz' | 'daW' | 'dhW', Rows> &
        Record<'daB' | 'dbnG' | 'dbnB' | 'dhB', number[]>;
    }>('cellpredx_attention');
    const unit = (x: readonly tf.Tensor[]): tf.Tensor2D => {
      const [z, aW, aB, bnG, bnB, hW, hB] = x as [
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor2D,
        tf.Tensor1D,
      ];
      return attention(z, {
        attentionUnit: tf.transpose(aW), // the file holds (out, in)
        attentionUnitBias: aB,
        normScale: bnG,
        normShift: bnB,
        attentionHeads: tf.transpose(hW),
        attentionHeadsBias: hB,
      });
    };
    const all = [inputs.z, inputs.aW, inputs.aB, inputs.bnG, inputs.bnB, inputs.hW, inputs.hB];
    const [weights] = await computed(engine, () => [unit(all.map((x) => tf.tensor(x)))]);
    close(weights!, expected.attention);
    await expectGradients((...x) => tf.sum(tf.mul(unit(x), inputs.probe)), all, expected.probe_sum, [
      expected.dz,
      expected.daW,
      expected.daB,
      expected.dbnG,
      expected.dbnB,
      expected.dhW,
      expected.dhB,
    ]);
  });
}
