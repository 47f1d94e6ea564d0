import { listEngines } from '#engine/list-engines';
import type { ParsedArguments } from './arguments.ts';

/** `cellpredx engines`: what can run here, how fast, and what to install for more. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const engines = await listEngines();
  if (parsed.flag('json')) {
    process.stdout.write(`${JSON.stringify(engines, null, 2)}\n`);
    return 0;
  }
  for (const engine of engines) {
    const speed = engine.gigaflops === null ? '' : `, ${engine.gigaflops.toFixed(1)} GFLOP/s on non-zeros`;
    process.stdout.write(`${engine.canRun ? '✓' : '–'} ${engine.title}${speed}\n    ${engine.reason}\n`);
    if (engine.whatToInstall !== null) process.stdout.write(`    to install: ${engine.whatToInstall}\n`);
  }
  return 0;
}
