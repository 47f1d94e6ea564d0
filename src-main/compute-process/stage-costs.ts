import { RAW_CELLS } from '#core/method-views';
import { type Stage, stages } from '#contract/run-events';

/** The stages after training. */
export const laterStages = stages.slice(stages.indexOf('train') + 1);
export type Costs = Readonly<Record<Stage, number>>;

export interface CostOf {
  /** Cells of both sides together. */
  readonly cells: number;
  /** Whether a map and figures are made. */
  readonly figures: boolean;
  /** Threads that look for neighbours. */
  readonly threads: number;
}

/** Above it the rounds of the map are fewer, see `scran-layout.ts`; up to it, and from it on, neighbours are searched … */
const [MANY, EXACT_UP_TO] = [10_000, 20_000];
/** Of more cells than the first so many as the second are laid out, see `sketchLimits`. */
const [DRAWN, SKETCHED] = [200_000, 100_000];
const MIXED_CELLS = 2000;

/**
 * What the stages after training take, in milliseconds, on a processor of the speed 1 (`ProcessorSpeed`) that does nothing else;
 * 0 for the stages before. Fitted to first runs of five pairs of studies (499, 1242, 2400, 4788 and 10 309 cells; 900 to 13 179
 * features; CellPredX, the support vector machine and nearest centroids) on a quiet computer; `npm run bench -- time-left` measures it
 * again. Studies of more cells are told by the same formulas.
 */
export function stageCosts({ cells, figures, threads }: CostOf): Costs {
  return {
    ...{ read: 0, prepare: 0, train: 0 },
    predict: 10 + 0.005 * cells,
    interpret: 150 + 0.005 * cells,
    layout: figures ? layoutCost(cells, threads) : 0,
    figures: figures ? 100 + 0.025 * cells : 0,
    write: 60 + 0.09 * cells,
  };
}

/** Neighbours and the rounds of the map of the learned space, the same before training, and how mixed the studies are. */
function layoutCost(cells: number, threads: number): number {
  const drawn = cells > DRAWN ? SKETCHED : cells;
  const rounds = drawn < MANY ? 500 : 200;
  const start = 450;
  const search = (drawn <= EXACT_UP_TO ? 4.5e-5 * drawn ** 2 : 0.4 * drawn) / threads;
  const learned = drawn * rounds * (2.2e-3 + 6e-8 * Math.min(drawn, MANY)); // more cells find less in the caches
  const raw = Math.min(cells, RAW_CELLS);
  const before = raw * (raw <= RAW_CELLS / 2 ? 200 : 100) * 2.3e-3 + (7e-5 * raw ** 2) / threads;
  const mixing = 1e-4 * Math.min(cells, MIXED_CELLS) ** 2 + 0.1 * cells;
  const placed = (cells - drawn) * 0.3;
  return start + search + learned + before + mixing + placed;
}
