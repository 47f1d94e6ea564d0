import { AppError } from '#core/base/app-error';
import { provideRankLabeller } from '#core/train/rank-labeller';
import { CannotStart, type EngineDriver, type Hindrance, type StartOptions } from './engine-driver.ts';
import { engineDrivers } from './engine-drivers.ts';
import { bySpeed, type EngineChoice, type EngineReport, type StartedEngine } from './engine-report.ts';
import { scranLabeller } from './labels/scran-labeller.ts';
import { rememberedReport, rememberReport } from './probe/remembered-reports.ts';
import { tryEngine } from './probe/try-engine.ts';

export interface EngineOptions extends StartOptions {
  /** Ends a trial that is still going on; `startEngine` then rejects with `Cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Starts what computes in this process and tells what it is and why it was taken. Must be awaited before any tensor is made.
 *
 * `auto` takes the fastest engine that passed its trial; a graphics card that was not tried yet is tried first, in a process of its
 * own. A named engine that cannot run here is refused with the reason and what to install.
 * One engine per process: a second call gives the running one.
 */
export async function startEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<StartedEngine> {
  provideRankLabeller(scranLabeller);
  if (started === null) {
    const starting = choice === 'auto' ? startFastest(options) : startNamed(engineDrivers[choice], options);
    started = starting;
    starting.catch(() => (started = null)); // a refused engine leaves the process free for another
  }
  const running = await started;
  if (choice === 'auto') return running;
  if (choice === running.name) return { ...running, reason: 'Chosen by name.' };
  throw new Error(`startEngine: ${choice} was asked for, and ${running.name} computes in this process already`);
}

let started: Promise<StartedEngine> | null = null;

async function startNamed(driver: EngineDriver, options: EngineOptions): Promise<StartedEngine> {
  if (driver.name !== 'wasm') {
    const report = await tried(driver, options);
    if (!report.canRun) throw refused(driver, report);
  }
  try {
    return await start(driver, 'Chosen by name.', options);
  } catch (error) {
    throw error instanceof CannotStart ? refused(driver, error.hindrance) : error;
  }
}

/** The fastest first; where an engine that passed its trial does not start after all, the next. */
async function startFastest(options: EngineOptions): Promise<StartedEngine> {
  const { order, reason } = await ladder(options);
  let why = reason;
  for (const driver of order) {
    try {
      return await start(driver, why, options);
    } catch (error) {
      why = `${why} ${driver.title} did not start: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return start(engineDrivers.wasm, why, options);
}

/** Engines of graphics cards worth starting before WebAssembly, the fastest first, and why the first of all is taken. */
async function ladder(options: EngineOptions): Promise<{ order: readonly EngineDriver[]; reason: string }> {
  const cards = [await tried(engineDrivers.cuda, options), await tried(engineDrivers.webgpu, options)];
  const hindered = cards.filter((card) => !card.canRun).map((card) => `${card.title}: ${card.reason}`);
  if (hindered.length === cards.length) {
    return { order: [], reason: ['Taken by itself: it runs on every computer.', ...hindered].join(' ') };
  }
  const ranked = bySpeed([...cards, await tried(engineDrivers.wasm, options)]);
  const speeds = ranked
    .map(({ title, stepsPerSecond }) => `${title} ${stepsPerSecond?.toPrecision(3) ?? 'too few to measure'}`)
    .join(', ');
  return {
    order: ranked.map(({ name }) => engineDrivers[name]),
    reason: [`Taken by itself: the fastest here (steps per second: ${speeds}).`, ...hindered].join(' '),
  };
}

/** Seconds for which a run measures an engine that nobody has tried yet. */
const QUICK = 0.3;

async function tried(driver: EngineDriver, { signal }: EngineOptions): Promise<EngineReport> {
  const known = rememberedReport(driver.name);
  if (known !== null) return known;
  const report = await tryEngine(driver, { measureSeconds: QUICK, signal });
  rememberReport(report);
  return report;
}

async function start(driver: EngineDriver, reason: string, options: StartOptions): Promise<StartedEngine> {
  const { description } = await driver.start(options);
  return { name: driver.name, description, reason };
}

function refused({ name }: EngineDriver, { reason, whatToInstall }: Hindrance): AppError {
  const all = whatToInstall === null ? reason : `${reason} ${whatToInstall}`;
  return new AppError('training.engine-not-here', { engine: name, reason: all, running: 'wasm' });
}
