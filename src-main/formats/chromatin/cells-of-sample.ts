import { basename, dirname } from 'node:path';
import type { CellTable } from '#core/data/study';
import { takeCells } from '../take-rows.ts';

/** A list without the cells of other samples. */
export interface CellsOfSample {
  readonly table: CellTable;
  /** The sample as the list writes it; null where the list is taken as it is. */
  readonly sample: string | null;
}

/** What stands before the bases of a barcode (`pbmc#AAAC-1`, `s1_AAAC-1`), or behind its ending (`AAAC-1_s1`). */
const form = /^(.*?)[^A-Za-z0-9]*[ACGTN]{6,}(?:[-_+.][ACGTN]{6,})*(?:-\d+)?(?:[^A-Za-z0-9]+(.*))?$/;

/**
 * Of a list over several samples, the cells of the one that the fragments file is named after: its name, or that of its folder,
 * holds the sample as whole words (`s1/fragments.tsv.gz`, `GSM1_s1_fragments.tsv.gz`). Every cell has to name a sample
 * with a letter in it, and the file exactly one of two or more; otherwise the list stays as it is. Without this, barcodes
 * that are a cell of one sample and background of another would count for the wrong one.
 */
export function cellsOfSample(table: CellTable, path: string): CellsOfSample {
  const samples = table.ids.map(sampleOf);
  const different = [...new Set(samples)];
  if (different.length < 2 || !different.every((sample) => sample !== null && /[A-Za-z]/.test(sample))) {
    return { table, sample: null };
  }
  const words = ` ${wordsOf(basename(dirname(path)))} ${wordsOf(basename(path))} `;
  const named = different.filter((sample) => words.includes(` ${wordsOf(sample!)} `));
  if (named.length !== 1) return { table, sample: null };
  const kept = Int32Array.from(samples.keys()).filter((cell) => samples[cell] === named[0]);
  return { table: takeCells(table, kept), sample: named[0]! };
}

function sampleOf(cell: string): string | null {
  const [, before, behind] = form.exec(cell) ?? [];
  return before !== undefined && before !== '' ? before : (behind ?? null);
}

function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .join(' ');
}
