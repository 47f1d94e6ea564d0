import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import type { Chain } from '#core/chromatin/chain-map';
import { lineBatches } from '../text/read-lines.ts';
import { contigTable } from './contig-names.ts';
import type { GenomeLinesOptions } from './genome-lines.ts';

/** A chain whose blocks are being read. */
interface Open {
  readonly head: Omit<Chain, 'from' | 'to' | 'length'>;
  /** Where the blocks must end. */
  readonly ends: readonly [from: number, to: number];
  readonly from: number[];
  readonly to: number[];
  readonly length: number[];
  /** Where the next block begins. */
  next: [from: number, to: number];
}

/**
 * Reads the chains of a UCSC chain file (hg19ToHg38.over.chain.gz; gzip or not), in file order: the header
 * `chain score tName tSize tStrand tStart tEnd qName qSize qStrand qStart qEnd id`, then lines `size dt dq` and a last
 * line `size` (https://genome.ucsc.edu/goldenPath/help/chain.html). t is the genome that is led from. Memory follows the blocks.
 *
 * Throws `reading.malformed-chain` at the first line that does not fit, for a half-read chain would lead astray;
 * `reading.empty-file`, what `lineBatches` throws, and `Cancelled`.
 */
export async function readChain(path: string, { signal, progress }: GenomeLinesOptions = {}): Promise<Chain[]> {
  const table = await contigTable();
  const chains: Chain[] = [];
  let open: Open | null = null;
  let last = { line: 0, text: '' };
  const refuse = (problem: string): AppError => {
    const text = last.text.length > 80 ? `${last.text.slice(0, 80)}…` : last.text;
    return new AppError('reading.malformed-chain', { path: basename(path), line: last.line, text, problem });
  };
  const position = { bytesRead: 0 };
  let size = 0;
  for await (const { first, lines } of lineBatches(path, position)) {
    throwIfCancelled(signal);
    size ||= (await stat(path)).size;
    for (let i = 0; i < lines.length; i++) {
      if (lines[i]!.trim() === '' || lines[i]!.startsWith('#')) continue;
      last = { line: first + i, text: lines[i]! };
      const fields = lines[i]!.trim().split(/\s+/);
      if (fields[0] === 'chain') {
        if (open !== null) throw refuse('the chain before it is not finished');
        open = headOf(fields, (name) => table.nameOf(name), refuse);
      } else {
        if (open === null) throw refuse('it belongs to no chain');
        const done = takeBlock(open, fields, refuse);
        if (done !== null) chains.push(done);
        if (done !== null) open = null;
      }
    }
    progress?.(Math.min(1, position.bytesRead / size));
  }
  if (last.line === 0) throw new AppError('reading.empty-file', { file: basename(path) });
  if (open !== null) throw refuse('the file ends within a chain');
  return chains;
}

function headOf(
  fields: readonly string[],
  nameOf: (name: string) => string,
  refuse: (problem: string) => AppError,
): Open {
  if (fields.length < 12) throw refuse(`${fields.length} fields where a chain begins with 12 or more`);
  const [size, start, end, toSize, toStart, toEnd] = [3, 5, 6, 8, 10, 11].map((at) => whole(fields[at]!, refuse)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (fields[4] !== '+') throw refuse('its first genome is not on the forward strand');
  if (fields[9] !== '+' && fields[9] !== '-') throw refuse(`"${fields[9]}" is no strand`);
  if (!(start < end && end <= size && toStart < toEnd && toEnd <= toSize))
    throw refuse('its ends do not fit its sizes');
  return {
    head: { contig: nameOf(fields[2]!), size, toContig: nameOf(fields[7]!), toSize, reverse: fields[9] === '-' },
    ends: [end, toEnd],
    from: [],
    to: [],
    length: [],
    next: [start, toStart],
  };
}

/** Adds a block; gives the chain if that was its last. */
function takeBlock(open: Open, fields: readonly string[], refuse: (problem: string) => AppError): Chain | null {
  if (fields.length !== 1 && fields.length !== 3) throw refuse(`${fields.length} fields where a block has 1 or 3`);
  const [length, gap = 0, toGap = 0] = fields.map((field) => whole(field, refuse)) as [number, number?, number?];
  const [from, to] = open.next;
  if (length === 0) throw refuse('a block without a base');
  if (from + length > open.ends[0] || to + length > open.ends[1]) throw refuse('its blocks reach beyond its end');
  open.from.push(from);
  open.to.push(to);
  open.length.push(length);
  if (fields.length === 3) {
    open.next = [from + length + gap, to + length + toGap];
    return null;
  }
  if (from + length !== open.ends[0] || to + length !== open.ends[1]) throw refuse('its blocks do not reach its end');
  return {
    ...open.head,
    from: Int32Array.from(open.from),
    to: Int32Array.from(open.to),
    length: Int32Array.from(open.length),
  };
}

function whole(text: string, refuse: (problem: string) => AppError): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value <= 2 ** 31 - 1)) throw refuse(`"${text}" is no position`);
  return value;
}
