import { readFileSync } from 'node:fs';
import type { Assessment } from '#core/assess/assessment';
import type { LabelTransfer } from '#core/data/label-transfer';
import type { PipelineOutcome } from '#core/pipeline';
import type { ScenarioSuggestion } from '#core/prepare/suggest-scenario';
import { applyThreshold } from '#core/transfer/apply-threshold';
import { confidenceQuartiles } from '#core/transfer/confidence-quartiles';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { ModelOrigin, RunInput, RunMetrics, RunSummaryFile } from './run-record.ts';

/** The version of the application, as in package.json; part of every result and of its hash. */
export const version: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

interface SummaryInput {
  readonly request: Pick<AnnotationRequest, 'method' | 'preset' | 'seed' | 'threshold'>;
  readonly suggestion: ScenarioSuggestion;
  readonly engine: { readonly name: string };
  readonly inputs: readonly RunInput[];
  readonly outcome: PipelineOutcome;
  /** Where a saved model labelled. */
  readonly model?: ModelOrigin;
  readonly timings: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
}

/** The content of summary.json: what was done, on what, with which result, how long it took. */
export function summaryOf(input: SummaryInput): RunSummaryFile {
  const { request, suggestion, outcome } = input;
  return {
    version,
    scenario: suggestion.scenario,
    scenario_reason: suggestion.reason,
    method: request.method,
    preset: request.preset,
    settings: outcome.settings as Record<string, unknown>,
    ...(outcome.tuning === null ? {} : { tuning: outcome.tuning }),
    seed: request.seed,
    engine: input.engine.name,
    threshold: request.threshold,
    inputs: input.inputs,
    ...(input.model === undefined ? {} : { model: input.model }),
    cells: { reference: outcome.pair.reference.cells.length, query: outcome.pair.query.cells.length },
    features: outcome.pair.features.length,
    confidence: confidenceQuartiles(outcome.transfer),
    label_counts: labelCounts(outcome.transfer, request.threshold),
    metrics: outcome.assessment === null ? null : metricsOf(outcome.assessment),
    ...(outcome.model.account === undefined ? {} : { consensus: outcome.model.account }),
    timings: input.timings,
    peak_rss_bytes: input.peakRssBytes,
    steps: outcome.model.steps,
    ended: outcome.model.ended,
    notes: outcome.notes,
  };
}

/** Query cells per label: most probable, and as shown under the threshold. Labels nobody received are listed with 0. */
export function labelCounts(transfer: LabelTransfer, threshold: number): RunSummaryFile['label_counts'] {
  const predicted: Record<string, number> = Object.fromEntries(transfer.labels.map((label) => [label, 0]));
  for (const label of transfer.query.predicted) predicted[transfer.labels[label]!]!++;
  const shown: Record<string, number> = Object.fromEntries(transfer.labels.map((label) => [label, 0]));
  for (const label of applyThreshold(transfer, threshold)) shown[label] = (shown[label] ?? 0) + 1;
  return { predicted, shown };
}

function metricsOf(assessment: Assessment): RunMetrics {
  return {
    cells_with_truth: assessment.cells.withTruth,
    cells_scored: assessment.cells.shared,
    accuracy: assessment.closed.accuracy,
    macro_f1: assessment.closed.macroF1TrueLabels,
    macro_f1_union: assessment.closed.macroF1,
    overall_accuracy: assessment.overallAccuracy,
    novelty_auroc: assessment.novelty?.auroc ?? null,
    novelty_aupr: assessment.novelty?.aupr ?? null,
    oscr: assessment.novelty?.oscr ?? null,
  };
}
