import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#core/base/app-error';

/** Instead of a measurement, where the engine asked for cannot run here: why. */
export interface Refused {
  readonly refused: string;
}

export interface Memory {
  /** The most memory the process has held. */
  readonly peakBytes: number;
}

/**
 * Carries out `bench/measure/NAME.ts` in a process of its own, so that its peak memory is its own and nothing it started is left
 * behind. What it prints on stderr is seen. Blocks until it is done.
 * @param bundles folder with its bundle, where that is to be carried out instead (see `bundled`)
 */
export function inOwnProcess<Result>(
  measure: string,
  argument: unknown,
  bundles?: string,
): (Result & Memory) | Refused {
  const source = fileURLToPath(new URL(`../measure/${measure}.ts`, import.meta.url));
  const file = bundles === undefined ? source : join(bundles, `${measure}.js`);
  const done = spawnSync(process.execPath, [file, JSON.stringify(argument)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (done.status !== 0) throw new Error(`${measure} ended with ${done.status ?? done.signal}: ${done.stdout}`);
  return JSON.parse(done.stdout.trimEnd().split('\n').at(-1)!) as (Result & Memory) | Refused;
}

/** The other side: measures what the first argument of this process asks for and prints the result as one line. */
export async function answer<Argument, Result>(measure: (argument: Argument) => Promise<Result>): Promise<void> {
  try {
    const result = await measure(JSON.parse(process.argv[2]!) as Argument);
    console.log(JSON.stringify({ ...result, peakBytes: peakBytes() }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.log(JSON.stringify({ refused: error.message }));
  }
  process.exit(0); // threads of an engine may still stand
}

/**
 * The most memory this process has held, in bytes. Where Linux tells it, of this program alone: `resourceUsage().maxRSS`
 * begins with the memory of the process that started this one.
 */
export function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(line![1]) * 1024;
}

/** Lets `peakBytes` begin anew, from what the process holds now; where the system cannot, it goes on from the start. */
export function forgetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}
