import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { cdaSc } from '#core/methods/cda-sc/index';
import { cdaScSettings } from '#core/methods/cda-sc/settings';
import { kida } from '#core/methods/kida/index';
import { kidaSettings } from '#core/methods/kida/settings';
import { semiLT } from '#core/methods/semilt/index';
import { semiLTSettings } from '#core/methods/semilt/settings';
import type { Method } from '#core/train/method';
import { largestDifference } from '#engine/probe/train-trial';
import { simulatedPair } from '#test/support/simulated-pair';
import { type TestedEngine, tolerances } from '../engines.ts';

const { pair } = simulatedPair(3, { features: 60, labels: 3, reference: 60, query: 60, neighbours: 4 });

/** Small, because a program that pretends to be a graphics card is slow. */
const tried: readonly (readonly [string, Method, unknown])[] = [
  [
    'CDA-SC',
    cdaSc,
    cdaScSettings.parse({
      hiddenWidth: 16,
      middleWidth: 12,
      embeddingWidth: 8,
      discriminatorWidth: 8,
      batchSize: 16,
      maxSteps: 12,
      learningRate: 0.002,
      pseudoLabelConfidence: 0.4,
      pseudoLabelWarmUp: 0,
    }),
  ],
  [
    'SemiLT',
    semiLT,
    semiLTSettings.parse({
      embeddingWidth: 8,
      batchSize: 24,
      epochs: 1,
      leastSteps: 12,
      learningRate: 0.02,
      neighbourCosine: 0.2,
    }),
  ],
  [
    'KIDA',
    kida,
    kidaSettings.parse({
      mask: 'random',
      tokens: 8,
      width: 8,
      batchSize: 8,
      learningRate: 0.005,
      teacherPasses: 1000,
      maxTeacherSteps: 7,
      studentFrom: 2,
      studentPasses: 1000,
      maxStudentSteps: 5,
    }),
  ],
];

interface Trained {
  readonly totals: number[];
  readonly probabilities: Float32Array;
  readonly tensorsLeft: number;
}

async function trained(engine: TestedEngine, method: Method, settings: unknown): Promise<Trained> {
  await tf.setBackend(engine);
  const before = tf.memory().numTensors;
  const totals: number[] = [];
  const model = await method.train(pair, settings, {
    seed: 5,
    report: ({ terms }) => totals.push(terms['total']!),
  });
  const { probabilities } = await model.apply(pair.query);
  model.dispose();
  return { totals, probabilities, tensorsLeft: tf.memory().numTensors - before };
}

/** A software graphics card beside other tests takes its time. */
const PATIENCE = 300_000;

/** Training of the methods that are made of operations alone, on a simulated pair. */
export function methodTrainingCases(engine: TestedEngine): void {
  const { training: tolerance } = tolerances[engine];

  test.each(tried)(
    '%s: 12 steps lead where the reference comes, twice to the same bits, and leave no tensor behind',
    async (_, method, settings) => {
      const expected = await trained('cpu', method, settings);
      const found = await trained(engine, method, settings);
      expect(found.totals).toHaveLength(12);
      expect(largestDifference(found.totals, expected.totals)).toBeLessThanOrEqual(tolerance);
      expect(largestDifference(found.probabilities, expected.probabilities)).toBeLessThanOrEqual(tolerance);
      expect(found.tensorsLeft).toBe(0);
      expect(await trained(engine, method, settings)).toEqual(found);
    },
    PATIENCE,
  );
}
