import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { evaluateLabels } from '#core/assess/evaluate-labels';
import { AppError } from '#core/base/app-error';
import { columnTexts } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import { checkRegular } from '#formats/detect/folder';
import { readLabelsFile } from '#formats/labels/read-labels-file';
import { openStudyFile } from '#formats/open-study-file';
import { tableRows } from '#formats/text/table-rows';
import type { Assessment } from '#core/assess/assessment';
import type { ParsedArguments } from './arguments.ts';
import { pathArgument } from './path-argument.ts';

/** `cellpredx evaluate`: all scores of a labels.csv against the true labels of a study or table, joined by cell name. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const labelsPath = pathArgument('--labels', parsed.value('labels')!);
  const truthPath = pathArgument('--truth', parsed.value('truth')!);
  for (const path of [labelsPath, truthPath]) await checkRegular(path);
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
  const referenceLabels = await referenceLabelsBeside(labelsPath);
  const assessment = evaluateLabels(predicted, truth, {
    ...(usable ? { confidence } : {}),
    ...(referenceLabels === null ? {} : { referenceLabels }),
  });
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(assessment, null, 2)}\n` : text(assessment));
  return 0;
}

/**
 * The labels of the reference, from the header of the run's probabilities.csv.gz where it lies beside labels.csv.
 * With them true labels that the reference lacks count as novel, not as wrong.
 */
async function referenceLabelsBeside(labelsPath: string): Promise<readonly string[] | null> {
  const path = join(dirname(labelsPath), 'probabilities.csv.gz');
  if (!existsSync(path)) return null;
  for await (const rows of tableRows(path, ',')) return rows[0]!.fields.slice(1);
  return null;
}

/** Cell name → true label, from a study's cells or from a table of labels. */
async function readTruth(path: string, column: string): Promise<ReadonlyMap<string, string>> {
  const cells = await readTruthCells(path);
  const found = cells.columns.get(column);
  if (found === undefined) {
    const known = [...cells.columns.keys()].join(', ') || 'none';
    throw new AppError('command.no-such-column', { column, file: path, known });
  }
  const texts = columnTexts(found);
  return new Map(cells.ids.flatMap((id, i) => (texts[i] === null ? [] : [[id, texts[i]!]])));
}

/** A table of labels is tried where the file is no study; a study's own error is the one that is shown. */
async function readTruthCells(path: string): Promise<CellTable> {
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(path)) return readLabelsFile(path);
  const file = await openStudyFile(path);
  try {
    const slot = file.slots[0];
    if (slot === undefined) throw new AppError('reading.no-matrix', { file: path, format: file.format });
    return await file.readCells(slot);
  } finally {
    file.close();
  }
}

function text(a: Assessment): string {
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? 'not defined' : value.toFixed(4);
  const { closed } = a;
  const width = Math.max(5, ...closed.labels.map(({ label }) => label.length));
  return [
    `${a.cells.withTruth} cells with a true label`,
    `accuracy ${number(closed.accuracy)}, macro-F1 ${number(closed.macroF1TrueLabels)} over the true labels (${number(closed.macroF1)} with predicted ones that are never true), weighted F1 ${number(closed.weightedF1)}`,
    `ARI ${number(closed.ari)}, NMI ${number(closed.nmiArithmetic)} (geometric ${number(closed.nmiGeometric)}), AMI ${number(closed.amiArithmetic)} (maximum ${number(closed.amiMax)})`,
    ...a.rare.map(
      (rare) =>
        `labels below ${100 * rare.below} % of the cells: mean F1 ${number(rare.meanF1)} (${rare.labels.length} labels)`,
    ),
    ...(a.novelty === null
      ? []
      : [
          `novel labels: AUROC ${number(a.novelty.auroc)}, AUPR ${number(a.novelty.aupr)}, OSCR ${number(a.novelty.oscr)}`,
        ]),
    '',
    `${'label'.padEnd(width)}  precision  recall      F1   cells`,
    ...closed.labels.map(
      (s) =>
        `${s.label.padEnd(width)}  ${s.precision.toFixed(3).padStart(9)}  ${s.recall.toFixed(3).padStart(6)}  ${s.f1.toFixed(3).padStart(6)}  ${String(s.support).padStart(6)}`,
    ),
    '',
  ].join('\n');
}
