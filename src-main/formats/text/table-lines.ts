import type { Position } from './byte-blocks.ts';
import { fileStart, lineBlocks, type LinePlace } from './line-blocks.ts';

/** The lines of a table that are rows, as places in a block of bytes. */
export interface TableLines {
  readonly bytes: Buffer;
  /** Where `bytes` begins in the (unpacked) file. */
  readonly at: number;
  /** Begin and end of each row in `bytes`, without its line break (LF or CRLF), and its number, counted from 1. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
  readonly lines: readonly number[];
}

/**
 * The rows of a table (gzip or not) as `tableRows` gives them, header included, without taking them apart: what it
 * takes to go over a large file quickly. Throws what `lineBlocks` throws.
 *
 * @param from the beginning of a row; then no line counts as a comment
 */
export async function* tableLines(
  path: string,
  position?: Position,
  from: LinePlace = fileStart,
): AsyncGenerator<TableLines> {
  let begun = from !== fileStart;
  for await (const { first, at, bytes } of lineBlocks(path, position, from)) {
    const begins: number[] = [];
    const ends: number[] = [];
    const lines: number[] = [];
    for (let begin = 0, line = first; begin < bytes.length; line++) {
      const found = bytes.indexOf(10, begin);
      const next = found === -1 ? bytes.length : found + 1;
      let end = found === -1 ? bytes.length : found;
      if (end > begin && bytes[end - 1] === 13) end--;
      if (!isBlank(bytes, begin, end) && (begun || bytes[begin] !== 35)) {
        begun = true;
        begins.push(begin);
        ends.push(end);
        lines.push(line);
      }
      begin = next;
    }
    yield { bytes, at, begins, ends, lines };
  }
}

/** Whether a line is blanks only, those of Unicode included. */
function isBlank(bytes: Buffer, begin: number, end: number): boolean {
  if (begin === end) return true;
  const first = bytes[begin]!;
  if (first > 32 && first < 128) return false;
  return bytes.toString('utf8', begin, end).trim() === '';
}
