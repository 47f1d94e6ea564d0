import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, test } from 'vitest';
import type { EngineReport } from '#engine/engine-report';
import { listEngines } from '#engine/list-engines';
import { rememberReport } from '#engine/probe/remembered-reports';
import { startEngine } from '#engine/start-engine';

const cannot = (name: 'webgpu' | 'cuda', reason: string, whatToInstall: string | null): EngineReport => ({
  name,
  title: name === 'cuda' ? 'NVIDIA graphics card by CUDA' : 'Graphics card by WebGPU',
  canRun: false,
  reason,
  whatToInstall,
  stepsPerSecond: null,
  gigaflops: null,
});

// What trials found is remembered, so that these tests do not depend on the cards of this computer.
beforeEach(() => {
  rememberReport(cannot('cuda', 'The driver is asleep.', null));
  rememberReport(cannot('webgpu', 'The card is in a drawer.', 'Put it in.'));
});

test('an engine that failed its trial is refused with the reason, what to install, and what can run instead', async () => {
  await expect(startEngine('webgpu')).rejects.toMatchObject({
    code: 'training.engine-not-here',
    message: 'The engine webgpu cannot compute here: The card is in a drawer. Put it in. wasm can.',
  });
  await expect(startEngine('cuda')).rejects.toMatchObject({
    message: 'The engine cuda cannot compute here: The driver is asleep. wasm can.',
  });
});

test('auto takes WebAssembly where no card can compute, leaves the fault handlers of the process alone, and says why', async () => {
  const handlers = (): number =>
    process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
  const before = handlers();
  const auto = await startEngine('auto');
  expect(handlers()).toBe(before);
  expect(tf.getBackend()).toBe('wasm');
  expect(auto.name).toBe('wasm');
  expect(auto.reason).toContain('Graphics card by WebGPU: The card is in a drawer.');
  expect(auto.reason).toContain('NVIDIA graphics card by CUDA: The driver is asleep.');
});

test('one engine computes per process: asking again gives it, asking for another is a fault', async () => {
  const [auto, named] = await Promise.all([startEngine('auto'), startEngine('wasm')]);
  expect(named).toMatchObject({ name: auto.name, description: auto.description, reason: 'Chosen by name.' });
  await expect(startEngine('webgpu')).rejects.toThrow('wasm computes in this process already');
});

test('the list names every engine, tries those that nobody tried, and only what runs has a speed', async () => {
  const engines = await listEngines({ measureSeconds: 0.2 });
  expect(engines.map(({ name }) => name)).toEqual(['wasm', 'webgpu', 'cuda']);
  expect(engines.map(({ canRun }) => canRun)).toEqual([true, false, false]);
  expect(engines.map(({ stepsPerSecond }) => stepsPerSecond !== null)).toEqual([true, false, false]);
  expect(engines.map(({ gigaflops }) => gigaflops !== null)).toEqual([true, false, false]);
  expect(engines[1]!.reason).toBe('The card is in a drawer.');
});
