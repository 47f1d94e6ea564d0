import { writeCsv } from './write-csv.ts';

/** What a run says of one cell. */
export interface LabelRow {
  readonly cell: string;
  /** The most likely label, whatever its confidence. */
  readonly predicted: string;
  /** 0 … 1 */
  readonly confidence: number;
  /** `predicted`, or `Unknown` where the confidence does not exceed the threshold. */
  readonly label: string;
}

/** Writes labels.csv: `cell,predicted,confidence,label`, a line per cell in the order given. See `writeCsv`. */
export async function writeLabelsCsv(path: string, rows: Iterable<LabelRow>): Promise<void> {
  await writeCsv(path, ['cell', 'predicted', 'confidence', 'label'], fieldsOf(rows));
}

function* fieldsOf(rows: Iterable<LabelRow>): Generator<readonly [string, string, number, string]> {
  for (const { cell, predicted, confidence, label } of rows) yield [cell, predicted, confidence, label];
}
