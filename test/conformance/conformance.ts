import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { goldenCdaCases } from './cases/golden-cda.ts';
import { goldenKidaCases } from './cases/golden-kida.ts';
import { goldenLossCases } from './cases/golden-losses.ts';
import { goldenOptimiserCases } from './cases/golden-optimisers.ts';
import { goldenSemiLTCases } from './cases/golden-semilt.ts';
import { goldenStepCases } from './cases/golden-step.ts';
import { kernelCases } from './cases/kernels-beside.ts';
import { methodTrainingCases } from './cases/method-training.ts';
import { operationCases } from './cases/operations.ts';
import { sparseProductCases } from './cases/sparse-products.ts';
import { trainingCases } from './cases/training.ts';
import { absentHere, startTested, type TestedEngine } from './engines.ts';

/**
 * What every engine must do, tested on one of them. Each engine has a test file of its own and with it a process, because a
 * process computes on one engine; the reference runs beside it.
 */
export function conformance(engine: TestedEngine): void {
  const absent = absentHere(engine);
  describe.skipIf(absent !== null)(`${engine}${absent === null ? '' : `: ${absent}`}`, () => {
    beforeAll(() => startTested(engine));
    let before = 0;
    beforeEach(() => {
      before = tf.memory().numTensors;
    });
    afterEach(() => {
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    });
    // the reference is what the others are compared with; test/backends holds it against finite differences
    if (engine !== 'cpu') describe('operations', () => operationCases(engine));
    if (engine !== 'cpu') describe('beside the engine', () => kernelCases());
    describe('sparse products', () => sparseProductCases(engine));
    describe('losses', () => goldenLossCases(engine));
    describe('CDA-SC', () => goldenCdaCases(engine));
    describe('SemiLT', () => goldenSemiLTCases(engine));
    describe('KIDA', () => goldenKidaCases(engine));
    describe('the training step', () => goldenStepCases(engine));
    describe('optimisers', () => goldenOptimiserCases(engine));
    describe('training', () => trainingCases(engine));
    describe('training of other methods', () => methodTrainingCases(engine));
  });
}
