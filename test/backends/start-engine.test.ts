import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { AppError } from '#core/base/app-error';
import { listEngines } from '#engine/list-engines';
import { startEngine } from '#engine/start-engine';

test('starting the engine for the first time leaves the fault handlers of the process alone', async () => {
  const before = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
  await startEngine('wasm');
  expect(process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')).toBe(before);
});

test('auto and wasm start the WebAssembly engine, once per process, and say why', async () => {
  const [auto, named] = await Promise.all([startEngine('auto'), startEngine('wasm')]);
  expect(tf.getBackend()).toBe('wasm');
  expect(auto.name).toBe('wasm');
  expect(auto.description).toBe(named.description);
  expect(auto.reason).not.toBe(named.reason);
});

test.each(['webgpu', 'cuda'] as const)('%s is refused with a reason and what can run instead', async (engine) => {
  await expect(startEngine(engine)).rejects.toThrow(AppError);
  await expect(startEngine(engine)).rejects.toMatchObject({ code: 'training.engine-not-here' });
});

test('the list names every engine, and only the one that runs has a measured speed', async () => {
  const engines = await listEngines();
  expect(engines.map((engine) => engine.name)).toEqual(['wasm', 'webgpu', 'cuda']);
  for (const engine of engines) {
    expect(engine.canRun).toBe(engine.name === 'wasm');
    expect(engine.gigaflops === null).toBe(!engine.canRun);
    expect(engine.reason).not.toBe('');
  }
  expect(engines[0]!.gigaflops).toBeGreaterThan(0);
});
