import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { byteBlocks, newlines, type Position } from './byte-blocks.ts';

/** Whole lines of a text file, as bytes. */
export interface LineBlock {
  /** Number of the first line, counted from 1. */
  readonly first: number;
  /** Where the bytes begin in the (unpacked) file. */
  readonly at: number;
  /** Lines with their line breaks; the last line of a file may have none. */
  readonly bytes: Buffer;
}

/** The beginning of a line; only in files that are not packed can reading start elsewhere than at their beginning. */
export interface LinePlace {
  readonly line: number;
  readonly byte: number;
}

export const fileStart: LinePlace = { line: 1, byte: 0 };

const longestLine = 64 << 20;

/**
 * The whole lines of a text file (gzip or not), block by block. Memory is a few blocks and the longest line.
 * Lines of more than 64 MB are refused with `reading.line-too-long`; further errors are those of `byteBlocks`.
 */
export async function* lineBlocks(
  path: string,
  position: Position = { bytesRead: 0 },
  from: LinePlace = fileStart,
): AsyncGenerator<LineBlock> {
  let { line, byte } = from;
  let begun = false;
  let parts: Buffer[] = [];
  let held = 0;
  for await (const block of byteBlocks(path, position, from.byte)) {
    if (!begun) byte += position.markBytes ?? 0;
    begun = true;
    const end = block.lastIndexOf(10) + 1;
    if (end === 0) {
      parts.push(block);
      held += block.length;
      if (held > longestLine) {
        throw new AppError('reading.line-too-long', { file: basename(path), line, megabytes: longestLine >> 20 });
      }
      continue;
    }
    const bytes = held === 0 ? block.subarray(0, end) : Buffer.concat([...parts, block.subarray(0, end)]);
    parts = end < block.length ? [block.subarray(end)] : [];
    held = block.length - end;
    yield { first: line, at: byte, bytes };
    line += newlines(bytes);
    byte += bytes.length;
  }
  if (held > 0) yield { first: line, at: byte, bytes: Buffer.concat(parts) };
}
