import { type BenchmarkScore, type Measure, measures } from '#core/assess/benchmark-score';

/** A score of a benchmark with what a test does not name filled in. */
export function benchmarkScore(
  changes: Partial<BenchmarkScore>,
  values: Partial<Record<Measure, number | null>> = {},
): BenchmarkScore {
  return {
    pair: 'pair',
    study: changes.pair ?? 'pair',
    representation: null,
    method: 'Method',
    methodId: 'method',
    seed: 1,
    varied: null,
    ablates: null,
    runId: 'run',
    engine: 'wasm',
    cellsScored: 100,
    features: 50,
    steps: 10,
    seconds: { prepare: 1, train: 2, predict: 0.5, total: 4 },
    peakBytes: 2 ** 28,
    keyGenes: [],
    ...changes,
    measures: {
      ...(Object.fromEntries(measures.map((measure) => [measure, null])) as Record<Measure, null>),
      ...values,
    },
  };
}
