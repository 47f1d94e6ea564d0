import { AppError } from '#core/base/app-error';
import { UNKNOWN } from '#core/data/label-transfer';
import type { BeforeTraining, LabelCount, LabelRow, RunFacts, RunResult } from '#contract/run-result';
import type { RunDocuments, RunSummaryFile } from '#compute/run-record';
import type { ProjectReader } from '#store/project';
import { lossCurves } from './loss-curves.ts';

/** The result of a finished run as it lies in its project, in the form that the screens and the label table need. */
export interface RunTable {
  readonly summary: RunSummaryFile;
  readonly cells: RunDocuments['cells'];
  readonly truth: RunDocuments['truth'];
  /** Places of cells that are always Unknown. */
  readonly empty: ReadonlySet<number>;
  readonly predicted: Int32Array;
  readonly confidence: Float32Array;
  readonly referenceLabel: Int32Array;
  /** [reference + query cells, 2], reference first; null if none was made. */
  readonly layout: Float32Array | null;
  /** The map before training; null if none was made. */
  readonly before: BeforeTraining | null;
  /** As they were reported; null in runs that kept none. */
  readonly losses: RunDocuments['losses'] | null;
}

/** Reads it. Throws `request.run-not-finished` for a run that has not finished. */
export async function readRunTable(project: ProjectReader, runId: string): Promise<RunTable> {
  const { status } = project.run(runId);
  if (status !== 'finished') throw new AppError('request.run-not-finished', { runId, state: status });
  const arrays = project.runArrays(runId);
  const has = (array: string): boolean => arrays.some(({ name }) => name === array);
  return {
    summary: project.runDocument(runId, 'summary') as RunSummaryFile,
    cells: project.runDocument(runId, 'cells') as RunDocuments['cells'],
    truth: project.runDocument(runId, 'truth') as RunDocuments['truth'],
    empty: new Set(project.runDocument(runId, 'emptyCells') as RunDocuments['emptyCells']),
    predicted: Int32Array.from((await project.readRunArray(runId, 'query/predicted')).values),
    confidence: Float32Array.from((await project.readRunArray(runId, 'query/confidence')).values),
    referenceLabel: Int32Array.from((await project.readRunArray(runId, 'reference/label')).values),
    layout: has('layout/umap') ? Float32Array.from((await project.readRunArray(runId, 'layout/umap')).values) : null,
    before: has('layout/raw') ? await beforeTraining(project, runId) : null,
    losses: project.runDocuments(runId).includes('losses')
      ? (project.runDocument(runId, 'losses') as RunDocuments['losses'])
      : null,
  };
}

async function beforeTraining(project: ProjectReader, runId: string): Promise<BeforeTraining> {
  const { how } = project.runDocument(runId, 'rawMap') as NonNullable<RunDocuments['rawMap']>;
  return {
    cells: Int32Array.from((await project.readRunArray(runId, 'layout/raw-cells')).values),
    layout: Float32Array.from((await project.readRunArray(runId, 'layout/raw')).values),
    how,
  };
}

/** What the result screens draw from. */
export function runResult(runId: string, table: RunTable): RunResult {
  const { cells, layout, referenceLabel } = table;
  const labelTable = labelCounts(table, table.summary.threshold);
  const accepted = labelTable.reduce((sum, row) => sum + row.acceptedCells, 0);
  const border = 2 * cells.reference.length;
  return {
    runId,
    facts: factsOf(table.summary),
    labels: cells.labels,
    labelTable,
    unknown: cells.query.length - accepted,
    query: {
      cells: cells.query.length,
      layout: layout === null ? null : layout.slice(border),
      predicted: table.predicted,
      confidence: table.confidence,
      empty: Int32Array.from(table.empty).sort(),
      truth: table.truth === null ? null : asCategories(table.truth),
    },
    reference: {
      cells: cells.reference.length,
      layout: layout === null ? null : layout.slice(0, border),
      label: referenceLabel,
    },
    before: table.before,
    curves: table.losses === null ? [] : lossCurves(table.losses),
  };
}

/** Rows of named query cells, in the order named. Throws `request.no-such-cell`. */
export function labelRows(
  table: RunTable,
  places: readonly number[],
  threshold: number = table.summary.threshold,
): readonly LabelRow[] {
  const { cells, predicted, confidence, truth } = table;
  return places.map((cell) => {
    if (cell >= predicted.length) throw new AppError('request.no-such-cell', { cell, cells: predicted.length });
    return {
      place: cell,
      cell: cells.query[cell]!,
      predicted: cells.labels[predicted[cell]!]!,
      confidence: confidence[cell]!,
      label: shownLabel(table, cell, threshold),
      truth: truth?.[cell] ?? null,
    };
  });
}

function labelCounts(table: RunTable, threshold: number): LabelCount[] {
  const { labels } = table.cells;
  const counts = labels.map(() => ({ reference: 0, predicted: 0, accepted: 0, confidence: 0 }));
  for (const label of table.referenceLabel) counts[label]!.reference++;
  table.predicted.forEach((label, cell) => {
    const count = counts[label]!;
    count.predicted++;
    count.confidence += table.confidence[cell]!;
    if (isAccepted(table, cell, threshold)) count.accepted++;
  });
  return labels.map((label, i) => {
    const count = counts[i]!;
    return {
      label,
      referenceCells: count.reference,
      predictedCells: count.predicted,
      acceptedCells: count.accepted,
      meanConfidence: count.predicted === 0 ? null : count.confidence / count.predicted,
    };
  });
}

function isAccepted({ confidence, empty }: RunTable, cell: number, threshold: number): boolean {
  return confidence[cell]! > threshold && !empty.has(cell);
}

/** The label that a cell is shown with under a threshold: Unknown where it is not accepted. */
export function shownLabel(table: RunTable, cell: number, threshold: number): string {
  return isAccepted(table, cell, threshold) ? table.cells.labels[table.predicted[cell]!]! : UNKNOWN;
}

function factsOf(summary: RunSummaryFile): RunFacts {
  const { metrics } = summary;
  return {
    version: summary.version,
    scenario: summary.scenario,
    scenarioReason: summary.scenario_reason,
    method: summary.method,
    preset: summary.preset,
    settings: summary.settings,
    seed: summary.seed,
    engine: summary.engine,
    threshold: summary.threshold,
    features: summary.features,
    steps: summary.steps,
    metrics: metrics && {
      accuracy: metrics.accuracy,
      macroF1: metrics.macro_f1,
      cellsScored: metrics.cells_scored,
      cellsWithTruth: metrics.cells_with_truth,
    },
    tuning: summary.tuning ?? null,
    consensus: summary.consensus ?? null,
    timings: summary.timings,
    peakRssBytes: summary.peak_rss_bytes,
    notes: summary.notes,
  };
}

function asCategories(values: readonly (string | null)[]): { categories: string[]; codes: Int32Array } {
  const categories = [...new Set(values.filter((value) => value !== null))].sort();
  const codeOf = new Map(categories.map((name, code) => [name, code]));
  return { categories, codes: Int32Array.from(values, (value) => (value === null ? -1 : codeOf.get(value)!)) };
}
