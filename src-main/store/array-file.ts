import { createHash } from 'node:crypto';
import {
  dtypeOf,
  dtypes,
  itemSize,
  valueCount,
  type ArrayShape,
  type ArrayValues,
  type DtypeName,
  type StoredArray,
} from './stored-array.ts';

/*
 * An array file, little-endian throughout:
 *   0    8 bytes   "CPXARRAY"
 *   8    uint32    version of this layout, 1
 *   12   uint32    number format: place in `dtypes`
 *   16   uint32    number of dimensions, 0 … 8
 *   20   uint32    zero
 *   24   8 uint64  lengths of the dimensions, outermost first, zeros after them
 *   88   uint64    bytes of the values
 *   96   32 bytes  SHA-256 of the values
 *   128  the values, row by row
 * The SHA-256 of the first 128 bytes names the file: equal content, equal name.
 */

export const headerBytes = 128;
export const arrayFileEnding = '.cpxarray';
const magic = 'CPXARRAY';
const layoutVersion = 1;
const maxDimensions = 8;

export interface ArrayHeader {
  readonly dtype: DtypeName;
  readonly shape: ArrayShape;
  readonly sizeBytes: number;
  /** SHA-256 of the values, hexadecimal. */
  readonly checksum: string;
}

/** An array as it will lie on disk. */
export interface EncodedArray {
  readonly hash: string;
  readonly dtype: DtypeName;
  readonly shape: ArrayShape;
  readonly header: Uint8Array;
  /** The values' own bytes, not a copy. */
  readonly payload: Uint8Array;
}

/** Header, name and bytes of an array. Throws where the number of values is not the product of the shape. */
export function encodeArray(array: StoredArray): EncodedArray {
  const { shape, values } = array;
  if (shape.length > maxDimensions || !shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new RangeError(`encodeArray: shape [${shape.join(', ')}]`);
  if (valueCount(shape) !== values.length)
    throw new RangeError(`encodeArray: shape [${shape.join(', ')}] with ${values.length} values`);
  const dtype = dtypeOf(values);
  const payload = bytesOf(values);
  const header = encodeHeader(dtype, shape, payload.byteLength, createHash('sha256').update(payload).digest());
  return { hash: hashOfHeader(header), dtype, shape: [...shape], header, payload };
}

/** The first bytes of the file of an array. @param checksum SHA-256 of its values */
export function encodeHeader(dtype: DtypeName, shape: ArrayShape, sizeBytes: number, checksum: Uint8Array): Uint8Array {
  const header = new Uint8Array(headerBytes);
  const view = new DataView(header.buffer);
  for (let i = 0; i < magic.length; i++) header[i] = magic.charCodeAt(i);
  view.setUint32(8, layoutVersion, true);
  view.setUint32(12, dtypes.indexOf(dtype), true);
  view.setUint32(16, shape.length, true);
  shape.forEach((length, i) => view.setBigUint64(24 + 8 * i, BigInt(length), true));
  view.setBigUint64(88, BigInt(sizeBytes), true);
  header.set(checksum, 96);
  return header;
}

/** What a header says, or the reason why it is none, in words that follow the name of the file. */
export function decodeHeader(header: Uint8Array): ArrayHeader | string {
  if (header.byteLength < headerBytes) return `is only ${header.byteLength} bytes long`;
  const view = new DataView(header.buffer, header.byteOffset, headerBytes);
  if (Buffer.from(header.subarray(0, magic.length)).toString('latin1') !== magic)
    return 'does not begin as an array file does';
  const version = view.getUint32(8, true);
  if (version !== layoutVersion) return `has layout ${version}, which is not known`;
  const dtype = dtypes[view.getUint32(12, true)];
  const dimensions = view.getUint32(16, true);
  if (dtype === undefined || dimensions > maxDimensions) return 'has a header that makes no sense';
  const shape = Array.from({ length: dimensions }, (_, i) => Number(view.getBigUint64(24 + 8 * i, true)));
  const sizeBytes = Number(view.getBigUint64(88, true));
  if (valueCount(shape) * itemSize(dtype) !== sizeBytes) return 'has a header that makes no sense';
  return { dtype, shape, sizeBytes, checksum: Buffer.from(header.subarray(96, headerBytes)).toString('hex') };
}

/** The name of the file with this header. */
export function hashOfHeader(header: Uint8Array): string {
  return createHash('sha256').update(header.subarray(0, headerBytes)).digest('hex');
}

/** The values' own bytes, not a copy. */
export function bytesOf(values: ArrayValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
