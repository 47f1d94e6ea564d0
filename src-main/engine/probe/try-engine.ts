import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Cancelled } from '#core/base/cancel';
import type { EngineDriver, RunningEngine } from '../engine-driver.ts';
import type { EngineReport } from '../engine-report.ts';
import type { ProbeMessage } from './probe-messages.ts';

/** How far results may lie from the reference, relative to max(1, |reference|): six steps of float32 differ by less. */
export const PROBE_TOLERANCE = 2e-3;

export interface TrialOptions {
  /** Seconds for which speed is measured; 1 unless told otherwise. */
  readonly measureSeconds?: number;
  /** Ends the trial; it then rejects with `Cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds after which starting and training are given up; those of the driver unless told otherwise. */
  readonly limitSeconds?: number;
  /** Seconds after which measuring is given up, and the engine counts as slow; 10 more than it should take unless told otherwise. */
  readonly measureLimitSeconds?: number;
  /** The program that tries; only tests name another. */
  readonly program?: string;
}

/**
 * Tries an engine in a process of its own, which ends with the trial whatever happens in it: starts it, trains a few steps,
 * compares them with the reference, measures speed. An engine that cannot run is told as a report, never thrown.
 */
export async function tryEngine(driver: EngineDriver, options: TrialOptions = {}): Promise<EngineReport> {
  const hindrance = await driver.whyNot();
  if (hindrance !== null) return cannotRun(driver, hindrance.reason, hindrance.whatToInstall);
  const { measureSeconds = 1, program = probeProgram(), signal } = options;
  if (signal?.aborted === true) throw new Cancelled();
  const child = fork(program, [driver.name, String(measureSeconds)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const cancelled = Promise.withResolvers<never>();
  const cancel = (): void => cancelled.reject(new Cancelled());
  signal?.addEventListener('abort', cancel, { once: true });
  const limits = {
    trial: options.limitSeconds ?? driver.trialSeconds,
    measuring: options.measureLimitSeconds ?? measureSeconds + 10,
  };
  try {
    return await Promise.race([watch(child, driver, limits), cancelled.promise]);
  } finally {
    signal?.removeEventListener('abort', cancel);
    child.kill('SIGKILL');
  }
}

/** Follows a trial to its end. @param limits seconds */
function watch(
  child: ChildProcess,
  driver: EngineDriver,
  limits: { readonly trial: number; readonly measuring: number },
): Promise<EngineReport> {
  const { promise, resolve } = Promise.withResolvers<EngineReport>();
  let doing = 'starting';
  let running: RunningEngine | null = null;
  let words = '';
  const give = (seconds: number, report: () => EngineReport): NodeJS.Timeout =>
    setTimeout(() => resolve(report()), seconds * 1000);
  let timer = give(limits.trial, () =>
    failed(driver, `It did not answer within ${limits.trial} seconds while ${doing}.`),
  );
  child.stderr!.setEncoding('utf8');
  child.stderr!.on('data', (text: string) => (words = (words + text).slice(-2000)));
  child.on('message', (sent) => {
    const message = sent as ProbeMessage;
    switch (message.kind) {
      case 'started':
        running = message.running;
        doing = 'training a few steps';
        return;
      case 'trained':
        if (message.difference > PROBE_TOLERANCE) return resolve(wrong(driver, running!, message.difference));
        doing = 'being measured';
        clearTimeout(timer);
        timer = give(limits.measuring, () => slow(driver, running!, limits.measuring));
        return;
      case 'measured':
        return resolve({ ...canRun(driver, running!), ...speedOf(message) });
      case 'hindered':
        return resolve(cannotRun(driver, message.hindrance.reason, message.hindrance.whatToInstall));
      case 'failed':
        return resolve(failed(driver, `It failed while ${doing}: ${message.error}`));
    }
  });
  child.on('error', (error) => resolve(cannotRun(driver, `It could not be tried: ${error.message}.`, null)));
  child.on('close', (code, signal) => {
    const how = signal === null ? `exit code ${code}` : signal;
    resolve(failed(driver, `It ended with ${how} while ${doing}${lastWords(words)}.`));
  });
  return promise.finally(() => clearTimeout(timer)); // the first word counts: an end after a result says nothing
}

function canRun(driver: EngineDriver, running: RunningEngine): Omit<EngineReport, 'stepsPerSecond' | 'gigaflops'> {
  const reason = 'It was tried on this computer and computes what the reference computes.';
  return { name: driver.name, title: running.description, canRun: true, reason, whatToInstall: null };
}

function slow(driver: EngineDriver, running: RunningEngine, seconds: number): EngineReport {
  const reason = `It computes what the reference computes, but so slowly that ${seconds} seconds were too few to measure it.`;
  return { ...canRun(driver, running), reason, stepsPerSecond: null, gigaflops: null };
}

function speedOf(message: ProbeMessage & { kind: 'measured' }): Pick<EngineReport, 'stepsPerSecond' | 'gigaflops'> {
  return { stepsPerSecond: message.stepsPerSecond, gigaflops: message.gigaflops };
}

function cannotRun({ name, title }: EngineDriver, reason: string, whatToInstall: string | null): EngineReport {
  return { name, title, canRun: false, reason, whatToInstall, stepsPerSecond: null, gigaflops: null };
}

/** It did not pass, and nothing tells why: the driver knows what helps most often. */
function failed(driver: EngineDriver, reason: string): EngineReport {
  return cannotRun(driver, reason, driver.whenTrialFails);
}

function wrong(driver: EngineDriver, running: RunningEngine, difference: number): EngineReport {
  const by = Number.isFinite(difference) ? `by ${difference.toPrecision(2)}` : 'and are not numbers';
  const reason = `${running.description} started, but its results differ from the reference ${by}; allowed is ${PROBE_TOLERANCE}.`;
  return failed(driver, reason);
}

/** The last line a process printed before it ended, if it says something. */
function lastWords(words: string): string {
  const line = words.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : ` (${line})`;
}

/** TypeScript beside this file when run from source; built, all programs lie side by side. */
function probeProgram(): string {
  const name = import.meta.url.endsWith('.ts') ? './probe-program.ts' : './engine-probe.js';
  return fileURLToPath(new URL(name, import.meta.url));
}
