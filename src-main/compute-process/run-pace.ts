import type { Stage } from '#contract/run-events';
import type { ProjectReader } from '#store/project';
import { stageCosts } from './stage-costs.ts';
import type { FinishedTimes } from './time-left.ts';

/** What a finished run leaves for the time left of later ones: its document `pace`. */
export interface RunPace {
  /** Of `ProcessorSpeed`. */
  readonly processor: number;
  /** Cells of both sides together. */
  readonly cells: number;
  /** Whether a map and figures were made. */
  readonly figures: boolean;
  /** How long the main thread was on the processor in each stage, in milliseconds. */
  readonly busy: Readonly<Partial<Record<Stage, number>>>;
}

/** Runs looked at, the latest. */
const LEARNED_FROM = 20;

/**
 * What the finished runs of a project tell of the stages after training: those by the same method where there are any. Runs
 * that took over a result took no time, and those of the first versions kept no pace.
 */
export function finishedTimes(project: ProjectReader, method: string): FinishedTimes[] {
  const known = project
    .runs()
    .filter((run) => run.status === 'finished' && run.reusedFrom === null)
    .slice(0, LEARNED_FROM)
    .flatMap((run) => {
      if (!project.runDocuments(run.id).includes('pace')) return [];
      const pace = project.runDocument(run.id, 'pace') as RunPace;
      return [{ pace, method: (run.request as { method?: string }).method }];
    });
  const same = known.filter((run) => run.method === method);
  return (same.length > 0 ? same : known).map(({ pace }) => timesOf(pace));
}

/** Without what other threads do meanwhile, for the main thread is not busy then. */
function timesOf({ processor, cells, figures, busy }: RunPace): FinishedTimes {
  const took = Object.fromEntries(Object.entries(busy).map(([stage, ms]) => [stage, ms / processor]));
  return { took, expected: stageCosts({ cells, figures, threads: Infinity }) };
}
