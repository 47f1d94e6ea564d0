import { resolve } from 'node:path';
import { evaluateLabels } from '#core/assess/evaluate-labels';
import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import { readLabelsFile } from '#formats/labels/read-labels-file';
import { openStudyFile } from '#formats/open-study-file';
import type { ParsedArguments } from './arguments.ts';

/** `cellpredx evaluate`: all scores of a labels.csv against the true labels of a study or table, joined by cell name. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const labelsPath = resolve(parsed.value('labels')!);
  const truthPath = resolve(parsed.value('truth')!);
  const truthOf = await readTruth(truthPath, parsed.value('column')!);
  const table = await readLabelsFile(labelsPath);
  const predictedColumn = table.columns.get('predicted');
  if (predictedColumn === undefined) {
    const known = [...table.columns.keys()].join(', ') || 'none';
    throw new AppError('command.no-such-column', { column: 'predicted', file: labelsPath, known });
  }
  const predicted: string[] = [];
  const truth: (string | null)[] = [];
  const confidence: number[] = [];
  const confidenceColumn = table.columns.get('confidence');
  const confidences = confidenceColumn === undefined ? null : columnTexts(confidenceColumn);
  columnTexts(predictedColumn).forEach((label, row) => {
    const known = truthOf.get(table.ids[row]!);
    if (label === null || known === undefined) return;
    predicted.push(label);
    truth.push(known);
    confidence.push(Number(confidences?.[row] ?? NaN));
  });
  if (predicted.length === 0)
    throw new AppError('command.no-truth-for-labels', { labels: labelsPath, truth: truthPath });
  const usable = confidence.every((value) => Number.isFinite(value));
  const assessment = evaluateLabels(predicted, truth, usable ? { confidence } : {});
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(assessment, null, 2)}\n` : text(assessment));
  return 0;
}
