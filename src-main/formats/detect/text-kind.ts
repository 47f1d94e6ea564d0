import { AppError } from '#core/base/app-error';
import { delimiterOf } from '../text/table-rows.ts';
import type { FileKind } from './file-kind.ts';
import { genomeKind, isFragmentHeader } from './genome-kind.ts';

/**
 * Tells by its beginning what a text file is. Intervals, annotations, reads, web pages and the lists of
 * a matrix folder are refused with what they are.
 *
 * @param head the first bytes, unpacked
 */
export function textKind(head: Buffer, file: string): Exclude<FileKind, 'hdf5'> {
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  if (/^%%matrixmarket/i.test(text)) return 'matrix-market';
  if (/^\s*(<!doctype html|<html)/i.test(text)) throw new AppError('reading.web-page', { file });
  if (/^@(HD|SQ|RG)\t/.test(text)) throw new AppError('reading.alignments', { file, found: 'SAM' });
  if (/^@[^\n]*\n[ACGTN]+\n\+/.test(text)) throw new AppError('reading.alignments', { file, found: 'FASTQ' });

  const lines = text.split(/\r?\n/);
  if (lines.length > 1) lines.pop(); // the last one may be cut
  const body = lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).slice(0, 100);
  const genome = genomeKind(body, file);
  if (genome !== null) return genome;
  if (body.length === 0 && isFragmentHeader(text)) return 'fragments';
  const narrow = body.every((line) => line.split('\t').length <= 6 && !line.includes(','));
  const part = narrow ? partOfFolder(file) : null;
  if (part !== null) throw new AppError('reading.part-of-folder', { file, part });
  if (body.length === 0 || /^\s*[{[]/.test(text) || !/[,\t;| ]/.test(body[0]!)) {
    throw new AppError('reading.unknown-format', { file, start: JSON.stringify(text.slice(0, 30)) });
  }
  if (body.length > 1 && body.every((line) => line.split(delimiterOf(body)).length === 1)) {
    throw new AppError('reading.csv-one-column', { file, found: JSON.stringify(body[0]!.slice(0, 60)) });
  }
  return 'table';
}

function partOfFolder(file: string): string | null {
  if (/(^|[._-])(barcodes|cells)\.(tsv|txt)(\.gz)?$/i.test(file)) return 'cells';
  return /(^|[._-])(features|genes|peaks)\.(tsv|txt)(\.gz)?$/i.test(file) ? 'features' : null;
}
