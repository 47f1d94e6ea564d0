import type { ParsedArgs } from '#contract/requests';
import { stages } from '#contract/run-events';
import type { RunSummaryFile } from '#compute/run-record';
import { stageCosts } from '#compute/stage-costs';

export type ExpectedOf = Pick<ParsedArgs<'run:expect'>, 'cells' | 'features' | 'steps' | 'batch'>;
/** What is known of a finished run. Times in seconds. */
export type FinishedRun = Pick<RunSummaryFile, 'cells' | 'features' | 'steps' | 'timings' | 'peak_rss_bytes'>;
export type Range = readonly [number, number];

/** What the trial of an engine trains with, see `EngineReport.stepsPerSecond`. */
const TRIAL = { features: 8000, batch: 256 };
/** The same run takes up to so many times longer or shorter, with other work on the computer and other data of the size … */
const ALIKE = 1.4;
/** … and more for each doubling between the sizes. */
const PER_DOUBLING = 0.15;

/**
 * Time (milliseconds) and memory (bytes) of a run, from the finished one of the same method and engine whose size is nearest.
 * Reading, preparing and training grow with cells × features, training by steps with steps × features; the stages
 * after it as `stageCosts` says. Of the memory between nothing and all is taken to grow with cells × features. Null for no runs.
 */
export function expectByRuns(asked: ExpectedOf, runs: readonly FinishedRun[], threads: number) {
  const [nearest] = runs
    .map((run) => ({ run, growth: sizeOf(asked) / (cellsOf(run) * run.features) }))
    .toSorted((a, b) => Math.abs(Math.log(a.growth)) - Math.abs(Math.log(b.growth)));
  if (nearest === undefined) return null;
  const { run, growth } = nearest;
  const costs = [asked.cells, cellsOf(run)].map((cells) => stageCosts({ cells, figures: true, threads }));
  const byStep = asked.steps === undefined || run.steps === 0 ? null : asked.steps / run.steps;
  const ms = stages.reduce((sum, stage) => {
    const [now, then] = costs.map((cost) => cost[stage]) as [number, number];
    const trained = byStep === null ? growth : (byStep * asked.features) / run.features;
    const factor = stage === 'train' ? trained : then > 0 ? now / then : growth;
    return sum + 1000 * (run.timings[stage] ?? 0) * factor;
  }, 0);
  const spread = ALIKE + PER_DOUBLING * Math.abs(Math.log2(growth));
  const memory: Range = [run.peak_rss_bytes * Math.min(1, growth), run.peak_rss_bytes * Math.max(1, growth)];
  return { time: [ms / spread, ms * spread] as const, memory };
}

/**
 * Time of a run of CellPredX (milliseconds) where none has finished yet: its steps by the trial of the engine, the stages after
 * training by the speed of the processor. Null where the engine was not measured or the method is told by no steps.
 *
 * @param processor of `ProcessorSpeed`
 */
export function expectByTrial(
  { cells, features, steps, batch = TRIAL.batch }: ExpectedOf,
  { stepsPerSecond, processor, threads }: { stepsPerSecond: number | null; processor: number; threads: number },
): Range | null {
  if (stepsPerSecond === null || steps === undefined) return null;
  const perStep = (1000 / stepsPerSecond) * (features / TRIAL.features) * (batch / TRIAL.batch);
  const later = Object.values(stageCosts({ cells, figures: true, threads })).reduce((a, b) => a + b, 0) * processor;
  const spread = ALIKE + PER_DOUBLING * Math.abs(Math.log2(features / TRIAL.features));
  return [(steps * perStep + later) / spread, (steps * perStep + later) * spread];
}

function sizeOf({ cells, features }: ExpectedOf): number {
  return cells * features;
}

function cellsOf({ cells }: FinishedRun): number {
  return cells.reference + cells.query;
}
