import { expect, test } from 'vitest';
import type { EngineReport } from '#engine/engine-report';
import { bySpeed } from '#engine/engine-report';
import { rememberedReport, rememberReport } from '#engine/probe/remembered-reports';
import { startEngine } from '#engine/start-engine';
import { ALLOW_SOFTWARE } from '#engine/webgpu/software-adapters';
import { engineTable } from '../../../src-main/cli/engines.ts';

const report = (name: EngineReport['name'], stepsPerSecond: number | null, canRun = true): EngineReport => ({
  name,
  title: `${name} engine`,
  canRun,
  reason: canRun ? 'It was tried.' : 'It was not found.',
  whatToInstall: canRun ? null : 'Install it.',
  stepsPerSecond,
  gigaflops: stepsPerSecond === null ? null : 2 * stepsPerSecond,
});

test('engines that can run are ordered by their steps per second; one that could not be measured comes last', () => {
  const all = [report('wasm', null), report('cuda', 900, false), report('webgpu', 40)];
  expect(bySpeed(all).map(({ name }) => name)).toEqual(['webgpu', 'wasm']);
});

test('what a trial found is remembered per engine, in the environment that started processes inherit', () => {
  expect(rememberedReport('cuda')).toBeNull();
  rememberReport(report('cuda', 5));
  rememberReport(report('wasm', 1));
  rememberReport(report('cuda', 7));
  expect(rememberedReport('cuda')).toEqual(report('cuda', 7));
  expect(rememberedReport('wasm')).toEqual(report('wasm', 1));
  expect(JSON.parse(process.env['CELLPREDX_ENGINES_TRIED']!)).toHaveLength(2);
});

test('the table names speed, what to install, and the engine that a run takes', () => {
  const table = engineTable([report('wasm', 21.43), report('webgpu', null, false), report('cuda', 123.4)]);
  expect(table).toContain('✓ wasm engine: 21.4 training steps a second, 42.9 GFLOP/s on non-zeros');
  expect(table).toContain('– webgpu engine\n    It was not found.\n    Install it.');
  expect(table).toContain('A run takes cuda engine.');
});

// On Linux a card can be hidden from WebGPU by a variable.
test.skipIf(process.platform !== 'linux')(
  'where the fastest engine passed its trial and does not start after all, the next one computes, and the reason says so',
  async () => {
    delete process.env[ALLOW_SOFTWARE]; // so that no card, real or pretended, can be meant
    process.env['VK_ICD_FILENAMES'] = '/no/such/card.json';
    rememberReport(report('cuda', null, false));
    rememberReport(report('webgpu', 1e6));
    rememberReport(report('wasm', 10));
    const started = await startEngine('auto');
    expect(started.name).toBe('wasm');
    expect(started.reason).toContain('the fastest here (steps per second: webgpu engine 1.00e+6, wasm engine 10.0)');
    expect(started.reason).toContain('Graphics card by WebGPU did not start: ');
  },
);
