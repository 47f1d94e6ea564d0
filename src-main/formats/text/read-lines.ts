import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { byteBlocks, type Position } from './byte-blocks.ts';

const longestLine = 64 << 20;

/**
 * The lines of a text file (gzip or not), without their line breaks (LF or CRLF), in batches.
 * `first` is the number of the batch's first line, counted from 1. Lines of more than 64 MB are refused.
 */
export async function* lineBatches(
  path: string,
  position?: Position,
): AsyncGenerator<{ first: number; lines: string[] }> {
  let rest: Buffer = Buffer.alloc(0);
  let first = 1;
  for await (const block of byteBlocks(path, position)) {
    const end = block.lastIndexOf(10);
    if (end === -1) {
      rest = Buffer.concat([rest, block]);
      if (rest.length > longestLine) {
        throw new AppError('reading.line-too-long', {
          file: basename(path),
          line: first,
          megabytes: longestLine >> 20,
        });
      }
      continue;
    }
    const lines = textLines(Buffer.concat([rest, block.subarray(0, end)]));
    rest = block.subarray(end + 1);
    yield { first, lines };
    first += lines.length;
  }
  if (rest.length > 0) yield { first, lines: textLines(rest) };
}

/** All lines of a small text file. */
export async function readLines(path: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { lines } of lineBatches(path)) for (const line of lines) all.push(line);
  return all;
}

/** The first lines of a text file, at most `count`. */
export async function firstLines(path: string, count: number): Promise<string[]> {
  const all: string[] = [];
  for await (const { lines } of lineBatches(path)) {
    for (const line of lines) {
      if (all.length === count) return all;
      all.push(line);
    }
  }
  return all;
}

function textLines(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n');
  for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
  return lines;
}
