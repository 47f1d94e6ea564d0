import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { type LineReport, MalformedLines } from '../text/malformed-lines.ts';
import { ownText } from '../text/own-text.ts';
import { lineBatches } from '../text/read-lines.ts';

export interface GenomeLinesOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction of the file's bytes read, 0 … 1, rising. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/** Annotations have a comment between every two genes. */
const mostHeaders = 1000;

/** What became of a line: `read`; `nothing`, where it holds nothing of interest; or why it is malformed. */
export type LineOutcome = 'read' | 'nothing' | { readonly reason: string };

/**
 * Goes over the lines of a BED, GTF or GFF3 file, gzip or not. Empty lines and those that begin with #, `track` or
 * `browser` are not given to `take`; a first line of column titles (words where numbers belong) is a header too if
 * `take` cannot read it. Gives back what the file turned out to be.
 *
 * Throws the error `code` if more than 5 % of the lines that should say something are malformed or all are,
 * `reading.empty-file`, what `lineBatches` throws, and `Cancelled`.
 */
export async function readGenomeLines(
  path: string,
  code: 'reading.malformed-intervals' | 'reading.malformed-genes',
  take: (text: string, line: number) => LineOutcome,
  { signal, progress }: GenomeLinesOptions = {},
): Promise<LineReport> {
  const file = basename(path);
  const malformed = new MalformedLines();
  const headers: string[] = [];
  let [lines, read, passed] = [0, 0, 0];
  const position = { bytesRead: 0 };
  let size = 0;
  for await (const batch of lineBatches(path, position)) {
    throwIfCancelled(signal);
    size ||= (await stat(path)).size;
    for (let i = 0; i < batch.lines.length; i++) {
      const text = batch.lines[i]!;
      lines++;
      if (text.trim() === '') continue;
      const outcome = isHeader(text) ? 'header' : take(text, batch.first + i);
      if (outcome === 'read') read++;
      else if (outcome === 'nothing') passed++;
      else if (outcome === 'header' || (read + passed + malformed.count === 0 && isTitles(text))) {
        if (headers.length < mostHeaders && !/^#+$/.test(text)) headers.push(ownText(text));
      } else malformed.add(batch.first + i, text, outcome.reason);
    }
    progress?.(Math.min(1, position.bytesRead / size));
  }
  if (lines === 0) throw new AppError('reading.empty-file', { file });
  const verdict = malformed.verdict(read + passed);
  if (verdict !== null) throw new AppError(code, { file, ...verdict });
  return malformed.report({ file, lines, read, headers });
}

/** Comments, and the lines with which the UCSC browser is told what to show. */
function isHeader(text: string): boolean {
  return /^(#|track\b|browser\b)/.test(text);
}

/** Column titles, as in "chrom start end barcode": words where positions belong. */
export function isTitles(text: string): boolean {
  const fields = fieldsOf(text);
  return fields.length >= 3 && fields.slice(1, 3).every((field) => /^[A-Za-z][A-Za-z_ .]*$/.test(field));
}

/** The fields of a line of a BED file: separated by tabs, or by blanks where it has no tab. */
export function fieldsOf(text: string): string[] {
  return text.includes('\t') ? text.split('\t') : text.trim().split(/ +/);
}
