import * as tf from '@tensorflow/tfjs-core';
import { CannotStart } from '../engine-driver.ts';
import { engineDrivers } from '../engine-drivers.ts';
import type { EngineName } from '../engine-report.ts';
import { measureGigaflops } from '../measure-gigaflops.ts';
import { startCpu } from '../start-cpu.ts';
import type { ProbeMessage } from './probe-messages.ts';
import { largestDifference, measureSteps, trainTrial } from './train-trial.ts';

/*
 * The throw-away process in which an engine is tried: `probe-program NAME SECONDS`. What it loads may crash or hang; whoever
 * started it sees the end of the process, or ends it.
 */

process.once('disconnect', () => process.exit(0));
const [name, seconds] = process.argv.slice(2) as [EngineName, string];
await tryEngine(name, Number(seconds)).then(
  () => process.exit(0), // threads of an engine may still stand
  (error: unknown) => {
    const last: ProbeMessage =
      error instanceof CannotStart
        ? { kind: 'hindered', hindrance: error.hindrance }
        : { kind: 'failed', error: (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]! };
    process.send!(last, () => process.exit(1));
  },
);

/** Trains on the reference and on the engine, compares, and measures the engine for about so many seconds. */
async function tryEngine(engine: EngineName, measure: number): Promise<void> {
  await startCpu();
  const expected = await trainTrial();
  const running = await engineDrivers[engine].start();
  await tell({ kind: 'started', running });
  if (tf.getBackend() === 'cpu') throw new Error('it left the work to plain JavaScript');
  await tell({ kind: 'trained', difference: largestDifference(await trainTrial(), expected) });
  const stepsPerSecond = await measureSteps(measure);
  await tell({ kind: 'measured', stepsPerSecond, gigaflops: await measureGigaflops(measure / 4) });
}

function tell(message: ProbeMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
