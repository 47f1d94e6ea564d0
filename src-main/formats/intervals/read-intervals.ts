import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { Interval } from '#core/chromatin/interval-index';
import { contigTable } from './contig-names.ts';
import type { LineReport } from '../text/malformed-lines.ts';
import { ownText, ownTexts } from '../text/own-text.ts';
import { fieldsOf, type GenomeLinesOptions, type LineOutcome, readGenomeLines } from './genome-lines.ts';
import { intervalOfFields } from './interval-of-fields.ts';

/** The intervals of a BED or narrowPeak file. */
export interface IntervalList {
  /** In the order of the file. */
  readonly intervals: readonly Interval[];
  /** Fourth column, null where there is none or it is a dot. */
  readonly names: readonly (string | null)[];
  readonly report: LineReport;
}

/**
 * Reads a list of genome intervals: BED with three columns or more, narrowPeak, broadPeak, gzip or not, separated by tabs
 * or blanks. Lines that are no interval are passed over and reported.
 *
 * Throws `reading.malformed-intervals` if they are more than 5 %, `reading.no-intervals`, and what `readGenomeLines` throws.
 */
export async function readIntervals(path: string, options: GenomeLinesOptions = {}): Promise<IntervalList> {
  const intervals: Interval[] = [];
  const names: (string | null)[] = [];
  const table = await contigTable();
  const repeated = ownTexts();
  const take = (text: string): LineOutcome => {
    const fields = fieldsOf(text);
    if (fields.length < 3) return { reason: `${fields.length} columns where three or more belong` };
    const found = intervalOfFields(fields[0]!, fields[1]!, fields[2]!);
    if (typeof found === 'string') return { reason: found };
    intervals.push({ ...found, contig: repeated(table.nameOf(found.contig)) });
    const name = fields[3] ?? '';
    names.push(name === '' || name === '.' ? null : ownText(name));
    return 'read';
  };
  const report = await readGenomeLines(path, 'reading.malformed-intervals', take, options);
  if (intervals.length === 0) throw new AppError('reading.no-intervals', { file: basename(path) });
  return { intervals, names, report };
}
