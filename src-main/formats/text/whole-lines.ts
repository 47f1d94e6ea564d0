import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { byteBlocks, type Position } from './byte-blocks.ts';

const longestLine = 1 << 20;

/** Where in a packed file reading begins: a gzip member, and how many of its unpacked bytes come before. */
export interface MemberPlace {
  readonly member: number;
  readonly skip: number;
}

/**
 * The bytes of a text file (gzip or not) in pieces that end with a line break; one is put behind the last line if it
 * has none. For readers that go over the bytes themselves and count the lines: they keep `position.lines`.
 *
 * Throws `reading.line-too-long` above 1 MB and what `byteBlocks` throws.
 */
export async function* wholeLines(
  path: string,
  position: Position & { lines: number },
  from: MemberPlace = { member: 0, skip: 0 },
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  let skip = from.skip;
  for await (const piece of byteBlocks(path, position, from.member)) {
    const block = piece.subarray(skip);
    skip -= piece.length - block.length;
    const first = block.indexOf(10);
    if (first === -1) {
      held.push(block);
      length += block.length;
      if (length > longestLine) {
        const line = position.lines + 1;
        throw new AppError('reading.line-too-long', { file: basename(path), line, megabytes: longestLine >> 20 });
      }
      continue;
    }
    if (length > 0) yield Buffer.concat([...held, block.subarray(0, first + 1)]);
    const begin = length > 0 ? first + 1 : 0;
    const end = block.lastIndexOf(10) + 1;
    if (end > begin) yield block.subarray(begin, end);
    held = end < block.length ? [Buffer.from(block.subarray(end))] : [];
    length = block.length - end;
  }
  if (length > 0) yield Buffer.concat([...held, Buffer.from('\n')]);
}
