import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** The empty block that ends a bgzip file. */
const end = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

/** Text as a bgzip file (SAM specification, 4.1): gzip members of at most `most` unpacked bytes, and where each begins. */
export function bgzip(text: string, most = 65_280): { bytes: Buffer; members: { at: number; unpacked: number }[] } {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  const members: { at: number; unpacked: number }[] = [];
  let at = 0;
  for (let from = 0; from < bytes.length; from += most) {
    const piece = bytes.subarray(from, from + most);
    const packed = deflateRawSync(piece);
    const head = Buffer.alloc(18);
    Buffer.from('1f8b08040000000000ff060042430200', 'hex').copy(head);
    head.writeUInt16LE(packed.length + 25, 16);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(crc32(piece), 0);
    tail.writeUInt32LE(piece.length, 4);
    members.push({ at, unpacked: from });
    parts.push(head, packed, tail);
    at += 18 + packed.length + 8;
  }
  return { bytes: Buffer.concat([...parts, end]), members };
}

/** A tabix index of sorted fragments in such a file: the linear index (16 384 bases to a window) and one bin of one chunk. */
export function tabixIndex(text: string, members: readonly { at: number; unpacked: number }[]): Buffer {
  const windows = new Map<string, bigint[]>();
  let byte = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const [contig, start, stop] = line.split('\t') as [string, string, string];
    const member = members.findLast(({ unpacked }) => unpacked <= byte)!;
    const offset = (BigInt(member.at) << 16n) | BigInt(byte - member.unpacked);
    if (!line.startsWith('#')) {
      const list = windows.get(contig) ?? [];
      windows.set(contig, list);
      for (let w = Number(start) >> 14; w <= (Number(stop) - 1) >> 14; w++) list[w] ??= offset;
    }
    byte += Buffer.byteLength(line);
  }
  const int = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
  const names = Buffer.from([...windows.keys()].map((name) => `${name}\0`).join(''));
  const head = Buffer.concat([Buffer.from('TBI\x01'), int(windows.size, 0x10000, 1, 2, 3, 35, 0, names.length), names]);
  const contigs = [...windows.values()].map((list) => {
    // Where no line reaches a window, the place of the one before stands, as tabix writes it.
    const filled = Array.from(list, (_, w) => list.slice(0, w + 1).findLast((offset) => offset !== undefined) ?? 0n);
    const chunk = BigUint64Array.of(
      list.find((offset) => offset !== undefined)!,
      2n ** 62n,
    );
    const offsets = Buffer.from(BigUint64Array.from(filled).buffer);
    return Buffer.concat([int(1, 0, 1), Buffer.from(chunk.buffer), int(filled.length), offsets]);
  });
  return gzipSync(Buffer.concat([head, ...contigs]));
}
