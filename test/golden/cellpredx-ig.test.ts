import { expect, test } from 'vitest';
import { gaussLegendre } from '#core/interpret/gauss-legendre';
import {
  featureSlopes,
  integratedGradients,
  logitIntercepts,
  pathIntegral,
} from '#core/interpret/integrated-gradients';
import type { AffineModel } from '#core/train/method';
import { expectClose, golden } from '#test/support/golden';

const { inputs, expected } = golden<{
  inputs: { x: number[]; W: number[][]; b: number[]; C: number[][]; c: number[]; target: number; nodes: number };
  expected: {
    slope_logits: number[];
    intercept_logits: number[];
    gbar: number[];
    attributions_generic: number[];
    attributions_fast: number[];
    sum_attributions: number;
    F_x_minus_F_0: number;
  };
}>('cellpredx_ig');

const flipped = (rows: number[][]): Float32Array =>
  Float32Array.from(rows[0]!.flatMap((_, j) => rows.map((row) => row[j]!)));

const model: AffineModel = {
  width: inputs.b.length,
  encoder: flipped(inputs.W), // the file holds (out, in)
  encoderBias: Float32Array.from(inputs.b),
  classifier: flipped(inputs.C),
  classifierBias: Float32Array.from(inputs.c),
};

test('slopes and intercepts of the logits along the path equal the expected values', () => {
  const slopes = featureSlopes(model);
  const s = inputs.b.slice(0, 3).map((_, k) => inputs.x.reduce((sum, x, j) => sum + x * slopes[j * 3 + k]!, 0));
  expectClose(s, expected.slope_logits);
  expectClose(logitIntercepts(model), expected.intercept_logits);
});

test('the path integral equals the expected one to float64 precision', () => {
  const g = pathIntegral(
    Float64Array.from(expected.slope_logits),
    Float64Array.from(expected.intercept_logits),
    inputs.target,
    gaussLegendre(inputs.nodes),
  );
  expectClose(g, expected.gbar, 'g', 1e-9);
});

test('attributions equal those of the fast and of the generic route and sum to the rise of the probability', () => {
  const indices = inputs.x.flatMap((x, j) => (x === 0 ? [] : [j]));
  const explained = integratedGradients(model)(
    Uint32Array.from(indices),
    Float32Array.from(indices, (j) => inputs.x[j]!),
    inputs.target,
  );
  for (const route of ['attributions_fast', 'attributions_generic'] as const) {
    expectClose(
      explained.attributions,
      indices.map((j) => expected[route][j]!),
      route,
    );
    expect(expected[route].every((value, j) => value === 0 || indices.includes(j))).toBe(true);
  }
  expectClose([explained.probability - explained.baseline], expected.F_x_minus_F_0);
  expect(explained.gap).toBeLessThan(1e-9);
});
