import type { ElementType, NumericType } from './element-type.ts';

/** Where the elements lie in a run of bytes: element i starts at `offset + i * stride`. */
export interface Layout {
  readonly offset: number;
  readonly stride: number;
}

/** A whole number that a float64 cannot hold exactly. */
export class NumberTooLarge extends Error {
  override readonly name = 'NumberTooLarge';
  readonly value: bigint;
  constructor(value: bigint) {
    super(`${value} is not exact as a float64`);
    this.value = value;
  }
}

/**
 * Decodes `count` numbers into `out` from place `at` on. 64-bit whole numbers must be exact in float64,
 * else `NumberTooLarge` is thrown.
 */
export function decodeNumbers(
  type: NumericType,
  bytes: Uint8Array,
  layout: Layout,
  count: number,
  out: Float64Array | Float32Array,
  at: number,
): void {
  const { offset, stride } = layout;
  const from = bytes.byteOffset + offset;
  const Values = nativeArrays[`${type.kind === 'float' ? 'float' : type.signed ? 'signed' : 'unsigned'}${type.bytes}`];
  if (Values !== undefined && stride === type.bytes && from % type.bytes === 0) {
    out.set(new Values(bytes.buffer, from, count), at);
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readerOf(type);
  for (let i = 0, p = offset; i < count; i++, p += stride) out[at + i] = read(view, p);
}

/** Arrays of this machine's own numbers, which are little-endian as the file's bytes are once the library hands them over. */
const nativeArrays: Readonly<
  Record<string, new (buffer: ArrayBufferLike, from: number, count: number) => ArrayLike<number>>
> = {
  float4: Float32Array,
  float8: Float64Array,
  signed1: Int8Array,
  signed2: Int16Array,
  signed4: Int32Array,
  unsigned1: Uint8Array,
  unsigned2: Uint16Array,
  unsigned4: Uint32Array,
};

function readerOf(type: NumericType): (view: DataView, p: number) => number {
  if (type.kind === 'float') {
    if (type.bytes === 2) return halfAt;
    return type.bytes === 4 ? (view, p) => view.getFloat32(p, true) : (view, p) => view.getFloat64(p, true);
  }
  const { signed } = type;
  switch (type.bytes) {
    case 1:
      return signed ? (view, p) => view.getInt8(p) : (view, p) => view.getUint8(p);
    case 2:
      return signed ? (view, p) => view.getInt16(p, true) : (view, p) => view.getUint16(p, true);
    case 4:
      return signed ? (view, p) => view.getInt32(p, true) : (view, p) => view.getUint32(p, true);
    default:
      return (view, p) => wideAt(view, p, signed);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const western = new TextDecoder('windows-1252');

/** Text of any bytes: UTF-8 where it is valid, else the Western encoding that older programs wrote without saying so. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

/** Text of fixed width: up to the first zero byte, without padding. */
export function decodeFixedTexts(
  type: Extract<ElementType, { kind: 'text' }>,
  bytes: Uint8Array,
  layout: Layout,
  count: number,
): string[] {
  const texts = new Array<string>(count);
  for (let i = 0, p = layout.offset; i < count; i++, p += layout.stride) {
    let end = p;
    while (end < p + type.bytes && bytes[end] !== 0) end++;
    if (type.spacePadded) while (end > p && bytes[end - 1] === 0x20) end--;
    texts[i] = decodeText(bytes.subarray(p, end));
  }
  return texts;
}

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. */
function halfAt(view: DataView, p: number): number {
  const bits = view.getUint16(p, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function wideAt(view: DataView, p: number, signed: boolean): number {
  const low = view.getUint32(p, true);
  const high = signed ? view.getInt32(p + 4, true) : view.getUint32(p + 4, true);
  const value = high * 4294967296 + low;
  if (!Number.isSafeInteger(value))
    throw new NumberTooLarge(signed ? view.getBigInt64(p, true) : view.getBigUint64(p, true));
  return value;
}
