import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { headTerms, type HeadParameters } from '#core/methods/cda-sc/training-step';
import { reversalStrength } from '#core/train/gradient-reversal';
import { binaryCrossEntropy } from '#core/train/losses/binary-cross-entropy';
import { oneHotRows } from '#core/train/losses/cross-entropy';
import { supervisedContrastive } from '#core/train/losses/supervised-contrastive';
import { linear } from '#core/train/mat-mul-fast';
import { expectClose, golden, type Nested } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

type Rows = number[][];

const { inputs, expected } = golden<{
  inputs: Record<'z' | 'Cw' | 'D1' | 'D2', Rows> &
    Record<'domain' | 'labels' | 'source_rows' | 'contrast_rows' | 'Cb' | 'd1' | 'd2', number[]> &
    Record<'grl_lambda' | 'beta' | 'tau', number>;
  expected: Record<'ce' | 'domain_bce' | 'supcon_sum' | 'supcon_mean', number> &
    Record<'dCb' | 'dd1' | 'dd2', number[]> &
    Record<
      | 'dz_ce'
      | 'dCw'
      | 'dz_domain_before_reversal'
      | 'dD1'
      | 'dD2'
      | 'dz_supcon_sum'
      | 'dz_supcon_mean'
      | 'encoder_gradient_dz_total_mean_variant'
      | 'encoder_gradient_dz_total_sum_variant',
      Rows
    >;
}>('cda_losses');
const schedule = golden<{ expected: { progress_lambda: [number, number][] } }>('cda_schedule');

const LABELS = 3;
const SOURCES = inputs.source_rows.length;

/** The file holds weights as (out, in), we hold (in, out). */
const turned = (rows: Rows): Rows => rows[0]!.map((_, j) => rows.map((row) => row[j]!));
const parameterNames = [
  'classifier',
  'classifierBias',
  'domainHidden',
  'domainHiddenBias',
  'domainOutput',
  'domainOutputBias',
] as const;
const parameterValues = [turned(inputs.Cw), inputs.Cb, turned(inputs.D1), inputs.d1, turned(inputs.D2), inputs.d2];

const parametersFrom = (tensors: readonly tf.Tensor[]): HeadParameters =>
  Object.fromEntries(parameterNames.map((name, i) => [name, tensors[i]!])) as unknown as HeadParameters;

/** Rows of ones at known labels, zeros at −1. */
const labelRows = (labels: readonly number[]): tf.Tensor2D =>
  tf.mul(
    oneHotRows(
      labels.map((k) => Math.max(k, 0)),
      LABELS,
    ),
    tf.tensor2d(labels.map((k) => [k < 0 ? 0 : 1])),
  );

/** The losses of CDA-SC and what of their derivatives reaches the encoder and the discriminator equal the expected values. */
export function goldenCdaCases(engine: TestedEngine): void {
  const { golden: tolerance } = tolerances[engine];
  const close = (found: ArrayLike<number>, wanted: Nested, what: string): void =>
    expectClose(found, wanted, what, tolerance);

  test.each(['sum', 'mean'] as const)('the supervised contrastive loss, %s over anchors', async (reduction) => {
    const [value, dz] = await computed(engine, () => {
      const loss = (z: tf.Tensor): tf.Scalar =>
        supervisedContrastive(z as tf.Tensor2D, labelRows(inputs.labels), { temperature: inputs.tau, reduction });
      const found = tf.valueAndGrad(loss)(tf.tensor2d(inputs.z));
      return [found.value, found.grad];
    });
    close(value!, expected[`supcon_${reduction}`], 'value');
    close(dz!, expected[`dz_supcon_${reduction}`], 'dz');
  });

  test('the domain loss before reversal', async () => {
    const [value, dz] = await computed(engine, () => {
      const p = parametersFrom(parameterValues.map((values) => tf.tensor(values)));
      const loss = (z: tf.Tensor): tf.Scalar => {
        const hidden = tf.relu(linear(z as tf.Tensor2D, p.domainHidden, p.domainHiddenBias));
        const logits = linear(hidden, p.domainOutput, p.domainOutputBias);
        return binaryCrossEntropy(tf.reshape(logits, [inputs.z.length]), tf.tensor1d(inputs.domain));
      };
      const found = tf.valueAndGrad(loss)(tf.tensor2d(inputs.z));
      return [found.value, found.grad];
    });
    close(value!, expected.domain_bce, 'value');
    close(dz!, expected.dz_domain_before_reversal, 'dz');
  });

  test.each(['mean', 'sum'] as const)(
    'all terms together: the encoder gets λ times the opposite of the domain loss, the discriminator its own (%s)',
    async (reduction) => {
      let names: string[] = [];
      const [values, dz, ...found] = await computed(engine, () => {
        const kept: tf.Tensor[] = [];
        const loss = (...x: tf.Tensor[]): tf.Scalar => {
          const terms = headTerms(
            x[0] as tf.Tensor2D,
            parametersFrom(x.slice(1)),
            labelRows(inputs.labels.slice(0, SOURCES)),
            labelRows(inputs.labels.slice(SOURCES)),
            inputs.grl_lambda,
            {
              adversarialStrength: 1,
              contrastiveWeight: inputs.beta,
              contrastiveReduction: reduction,
              temperature: inputs.tau,
            },
          );
          names = Object.keys(terms);
          kept.push(tf.keep(tf.stack(Object.values(terms))));
          return tf.addN(Object.values(terms));
        };
        const { grads } = tf.valueAndGrads(loss as (...x: tf.Tensor[]) => tf.Scalar)(
          [inputs.z, ...parameterValues].map((rows) => tf.tensor(rows)),
        );
        const terms = tf.clone(kept[0]!);
        tf.dispose(kept);
        return [terms, ...grads];
      });
      expect(names).toEqual(['classification', 'domain', 'contrastive']);
      const contrastive = inputs.beta * expected[`supcon_${reduction}`];
      close(values!, [expected.ce, expected.domain_bce, contrastive], 'terms');
      close(dz!, expected[`encoder_gradient_dz_total_${reduction}_variant`], 'dz');
      const wanted = [
        turned(expected.dCw),
        expected.dCb,
        turned(expected.dD1),
        expected.dd1,
        turned(expected.dD2),
        expected.dd2,
      ];
      wanted.forEach((derivative, i) => close(found[i]!, derivative, parameterNames[i]!));
    },
  );

  test('the strength of the reversal follows the expected schedule', () => {
    for (const [progress, strength] of schedule.expected.progress_lambda) {
      expect(reversalStrength(progress)).toBeCloseTo(strength, 12);
    }
  });
}
