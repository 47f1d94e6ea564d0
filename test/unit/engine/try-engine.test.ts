import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { EngineDriver } from '#engine/engine-driver';
import { engineDrivers } from '#engine/engine-drivers';
import { type TrialOptions, tryEngine } from '#engine/probe/try-engine';

const driver: EngineDriver = {
  name: 'webgpu',
  title: 'Some card',
  trialSeconds: 20,
  whenTrialFails: 'Take another card.',
  whyNot: () => Promise.resolve(null),
  start: () => Promise.reject(new Error('never called in this process')),
};

/** What happens is told by the number of seconds, see the program. */
const happens = { well: 1, crash: 2, silence: 3, wrong: 4, slow: 5, hindered: 6, failed: 7 } as const;
const program = fileURLToPath(new URL('../../fixtures/side-programs/trials.mjs', import.meta.url));

function trial(what: keyof typeof happens, options: TrialOptions = {}): ReturnType<typeof tryEngine> {
  return tryEngine(driver, { measureSeconds: happens[what], program, ...options });
}

describe('the trial of an engine', () => {
  test('that computes what the reference computes gives its description and its speed', async () => {
    expect(await trial('well')).toEqual({
      name: 'webgpu',
      title: 'stand-in for webgpu',
      canRun: true,
      reason: 'It was tried on this computer and computes what the reference computes.',
      whatToInstall: null,
      stepsPerSecond: 12,
      gigaflops: 3,
    });
  });

  test('that crashes is told with how it ended and its last words', async () => {
    const { reason, ...rest } = await trial('crash');
    expect(rest).toMatchObject({ canRun: false, title: 'Some card', whatToInstall: 'Take another card.' });
    expect(reason).toMatch(/^It ended with (SIGABRT|exit code \d+) while starting \(.+\)\.$/);
  });

  test('that hangs is given up after its time', async () => {
    expect(await trial('silence', { limitSeconds: 0.3 })).toMatchObject({
      canRun: false,
      reason: 'It did not answer within 0.3 seconds while starting.',
      whatToInstall: 'Take another card.',
    });
  });

  test('whose numbers are wrong is refused with the difference, and not measured', async () => {
    expect(await trial('wrong')).toMatchObject({
      canRun: false,
      reason: 'stand-in for webgpu started, but its results differ from the reference by 0.25; allowed is 0.002.',
      whatToInstall: 'Take another card.',
      stepsPerSecond: null,
    });
  });

  test('that is too slow to be measured may run, and comes last', async () => {
    const { canRun, reason, stepsPerSecond } = await trial('slow', { measureLimitSeconds: 0.2 });
    expect({ canRun, stepsPerSecond }).toEqual({ canRun: true, stepsPerSecond: null });
    expect(reason).toContain('0.2 seconds were too few to measure it');
  });

  test('that finds what is missing tells it and what to install', async () => {
    expect(await trial('hindered')).toMatchObject({ canRun: false, reason: 'No card.', whatToInstall: 'A card.' });
  });

  test('that fails while it trains says so, and what helps most often', async () => {
    expect(await trial('failed')).toMatchObject({
      reason: 'It failed while training a few steps: shader refused',
      whatToInstall: 'Take another card.',
    });
  });

  test('ends with Cancelled when the signal is aborted, before and while it goes on', async () => {
    await expect(trial('well', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'Cancelled' });
    await expect(trial('silence', { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'Cancelled' });
  });

  test('of which nothing is known that helps says nothing of it', async () => {
    const helpless = { ...driver, whenTrialFails: null };
    const report = await tryEngine(helpless, { measureSeconds: happens.failed, program });
    expect(report).toMatchObject({ canRun: false, whatToInstall: null });
  });

  test.each(Object.values(engineDrivers))('of $name has its own advice for a failure', ({ whenTrialFails }) => {
    expect(whenTrialFails).toMatch(/^[A-Z].+\.$/);
  });

  test('needs no process where a look tells that it cannot run', async () => {
    const hindrance = { reason: 'No such computer.', whatToInstall: null };
    const hindered = { ...driver, whyNot: () => Promise.resolve(hindrance) };
    const report = await tryEngine(hindered, { program: '/no/such/program' });
    expect(report).toMatchObject({ ...hindrance, canRun: false });
  });

  test('of WebAssembly succeeds: it runs everywhere', async () => {
    const report = await tryEngine(engineDrivers.wasm, { measureSeconds: 0.2 });
    expect(report).toMatchObject({ name: 'wasm', canRun: true, whatToInstall: null });
    expect(report.title).toContain('WebAssembly');
    expect(report.stepsPerSecond).toBeGreaterThan(0);
    expect(report.gigaflops).toBeGreaterThan(0);
  });
});
