import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { contigKey } from '#core/chromatin/contigs';
import type { MemberPlace } from '../text/whole-lines.ts';

/** Windows of the linear index are 2¹⁴ bases wide (SAM/BAM and tabix specifications, samtools/hts-specs). */
const windowShift = 14;

/** For every contig, where in the bgzip file the first line lies that reaches into each window of 16 384 bases. */
export class TabixIndex {
  /** contigKey → virtual offsets by window: place of the block · 2¹⁶ + bytes in it; 0 where none is known. */
  readonly #windows: ReadonlyMap<string, BigUint64Array>;

  constructor(windows: ReadonlyMap<string, BigUint64Array>) {
    this.#windows = windows;
  }

  /** Where to begin for the lines of a contig that reach to `start` or behind it; null if there are none. */
  placeOf(contig: string, start: number): MemberPlace | null {
    const windows = this.#windows.get(contigKey(contig));
    if (windows === undefined) return null;
    for (let w = start >>> windowShift; w < windows.length; w++) {
      const offset = windows[w]!;
      if (offset !== 0n) return { member: Number(offset >> 16n), skip: Number(offset & 0xffffn) };
    }
    return null;
  }
}

/**
 * Reads a `.tbi` file. Gives back a sentence that says what is wrong with it where it is none: an index only saves
 * time, so that the caller can do without.
 */
export async function readTabixIndex(path: string): Promise<TabixIndex | string> {
  let bytes: Buffer;
  try {
    bytes = await promisify(gunzip)(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return 'there is no index beside the file';
    return `the index cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  try {
    return new TabixIndex(windowsOf(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'the index is no tabix index';
  }
}

/** Throws a `RangeError` for bytes that are no index. */
function windowsOf(bytes: Buffer): Map<string, BigUint64Array> {
  if (bytes.toString('latin1', 0, 4) !== 'TBI\x01') throw new RangeError('magic');
  const contigs = bytes.readInt32LE(4);
  const namesEnd = 36 + bytes.readInt32LE(32);
  const names = bytes.toString('utf8', 36, namesEnd).split('\0');
  const windows = new Map<string, BigUint64Array>();
  let at = namesEnd;
  for (let i = 0; i < contigs; i++) {
    const bins = bytes.readInt32LE(at);
    at += 4;
    for (let bin = 0; bin < bins; bin++) at += 8 + 16 * bytes.readInt32LE(at + 4);
    const count = bytes.readInt32LE(at);
    at += 4;
    if (count < 0 || at + 8 * count > bytes.length) throw new RangeError('length');
    const offsets = new BigUint64Array(count);
    for (let w = 0; w < count; w++) offsets[w] = bytes.readBigUInt64LE(at + 8 * w);
    at += 8 * count;
    windows.set(contigKey(names[i]!), offsets);
  }
  return windows;
}
