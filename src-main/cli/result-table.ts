import type { RunSummaryFile } from '#compute/run-record';
import { choiceLines } from './choice-lines.ts';

/** What a run found, for a terminal: labels with their cells, scores with their denominators, time and memory. */
export function resultTable(summary: RunSummaryFile): string {
  const { predicted, shown } = summary.label_counts;
  const names = [...new Set([...Object.keys(predicted), 'Unknown'])];
  const width = Math.max('label'.length, ...names.map((name) => name.length));
  const rows = names.map((name) => {
    const most = String(predicted[name] ?? '');
    return `${name.padEnd(width)}  ${most.padStart(13)}  ${String(shown[name] ?? 0).padStart(6)}`;
  });
  return [
    sidesLine(summary),
    `${summary.method} (${summary.preset} preset, ${summary.scenario}), ${summary.steps} steps, seed ${summary.seed}, engine ${summary.engine}`,
    '',
    `${'label'.padEnd(width)}  most probable   shown`,
    ...rows,
    `shown: confidence above ${summary.threshold}`,
    ...unknownLines(summary),
    ...choiceLines(summary),
    '',
    ...metricLines(summary),
    ...summary.notes.filter((note) => note.severity === 'warning').map((note) => `note: ${note.text}`),
    `time ${Object.entries(summary.timings)
      .map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)} s`)
      .join(', ')}; peak memory ${(summary.peak_rss_bytes / 2 ** 20).toFixed(0)} MiB`,
    '',
  ].join('\n');
}

/** What labelled what. */
function sidesLine({ cells, features, model }: RunSummaryFile): string {
  if (model === undefined) {
    return `${cells.query} query cells by ${cells.reference} reference cells, ${features} shared features`;
  }
  const { name, cells: known } = model.reference;
  return `${cells.query} query cells by the model ${model.file}, trained on ${known} cells of ${name}; ${features - model.missing_features} of its ${features} features found`;
}

/** Said where the threshold, not the model, hides most of the labels. */
function unknownLines({ label_counts, cells, threshold, confidence, metrics }: RunSummaryFile): string[] {
  const unknown = label_counts.shown['Unknown'] ?? 0;
  if (unknown * 2 <= cells.query) return [];
  const line = `${unknown} of ${cells.query} cells are Unknown: their confidence does not exceed ${threshold}`;
  const lower = confidence == null ? NaN : belowInHundredths(confidence.median);
  if (!(lower < threshold)) return [`${line}, or they have no value in the shared features.`];
  const upper = belowInHundredths(confidence!.upper);
  const quarter = upper < threshold ? `, with --threshold ${upper} the most confident quarter` : '';
  const caution = metrics === null ? '; how many of these labels are right, this run cannot tell' : '';
  return [`${line}. With --threshold ${lower} the more confident half would show its labels${quarter}${caution}.`];
}

/** The largest number of hundredths that lies below a confidence, so that cells of that confidence exceed it. */
function belowInHundredths(confidence: number): number {
  return Math.max(0, Math.ceil(confidence * 100) - 1) / 100;
}

function metricLines(summary: RunSummaryFile): string[] {
  const m = summary.metrics;
  if (m === null) return [];
  const number = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(3));
  const lines = [
    `accuracy ${number(m.accuracy)}, macro-F1 ${number(m.macro_f1)} on ${m.cells_scored} cells whose true label the reference has (of ${m.cells_with_truth} with truth)`,
  ];
  if (m.novelty_auroc !== null) {
    lines.push(
      `novel labels: AUROC ${number(m.novelty_auroc)}, AUPR ${number(m.novelty_aupr)}, OSCR ${number(m.oscr)}`,
    );
  }
  return lines;
}
