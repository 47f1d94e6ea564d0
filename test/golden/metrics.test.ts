import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { agreement, evaluateLabels } from '#core/assess/evaluate-labels';
import { labelScores } from '#core/assess/label-scores';
import { auroc, averagePrecision, oscr, oscrReference } from '#core/assess/novelty';
import { partitionAgreement } from '#core/assess/partition-agreement';
import { rareLabelScores } from '#core/assess/rare-labels';
import { silhouettes } from '#core/assess/silhouettes';

const golden = JSON.parse(readFileSync(new URL('./metrics.json', import.meta.url), 'utf8')) as {
  tolerance: { float64: number; float32: number };
  inputs: {
    true: number[];
    pred: number[];
    confidence_known: number[];
    confidence_unknown: number[];
    embedding: number[][];
    modality: number[];
  };
  expected: Record<string, number> & {
    per_class_p_r_f1_support: [number, number, number, number, number][];
    rare_f1: Record<string, { types: number[]; mean_f1: number | null }>;
  };
};
const { inputs, expected, tolerance } = golden;
const truth = inputs.true.map(String);
const predicted = inputs.pred.map(String);

function expectClose(actual: number | null | undefined, wanted: number, within = tolerance.float64): void {
  expect(actual).not.toBeNull();
  expect(Math.abs(actual! - wanted) / Math.max(1, Math.abs(wanted))).toBeLessThanOrEqual(within);
}

describe('metrics equal the float64 values of the golden file', () => {
  test('accuracy and macro and weighted precision, recall and F1', () => {
    const scores = agreement(truth, predicted);
    expectClose(scores.accuracy, expected.acc!);
    expectClose(scores.macroF1, expected.macro_f1!);
    expectClose(scores.weightedPrecision, expected.weighted_precision!);
    expectClose(scores.weightedRecall, expected.weighted_recall!);
    expectClose(scores.weightedF1, expected.weighted_f1!);
  });

  test('precision, recall, F1 and support of every label', () => {
    const scores = labelScores(truth, predicted);
    expect(scores.map(({ label }) => label)).toEqual(expected.per_class_p_r_f1_support.map(([label]) => String(label)));
    expected.per_class_p_r_f1_support.forEach(([, precision, recall, f1, support], place) => {
      expectClose(scores[place]!.precision, precision);
      expectClose(scores[place]!.recall, recall);
      expectClose(scores[place]!.f1, f1);
      expect(scores[place]!.support).toBe(support);
    });
  });

  test('ARI, mutual information and its expectation, entropies, NMI and AMI', () => {
    const scores = partitionAgreement(truth, predicted)!;
    expectClose(scores.ari, expected.ari!);
    expectClose(scores.mutualInformation, expected.mi!);
    expectClose(scores.expectedMutualInformation, expected.emi!);
    expectClose(scores.entropyFirst, expected.h_true!);
    expectClose(scores.entropySecond, expected.h_pred!);
    expectClose(scores.nmiArithmetic, expected.nmi_arithmetic!);
    expectClose(scores.nmiGeometric, expected.nmi_geometric!);
    expectClose(scores.amiMax, expected.ami_max!);
    expectClose(scores.amiArithmetic, expected.ami_arithmetic!);
  });

  test('AUROC, AUPR and both counts of OSCR', () => {
    const score = [...inputs.confidence_known, ...inputs.confidence_unknown].map((confidence) => 1 - confidence);
    const novel = score.map((_, cell) => cell >= inputs.confidence_known.length);
    const openSet = {
      sharedConfidence: inputs.confidence_known,
      sharedRight: truth.map((label, cell) => label === predicted[cell]),
      novelConfidence: inputs.confidence_unknown,
    };
    expectClose(auroc(score, novel), expected.auroc!);
    expectClose(averagePrecision(score, novel), expected.aupr!);
    expectClose(oscr(openSet), expected.oscr_clean!);
    expectClose(oscrReference(openSet), expected.oscr_reference!);
  });

  test('silhouettes of labels and of studies', () => {
    // The embedding is float32 here, so its float32 tolerance holds.
    const [byLabel, byStudy] = silhouettes(Float32Array.from(inputs.embedding.flat()), 3, [
      inputs.true,
      inputs.modality,
    ]);
    expectClose(byLabel, expected.silhouette_cell_type!, tolerance.float32);
    expectClose(byStudy, expected.silhouette_modality!, tolerance.float32);
  });

  test('F1 of labels rarer than 10, 5, 3 and 1 %', () => {
    const scores = rareLabelScores(labelScores(truth, predicted), truth.length);
    expect(scores).toHaveLength(4);
    for (const { below, labels, meanF1 } of scores) {
      const wanted = expected.rare_f1[String(below)]!;
      expect(labels).toEqual(wanted.types.map(String));
      if (wanted.mean_f1 === null) expect(meanF1).toBeNull();
      else expectClose(meanF1, wanted.mean_f1);
    }
  });

  test('all of them again through evaluateLabels, with the novel cells in the same list', () => {
    const novelCells = inputs.confidence_unknown.map(() => 'novel');
    const scores = evaluateLabels([...predicted, ...novelCells.map(() => '0')], [...truth, ...novelCells], {
      referenceLabels: ['0', '1', '2', '3', '4', '5'],
      confidence: [...inputs.confidence_known, ...inputs.confidence_unknown],
    });
    expectClose(scores.closed.accuracy, expected.acc!);
    expectClose(scores.closed.macroF1, expected.macro_f1!);
    expectClose(scores.closed.ari, expected.ari!);
    expectClose(scores.novelty?.auroc, expected.auroc!);
    expectClose(scores.novelty?.aupr, expected.aupr!);
    expectClose(scores.novelty?.oscr, expected.oscr_clean!);
    expectClose(scores.novelty?.oscrReference, expected.oscr_reference!);
    expectClose(scores.overallAccuracy, (expected.acc! * 120) / 150);
    expect(scores.novelLabels).toEqual(['novel']);
  });
});
