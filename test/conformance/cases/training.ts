import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { cellPredX } from '#core/methods/cellpredx/index';
import { type CellPredXSettings, cellPredXSettings } from '#core/methods/cellpredx/settings';
import { largestDifference } from '#engine/probe/train-trial';
import { simulatedPair } from '#test/support/simulated-pair';
import { LABEL_AGREEMENT, type TestedEngine, tolerances } from '../engines.ts';

const LABELS = 3;
const { pair, truth } = simulatedPair(3, { features: 60, labels: LABELS, reference: 60, query: 102, neighbours: 4 });

/** Small, because a program that pretends to be a graphics card is slow; every term of the objective takes part. */
const settings = cellPredXSettings.parse({
  steps: 50,
  embeddingWidth: 16,
  attentionWidth: 16,
  batchSize: 12,
  centreStartStep: 5,
  learningRate: 0.05,
} satisfies Partial<CellPredXSettings>);

interface Trained {
  readonly totals: number[];
  readonly probabilities: Float32Array;
  readonly tensorsLeft: number;
}

async function trained(engine: TestedEngine, changed: Partial<CellPredXSettings> = {}): Promise<Trained> {
  await tf.setBackend(engine);
  const before = tf.memory().numTensors;
  const totals: number[] = [];
  const model = await cellPredX.train(
    pair,
    { ...settings, ...changed },
    { seed: 5, report: ({ terms }) => totals.push(terms['total']!) },
  );
  const { probabilities } = await model.apply(pair.query);
  model.dispose();
  return { totals, probabilities, tensorsLeft: tf.memory().numTensors - before };
}

function labelsOf(probabilities: Float32Array): number[] {
  return Array.from({ length: probabilities.length / LABELS }, (_, cell) => {
    const row = probabilities.subarray(cell * LABELS, (cell + 1) * LABELS);
    return row.indexOf(Math.max(...row));
  });
}

function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).filter((label, cell) => label === b[cell]).length / a.length;
}

/** A software graphics card beside other tests takes its time. */
const PATIENCE = 300_000;

/** Training as users have it: the whole loop, on a simulated pair. */
export function trainingCases(engine: TestedEngine): void {
  const { training: tolerance } = tolerances[engine];

  test(
    '50 steps lead where the reference comes, with its labels, and leave no tensor behind',
    async () => {
      const expected = await trained('cpu');
      const found = await trained(engine);
      expect(found.totals).toHaveLength(50);
      expect(largestDifference(found.totals, expected.totals)).toBeLessThanOrEqual(tolerance);
      expect(largestDifference(found.probabilities, expected.probabilities)).toBeLessThanOrEqual(tolerance);
      expect(agreement(labelsOf(found.probabilities), labelsOf(expected.probabilities))).toBeGreaterThanOrEqual(
        LABEL_AGREEMENT,
      );
      expect(agreement(labelsOf(found.probabilities), truth)).toBeGreaterThan(0.8); // far above a third: it learns
      expect(found.tensorsLeft).toBe(0);
    },
    PATIENCE,
  );

  test(
    'the same seed gives the same bits',
    async () => {
      const few = { steps: 4, centreStartStep: 0 };
      const [first, second] = [await trained(engine, few), await trained(engine, few)];
      expect(second.totals).toEqual(first.totals);
      expect(second.probabilities).toEqual(first.probabilities);
    },
    PATIENCE,
  );
}
