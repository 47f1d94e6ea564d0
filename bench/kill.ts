/**
 * Kills runs at random moments and prints what was found afterwards, one row per kill.
 *
 *     npm run bench -- kill                        fifty kills of the product's own run on the sample study
 *     KILLS=50 RUNNER=tiny npm run bench -- kill   of the small training of the tests, which is quick
 *     STEPS=200 npm run bench -- kill              with a longer training
 *     SEED=7 npm run bench -- kill                 at other moments
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRequest } from '../src-main/cli/demo.ts';
import { storm } from '../test/support/kill-runs.ts';
import { tinyRequest, tinyRunner } from '../test/support/tiny-request.ts';

const kills = Number(process.env['KILLS'] ?? 50);
const seed = Number(process.env['SEED'] ?? 1234);
const tiny = process.env['RUNNER'] === 'tiny';
/** Training steps of the sample study: enough to be killed in, few enough for fifty runs. */
const steps = Number(process.env['STEPS'] ?? 60);
const startMs = tiny ? 900 : 4000;

const folder = mkdtempSync(join(tmpdir(), 'cellpredx-kill-'));
try {
  const run = tiny
    ? { request: tinyRequest(folder, { steps: 80, stepMs: 3 }), runner: tinyRunner, every: 5 }
    : { request: { ...sampleRequest(), settings: { steps } }, runner: '', every: 10 };
  const began = performance.now();
  const { records, finished, equal, lost } = await storm(folder, run, { kills, seed, startMs });
  console.log(
    'kill  who was killed                  moment, ms         stage      step  found as      damaged arrays  error',
  );
  for (const { kill, victim, moment, stage, step, status, error, damaged } of records)
    console.log(
      `${String(kill).padStart(4)}  ${victim.padEnd(31)} ${moment.padEnd(17)}  ${stage.padEnd(9)}${String(step).padStart(6)}  ${status.padEnd(13)}${String(damaged).padStart(14)}  ${error}`,
    );
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  // a project that does not open ends this program with its error
  console.log(`\n${records.length} kills in ${seconds} s, the project opened after each; finished runs lost: ${lost};`);
  console.log(`${equal} of ${finished} killed and resumed runs end with the result of a run nobody killed.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
