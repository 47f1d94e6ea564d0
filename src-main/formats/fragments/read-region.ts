import { throwIfCancelled } from '#core/base/cancel';
import { contigKey } from '#core/chromatin/contigs';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import type { Interval } from '#core/chromatin/interval-index';
import { contigTable } from '../intervals/contig-names.ts';
import { fileHead, type Position } from '../text/byte-blocks.ts';
import { type MemberPlace, wholeLines } from '../text/whole-lines.ts';
import { FragmentParser } from './fragment-parser.ts';
import { type FragmentOptions, FragmentReading } from './fragment-reading.ts';
import { NameTable } from './name-table.ts';
import { readTabixIndex, type TabixIndex } from './tabix-index.ts';

/** The fragments of one region. */
export interface RegionFragments {
  /** Those that share a base with the region, in file order; none where the region has none. */
  readonly blocks: readonly FragmentBlock[];
  /** Whether the index led there; else the whole file was read, for this reason. */
  readonly indexed: boolean;
  readonly reason: string;
}

/** Small, because a region has few fragments. */
const blockSize = 4096;

/**
 * The fragments that share a base with `region`, by the tabix index beside the file (FILE.tbi) where it has one that
 * fits; else by reading the whole file. Contigs are compared by `contigKey`.
 *
 * Throws what iterating a `FragmentReading` throws when the whole file is read; malformed lines in the region are
 * passed over when the index is used.
 */
export async function readRegion(
  path: string,
  region: Interval,
  options: FragmentOptions = {},
): Promise<RegionFragments> {
  const index = await readTabixIndex(`${path}.tbi`);
  const reason = typeof index === 'string' ? index : 'the index does not fit the file';
  const found = typeof index === 'string' ? null : await byIndex(path, region, index, options);
  if (found !== null) return { blocks: found, indexed: true, reason: '' };
  const blocks: FragmentBlock[] = [];
  for await (const block of new FragmentReading(path, options)) {
    const part = withinRegion(block, region);
    if (part !== null) blocks.push(part);
  }
  return { blocks, indexed: false, reason };
}

/** Null if what the index points to is not what it should be. */
async function byIndex(
  path: string,
  region: Interval,
  index: TabixIndex,
  { signal, barcodePrefix = '' }: FragmentOptions,
): Promise<FragmentBlock[] | null> {
  const place = index.placeOf(region.contig, region.start);
  if (place === null) return [];
  if (!(await isMember(path, place))) return null;
  const barcodes = new NameTable(barcodePrefix === '' ? undefined : (name) => barcodePrefix + name);
  const table = await contigTable();
  const parser = new FragmentParser(blockSize, new NameTable((name) => table.nameOf(name)), barcodes);
  const position: Position & { lines: number } = { bytesRead: 0, lines: 0 };
  const blocks: FragmentBlock[] = [];
  let begun = false;
  /** Whether the region ends before the end of this block; null if the block should not be here at all. */
  const takes = (block: FragmentBlock): boolean | null => {
    const key = contigKey(region.contig);
    if (!begun && contigKey(block.contigs[block.contig[0]!]!) !== key) return null;
    begun = true;
    const part = withinRegion(block, region);
    if (part !== null) blocks.push(part);
    const last = block.length - 1;
    return contigKey(block.contigs[block.contig[last]!]!) !== key || block.start[last]! >= region.end;
  };
  for await (const bytes of wholeLines(path, position, place)) {
    throwIfCancelled(signal);
    for (let at = 0; at < bytes.length;) {
      at = parser.parse(bytes, at, bytes.length);
      const block = parser.take(false);
      const done = block === null ? false : takes(block);
      if (done === null) return null;
      if (done) return blocks;
    }
    position.lines = parser.lines;
    // A place in the middle of a line shows at the first one.
    if (!begun && parser.malformed.examples[0]?.line === 1) return null;
  }
  const rest = parser.take(true);
  return rest !== null && takes(rest) === null ? null : blocks;
}

/** Whether a gzip member begins at the place. */
async function isMember(path: string, { member }: MemberPlace): Promise<boolean> {
  const head = await fileHead(path, 2, member);
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The fragments of a block that share a base with the region; null if none does. */
function withinRegion(block: FragmentBlock, region: Interval): FragmentBlock | null {
  const key = contigKey(region.contig);
  const same = block.contigs.map((contig) => contigKey(contig) === key);
  const rows: number[] = [];
  for (let i = 0; i < block.length; i++) {
    if (same[block.contig[i]!] && block.start[i]! < region.end && block.end[i]! > region.start) rows.push(i);
  }
  if (rows.length === 0) return null;
  const at = (column: Int32Array): Int32Array => Int32Array.from(rows, (i) => column[i]!);
  return {
    ...block,
    length: rows.length,
    contig: at(block.contig),
    start: at(block.start),
    end: at(block.end),
    barcode: at(block.barcode),
    count: block.count === null ? null : Float32Array.from(rows, (i) => block.count![i]!),
  };
}
