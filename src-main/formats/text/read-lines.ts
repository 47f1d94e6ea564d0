import type { Position } from './byte-blocks.ts';
import { lineBlocks } from './line-blocks.ts';

/**
 * The lines of a text file (gzip or not), without their line breaks (LF or CRLF), in batches.
 * `first` is the number of the batch's first line, counted from 1. Throws what `lineBlocks` throws.
 */
export async function* lineBatches(
  path: string,
  position?: Position,
): AsyncGenerator<{ first: number; lines: string[] }> {
  for await (const { first, bytes } of lineBlocks(path, position)) {
    const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
    yield { first, lines: textLines(bytes.subarray(0, end)) };
  }
}

/** All lines of a small text file. */
export async function readLines(path: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { lines } of lineBatches(path)) for (const line of lines) all.push(line);
  return all;
}

/**
 * The first lines of a text file, at most `count`.
 * @param mostBytes lines beyond this size are left out, three at least are read
 */
export async function firstLines(path: string, count: number, mostBytes = Infinity): Promise<string[]> {
  const all: string[] = [];
  let bytes = 0;
  for await (const { lines } of lineBatches(path)) {
    for (const line of lines) {
      if (all.length === count || (bytes > mostBytes && all.length >= 3)) return all;
      all.push(line);
      bytes += line.length;
    }
  }
  return all;
}

function textLines(bytes: Buffer): string[] {
  const lines = bytes.toString('utf8').split('\n');
  for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
  return lines;
}
