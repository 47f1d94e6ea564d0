import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { startCpu } from '#engine/start-cpu';
import { startEngine } from '#engine/start-engine';

/** Engines on which every numeric test runs: the one users get, and the plain one it is compared with. */
export const testedEngines = ['wasm', 'cpu'] as const;
export type TestedEngine = (typeof testedEngines)[number];

/** Runs the tests once per engine; a test that leaves tensors behind fails. */
export function onEveryEngine(tests: (engine: TestedEngine) => void): void {
  describe.each(testedEngines)('on %s', (engine) => {
    useEngine(engine);
    tests(engine);
  });
}

/** All tests of the file or block compute on this engine; a test that leaves tensors behind fails. */
export function useEngine(engine: TestedEngine): void {
  beforeAll(() => selectEngine(engine));
  let before = 0;
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  });
}

/** Makes this engine compute from now on. */
export async function selectEngine(engine: TestedEngine): Promise<void> {
  if (engine === 'cpu') return startCpu();
  await startEngine('wasm');
  await tf.setBackend('wasm');
}

/** Runs the work, gives back its numbers and frees every tensor it made. */
export function numbersOf(work: () => tf.Tensor): number[] {
  return tf.tidy(() => Array.from(work().dataSync()));
}
