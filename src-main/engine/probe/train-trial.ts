import { Cancelled } from '#core/base/cancel';
import { cellPredX } from '#core/methods/cellpredx/index';
import { cellPredXSettings } from '#core/methods/cellpredx/settings';
import { trialPair } from './trial-pair.ts';

/**
 * Trains a few steps of CellPredX on a small pair and labels the query with it, on the engine that runs. Gives back the total of
 * every step and every probability: what two engines must agree on.
 */
export async function trainTrial(): Promise<Float32Array> {
  const pair = trialPair(7, { features: 120, labels: 3, cells: 36, stored: 16 });
  const settings = cellPredXSettings.parse({
    steps: 6,
    embeddingWidth: 8,
    attentionWidth: 8,
    batchSize: 24,
    centreStartStep: 2,
    learningRate: 0.05,
  });
  const totals: number[] = [];
  const model = await cellPredX.train(pair, settings, {
    seed: 7,
    report: ({ terms }) => totals.push(terms['total']!),
  });
  try {
    const { probabilities } = await model.apply(pair.query);
    return Float32Array.of(...totals, ...probabilities);
  } finally {
    model.dispose();
  }
}

/** The largest |a − b| / max(1, |b|); infinite where the lengths differ or a number is not finite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const gap = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    if (!Number.isFinite(gap)) return Infinity;
    largest = Math.max(largest, gap);
  }
  return largest;
}

/** Steps that are not timed: the first ones compile programs and fill caches. */
const WARM_UP = 2;

/** Training steps per second on the engine that runs, over about so many seconds; the sizes are those of `EngineReport`. */
export async function measureSteps(seconds: number): Promise<number> {
  const pair = trialPair(1, { features: 8000, labels: 8, cells: 384, stored: 640 });
  const settings = cellPredXSettings.parse({ steps: 10_000, batchSize: 256, centreStartStep: 0 });
  const enough = new AbortController();
  let start = 0;
  let timed = 0;
  let elapsed = 0;
  const report = ({ step }: { step: number }): void => {
    const now = performance.now();
    if (step === WARM_UP) start = now;
    if (step <= WARM_UP) return;
    timed = step - WARM_UP;
    elapsed = (now - start) / 1000;
    if (elapsed >= seconds) enough.abort();
  };
  try {
    await cellPredX.train(pair, settings, { seed: 1, signal: enough.signal, report });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
  return timed / elapsed;
}
