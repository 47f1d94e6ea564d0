import { bySpeed, type EngineReport } from '#engine/engine-report';
import { listEngines } from '#engine/list-engines';
import type { ParsedArguments } from './arguments.ts';

/** `cellpredx engines`: what can run here, how fast, and what to install for more. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const engines = await listEngines();
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(engines, null, 2)}\n` : engineTable(engines));
  return 0;
}

/** The engines in words: two or three lines each, and which of them a run takes. */
export function engineTable(engines: readonly EngineReport[]): string {
  const lines = engines.flatMap((engine) => [
    `${engine.canRun ? '✓' : '–'} ${engine.title}${speed(engine)}`,
    `    ${engine.reason}`,
    ...(engine.whatToInstall === null ? [] : [`    ${engine.whatToInstall}`]),
  ]);
  const best = bySpeed(engines)[0];
  const taken = best === undefined ? 'No engine can compute here.' : `A run takes ${best.title}.`;
  const step = 'One step: CellPredX, 256 cells of either study, 8000 features, 8 % of them non-zero.';
  return `${[...lines, '', taken, step].join('\n')}\n`;
}

function speed({ stepsPerSecond, gigaflops }: EngineReport): string {
  if (stepsPerSecond === null || gigaflops === null) return '';
  return `: ${stepsPerSecond.toPrecision(3)} training steps a second, ${gigaflops.toPrecision(3)} GFLOP/s on non-zeros`;
}
