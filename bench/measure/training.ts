import { cellPredX } from '#core/methods/cellpredx/index';
import { cellPredXSettings } from '#core/methods/cellpredx/settings';
import type { EngineName } from '#engine/engine-report';
import { startEngine } from '#engine/start-engine';
import { answer, forgetPeak, peakBytes } from '../support/own-process.ts';
import { randomPair, storedRandomPair } from '../support/random-pair.ts';
import { median } from '../support/table.ts';

export interface TrainingCase {
  readonly engine: EngineName;
  /** All that pay without it. */
  readonly threads?: number | undefined;
  readonly genes: number;
  readonly density: number;
  /** Cells of reference and of query in a step. */
  readonly batch: number;
  /** Steps that are timed. */
  readonly steps: number;
  /** Cells of either study; 2048 without it. */
  readonly cells?: number;
  /** A folder with rows of `random-rows`: they are read from there, batch by batch, as those of large studies. */
  readonly stored?: string;
}

export interface TrainingTimes {
  /** The engine in its own words. */
  readonly engine: string;
  /** The fastest step: what a step costs when nothing else runs. */
  readonly ms: number;
  readonly medianMs: number;
  /** Time of all cores together, per step. */
  readonly cpuMs: number;
  /** Memory before the pair was made; the peak is that of the training, pair included. */
  readonly startBytes: number;
}

/** Steps that are not timed: they fill caches and compile. */
const WARM_UP = 3;

/**
 * Trains CellPredX as the application does, recommended preset for matched cells, where every term is on, and times each step
 * from report to report: drawing the cells, the step, and the turn of the event loop.
 */
export async function trainingTimes(asked: TrainingCase): Promise<TrainingTimes> {
  const { description } = await startEngine(asked.engine, { threads: asked.threads });
  const startBytes = peakBytes();
  const { genes, density, batch, cells = 2048 } = asked;
  const sizes = { genes, density, cells, labels: 15 };
  const pair = asked.stored === undefined ? randomPair(1234, sizes) : storedRandomPair(1234, sizes, asked.stored);
  forgetPeak();
  const settings = cellPredXSettings.parse({
    ...cellPredX.preset('rna-atac-matched'),
    ...{ steps: WARM_UP + asked.steps, batchSize: batch, centreStartStep: 0, earlyStop: false, calibration: false },
  });
  const moments: number[] = [];
  const used: number[] = [];
  const model = await cellPredX.train(pair, settings, {
    seed: 1234,
    report: () => {
      moments.push(performance.now());
      const { user, system } = process.cpuUsage();
      used.push((user + system) / 1000);
    },
  });
  model.dispose();
  const times = moments.slice(WARM_UP).map((moment, i) => moment - moments[WARM_UP - 1 + i]!);
  const cpuMs = (used.at(-1)! - used[WARM_UP - 1]!) / times.length;
  return { engine: description, ms: Math.min(...times), medianMs: median(times), cpuMs, startBytes };
}

if (import.meta.main) await answer(trainingTimes);
