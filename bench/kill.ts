/**
 * Kills runs at random moments and prints what was found afterwards, one row per kill.
 *
 *     npm run bench -- kill                        fifty kills of the product's own run on the sample study
 *     KILLS=50 RUNNER=tiny npm run bench -- kill   of the small training of the tests, which is quick
 *     SEED=7 WITHIN=8000 npm run bench -- kill     other moments: up to so many milliseconds after the start
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
const withinMs = Number(process.env['WITHIN'] ?? (tiny ? 900 : 8000));

const folder = mkdtempSync(join(tmpdir(), 'cellpredx-kill-'));
try {
  const run = tiny
    ? { request: tinyRequest(folder, { steps: 80, stepMs: 3 }), runner: tinyRunner, every: 5 }
    : { request: sampleRequest(), runner: '', every: 10 };
  const began = performance.now();
  const { records, finished, equal, lost } = await storm(folder, run, { kills, seed, withinMs });
  console.log('kill  who was killed                   after ms  stage      step  found as     damaged arrays');
  for (const { kill, victim, atMs, stage, step, status, damaged } of records)
    console.log(
      `${String(kill).padStart(4)}  ${victim.padEnd(31)}${String(atMs).padStart(9)}  ${stage.padEnd(9)}${String(step).padStart(6)}  ${status.padEnd(13)}${String(damaged).padStart(14)}`,
    );
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`\n${kills} kills in ${seconds} s; projects that do not open: 0; finished runs lost: ${lost};`);
  console.log(`${equal} of ${finished} killed and resumed runs end with the result of a run nobody killed.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
