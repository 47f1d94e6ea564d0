import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { ReadOptions, RowSample } from '../text/row-source.ts';
import { RowSpill, spillMemoryBytes } from './row-spill.ts';

/** Values that are read at once while a matrix is turned over. */
const blockValues = 4 * 1024 * 1024;
/** A sample looks at this many runs of lines, and at this many values of each, one line at least. */
const sampledRuns = 10;
const runValues = 100_000;

/** A matrix that can be read line by line, where its rows are wanted the other way round. */
export interface Lines {
  readonly lines: number;
  /** Places across a line. */
  readonly across: number;
  /** Values in all lines; those of a table of numbers include the zeros. */
  readonly values: number;
  /** Lines from … to−1: [to − from, across], zeros left out. */
  read(from: number, to: number): CsrMatrix | Promise<CsrMatrix>;
}

/** The matrix with lines and places exchanged: rows of [across, lines], to be closed after use. Lines are read once. */
export async function turnLines(
  lines: Lines,
  { signal, progress }: ReadOptions = {},
  memoryBytes = spillMemoryBytes,
): Promise<RowSpill> {
  const spill = new RowSpill({ rows: lines.across, columns: lines.lines, expected: lines.values, memoryBytes });
  try {
    const step = linesOf(lines, blockValues);
    for (let from = 0; from < lines.lines; from += step) {
      const to = Math.min(lines.lines, from + step);
      addLines(spill, await lines.read(from, to), from);
      progress?.(to / lines.lines);
      await setImmediate(); // a request to stop is heard only between two turns
      throwIfCancelled(signal);
    }
    return spill.finish();
  } catch (error) {
    spill.close();
    throw error;
  }
}

/**
 * What some lines say about the matrix with lines and places exchanged: at most `count` rows, evenly spread, with their
 * values in ten runs of lines spread over the matrix. Reading stops after about `budgetMs`, after one run at the earliest.
 */
export async function sampleLines(lines: Lines, count: number, budgetMs: number): Promise<RowSample> {
  const started = performance.now();
  const step = Math.max(1, Math.ceil(lines.across / count));
  const rows = Math.ceil(lines.across / step);
  const spill = new RowSpill({ rows, columns: lines.lines, expected: sampledRuns * runValues });
  let seen = 0;
  for (let run = 0; run < sampledRuns && (seen === 0 || performance.now() - started < budgetMs); run++) {
    const from = Math.floor((run * lines.lines) / sampledRuns);
    const to = Math.min(Math.floor(((run + 1) * lines.lines) / sampledRuns), from + linesOf(lines, runValues));
    addLines(spill, await lines.read(from, to), from, step);
    seen += to - from;
  }
  const matrix = spill.finish().read(0, rows);
  spill.close();
  return { matrix, wholeRows: false, seen: seen / lines.lines };
}

/** Lines that hold about so many values. */
function linesOf({ lines, values }: Lines, wanted: number): number {
  return Math.max(1, Math.floor((lines * wanted) / Math.max(1, values)));
}

/** @param step only places 0, `step`, 2 `step`, … are taken, as rows 0, 1, 2, … */
function addLines(spill: RowSpill, { rows, indptr, indices, values }: CsrMatrix, first: number, step = 1): void {
  for (let line = 0; line < rows; line++) {
    for (let p = indptr[line]!; p < indptr[line + 1]!; p++) {
      if (indices[p]! % step === 0) spill.add(indices[p]! / step, first + line, values[p]!);
    }
  }
}
