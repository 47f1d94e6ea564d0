import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { contigKey } from '#core/chromatin/contigs';
import type { MemberPlace } from '../text/whole-lines.ts';

/** Windows of the linear index are 2¹⁴ bases wide (SAM/BAM and tabix specifications, samtools/hts-specs). */
const windowShift = 14;

/** Not a bin of places but of counts, which some programs write. */
const countsBin = 37_450;

/** Where the lines of a contig lie; places are "virtual": place of the block · 2¹⁶ + bytes in it. */
interface ContigPlaces {
  /** Place of its first line. */
  readonly first: bigint;
  /** Place of the first line that reaches into each window of 16 384 bases; 0 where none is known. */
  readonly windows: BigUint64Array;
}

/** For every contig, where in the bgzip file its lines lie. */
export class TabixIndex {
  /** By `contigKey`. */
  readonly #contigs: ReadonlyMap<string, ContigPlaces>;

  constructor(contigs: ReadonlyMap<string, ContigPlaces>) {
    this.#contigs = contigs;
  }

  /** Where to begin for the lines of a contig that reach to `start` or behind it; null if there are none. */
  placeOf(contig: string, start: number): MemberPlace | null {
    const places = this.#contigs.get(contigKey(contig));
    const window = start >>> windowShift;
    if (places === undefined || window >= places.windows.length) return null;
    const known = places.windows[window]!;
    const offset = known > places.first ? known : places.first;
    return { member: Number(offset >> 16n), skip: Number(offset & 0xffffn) };
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
    return new TabixIndex(contigsOf(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'the index is no tabix index';
  }
}

/** Throws a `RangeError` for bytes that are no index. */
function contigsOf(bytes: Buffer): Map<string, ContigPlaces> {
  if (bytes.toString('latin1', 0, 4) !== 'TBI\x01') throw new RangeError('magic');
  const count = bytes.readInt32LE(4);
  const namesEnd = 36 + bytes.readInt32LE(32);
  const names = bytes.toString('utf8', 36, namesEnd).split('\0');
  const contigs = new Map<string, ContigPlaces>();
  let at = namesEnd;
  for (let i = 0; i < count; i++) {
    let first: bigint | null = null;
    const bins = bytes.readInt32LE(at);
    at += 4;
    for (let bin = 0; bin < bins; bin++) {
      const number = bytes.readUInt32LE(at);
      const chunks = bytes.readInt32LE(at + 4);
      at += 8;
      for (let chunk = 0; chunk < chunks; chunk++, at += 16) {
        const begin = bytes.readBigUInt64LE(at);
        if (number !== countsBin && (first === null || begin < first)) first = begin;
      }
    }
    const length = bytes.readInt32LE(at);
    at += 4;
    if (length < 0 || at + 8 * length > bytes.length) throw new RangeError('length');
    const windows = new BigUint64Array(length);
    for (let w = 0; w < windows.length; w++, at += 8) windows[w] = bytes.readBigUInt64LE(at);
    if (first !== null) contigs.set(contigKey(names[i]!), { first, windows });
  }
  return contigs;
}
