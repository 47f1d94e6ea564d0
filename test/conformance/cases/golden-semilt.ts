import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batchNeighbours, chooseAnchors, HIGH, LOW } from '#core/methods/semilt/anchors';
import { batchQuantities } from '#core/methods/semilt/batch-quantities';
import { classificationLoss } from '#core/methods/semilt/classification-loss';
import { unitRows } from '#core/methods/semilt/cosine';
import { type EncodingChoices, encodingTerms } from '#core/methods/semilt/encoding-losses';
import { labelledCells } from '#core/methods/semilt/reference-cells';
import { centroidScores, mixedScores, neighbourScores } from '#core/methods/semilt/scores';
import { semiLTSettings } from '#core/methods/semilt/settings';
import { oneHotRows } from '#core/train/losses/cross-entropy';
import { mostProbable } from '#core/transfer/transfer-labels';
import { expectClose, golden, type Nested } from '#test/support/golden';
import { computed, type TestedEngine, tolerances } from '../engines.ts';

type Rows = number[][];

const LABELS = 7;
const WIDTH = 4;

const encoding = golden<{
  inputs: { z_rna: Rows; z_atac: Rows; labels: number[]; peak: Rows };
  intermediate: {
    types: number[];
    counts: number[];
    rare_fraction: number;
    round_K_over_10: number;
    w1: number;
    peak_k: number;
    neighbours: number[][];
    high_anchors: [number, number, number][];
    low_anchors: [number, number, number][];
  };
  expected: { total: number; terms: Record<string, number>; dz_rna: Rows; dz_atac: Rows };
}>('semilt_encoding');

/** Our name of each term of the file. */
const termNames: Readonly<Record<string, string>> = {
  rna_separation: 'referenceSeparation',
  rna_spread: 'referenceSpread',
  rna_compact: 'referenceCompactness',
  rna_cov: 'referenceCovariance',
  rna_abs: 'referenceSize',
  atac_spread: 'querySpread',
  atac_cov: 'queryCovariance',
  atac_abs: 'querySize',
  atac_neighbour_compact: 'neighbourCompactness',
  anchor_cell: 'anchorCell',
  anchor_cluster: 'anchorCentre',
  atac_separation: 'querySeparation',
  batch_mean: 'batchMean',
  batch_std: 'batchSpread',
};

const flat = (rows: Rows): Float64Array => Float64Array.from(rows.flat());

/** The choices of the file, made by our functions. */
function choices(): EncodingChoices {
  const { inputs } = encoding;
  const quantities = batchQuantities(Int32Array.from(inputs.labels), { labels: null, bounded: false });
  const [reference, query] = [flat(inputs.z_rna), flat(inputs.z_atac)];
  const most = Math.min(...quantities.counts);
  const neighbours = batchNeighbours(flat(inputs.peak), inputs.peak[0]!.length, most, 0.8);
  const anchors = chooseAnchors(reference, query, WIDTH, quantities, neighbours, 0.5);
  return { quantities, anchors, neighbours, reference, query };
}

/** Choices, encoding terms, classification and label transfer of SemiLT equal the expected values. */
export function goldenSemiLTCases(engine: TestedEngine): void {
  const { golden: tolerance } = tolerances[engine];
  const close = (found: ArrayLike<number>, wanted: Nested, what: string): void =>
    expectClose(found, wanted, what, tolerance);

  test('strengths, neighbours and anchors are the expected ones', () => {
    const { intermediate } = encoding;
    const { quantities, neighbours, anchors } = choices();
    expect([...quantities.types]).toEqual(intermediate.types);
    expect([...quantities.counts]).toEqual(intermediate.counts);
    expect(quantities.rareShare).toBeCloseTo(intermediate.rare_fraction, 12);
    expect(quantities.rounded).toBe(intermediate.round_K_over_10);
    expect(quantities.w1).toBeCloseTo(intermediate.w1, 12);
    expect(neighbours.map((near) => [...near])).toEqual(intermediate.neighbours);
    const of = (kind: number): number[][] =>
      [...anchors.kind].flatMap((k, cell) => (k === kind ? [[cell, anchors.partner[cell]!, anchors.type[cell]!]] : []));
    expect(of(HIGH)).toEqual(intermediate.high_anchors);
    expect(of(LOW)).toEqual([...intermediate.low_anchors].sort((a, b) => a[0] - b[0]));
  });

  test('every encoding term, their total and the derivatives of both embeddings', async () => {
    const { inputs, expected } = encoding;
    const settings = semiLTSettings.parse({});
    let names: string[] = [];
    const [values, dReference, dQuery] = await computed(engine, () => {
      const kept: tf.Tensor[] = [];
      const total = (r: tf.Tensor, q: tf.Tensor): tf.Scalar => {
        const terms = encodingTerms(r as tf.Tensor2D, q as tf.Tensor2D, choices(), settings);
        names = Object.keys(terms);
        kept.push(tf.keep(tf.stack(Object.values(terms))));
        return tf.addN(Object.values(terms));
      };
      const { grads } = tf.valueAndGrads(total as (...x: tf.Tensor[]) => tf.Scalar)([
        tf.tensor2d(inputs.z_rna),
        tf.tensor2d(inputs.z_atac),
      ]);
      const terms = tf.clone(kept[0]!);
      tf.dispose(kept);
      return [terms, ...grads];
    });
    expect([...names].sort()).toEqual(Object.values(termNames).sort());
    for (const [name, wanted] of Object.entries(expected.terms)) {
      close([values![names.indexOf(termNames[name]!)]!], wanted, name);
    }
    close([values!.reduce((sum, term) => sum + term, 0)], expected.total, 'total');
    close(dReference!, expected.dz_rna, 'reference');
    close(dQuery!, expected.dz_atac, 'query');
  });

  test.each(['code', 'paper'] as const)('the classification loss as in the %s', async (form) => {
    const file = golden<{
      inputs: { logits: Rows; y: number[] };
      expected: Record<'code' | 'paper', { loss: number; dlogits: Rows }>;
    }>('semilt_classification');
    const [value, derivative] = await computed(engine, () => {
      const loss = (logits: tf.Tensor): tf.Scalar =>
        classificationLoss(logits as tf.Tensor2D, oneHotRows(file.inputs.y, LABELS), form);
      const found = tf.valueAndGrad(loss)(tf.tensor2d(file.inputs.logits));
      return [found.value, found.grad];
    });
    close(value!, file.expected[form].loss, 'value');
    close(derivative!, file.expected[form].dlogits, 'derivative');
  });

  test('neighbour, centroid and mixed scores, and the labels', async () => {
    const { inputs, expected } = golden<{
      inputs: { z_rna: Rows; z_atac: Rows; labels: number[]; knn: number; s1: number; s2: number };
      expected: { knn_score: Rows; distance_score: Rows; score: Rows; predicted: number[] };
    }>('semilt_transfer');
    await tf.setBackend(engine);
    const unit = (rows: Rows): Float32Array => Float32Array.from(unitRows(flat(rows), WIDTH));
    const among = labelledCells(unit(inputs.z_rna), WIDTH, Int32Array.from(inputs.labels), LABELS, 1000);
    const query = unit(inputs.z_atac);
    const near = await neighbourScores(query, among, { k: inputs.knn, labels: LABELS });
    const centroid = centroidScores(query, among);
    const mixed = mixedScores(near, centroid, inputs.s2);
    close(near, expected.knn_score, 'neighbours');
    close(centroid, expected.distance_score, 'centroids');
    close(mixed, expected.score, 'mixed');
    expect([...mostProbable(mixed, LABELS).predicted]).toEqual(expected.predicted);
  });
}
