import type { Assessment } from '#core/assess/assessment';
import type { BenchmarkScore, Measure } from '#core/assess/benchmark-score';
import { type KeyGeneHits, meanHitRate } from '#core/assess/key-gene-hits';
import type { RunSummaryFile } from '#compute/run-record';
import type { ProjectReader } from '#store/project';
import type { Combination } from './combinations.ts';

/** The scores of a finished run, from what its project holds. */
export function scoreOf(project: ProjectReader, runId: string, { pair, variant, seed }: Combination): BenchmarkScore {
  const summary = project.runDocument(runId, 'summary') as RunSummaryFile;
  const assessment = project.runDocument(runId, 'assessment') as Assessment | null;
  const keyGenes = project.runDocuments(runId).includes('keyGenes')
    ? (project.runDocument(runId, 'keyGenes') as readonly KeyGeneHits[])
    : [];
  const { timings } = summary;
  return {
    pair: pair.name,
    study: pair.study ?? pair.name,
    representation: pair.representation ?? null,
    method: variant.name,
    methodId: variant.methodId,
    seed,
    varied: variant.varied,
    ablates: variant.ablates,
    runId,
    engine: summary.engine,
    cellsScored: assessment?.cells.shared ?? 0,
    features: summary.features,
    steps: summary.steps,
    measures: measuresOf(assessment, keyGenes),
    seconds: {
      prepare: timings['prepare'] ?? 0,
      train: timings['train'] ?? 0,
      predict: timings['predict'] ?? 0,
      total: Object.values(timings).reduce((sum, seconds) => sum + seconds, 0),
    },
    peakBytes: summary.peak_rss_bytes,
    keyGenes: keyGenes.map(({ label, rate, expectedRate }) => ({ label, rate, expectedRate })),
  };
}

function measuresOf(
  assessment: Assessment | null,
  keyGenes: readonly KeyGeneHits[],
): Readonly<Record<Measure, number | null>> {
  const closed = assessment?.closed;
  const rare = (below: number): number | null =>
    assessment?.rare.find((score) => score.below === below)?.meanF1 ?? null;
  return {
    accuracy: closed?.accuracy ?? null,
    macro_f1: closed?.macroF1TrueLabels ?? null,
    macro_f1_union: closed?.macroF1 ?? null,
    overall_accuracy: assessment?.overallAccuracy ?? null,
    weighted_f1: closed?.weightedF1 ?? null,
    ari: closed?.ari ?? null,
    nmi: closed?.nmiArithmetic ?? null,
    ami: closed?.amiArithmetic ?? null,
    novelty_auroc: assessment?.novelty?.auroc ?? null,
    novelty_aupr: assessment?.novelty?.aupr ?? null,
    oscr: assessment?.novelty?.oscr ?? null,
    rare_f1_below_10: rare(0.1),
    rare_f1_below_5: rare(0.05),
    rare_f1_below_3: rare(0.03),
    rare_f1_below_1: rare(0.01),
    key_gene_hit_rate: meanHitRate(keyGenes),
  };
}
