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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { offset, stride } = layout;
  if (type.kind === 'float') {
    if (stride === type.bytes && (bytes.byteOffset + offset) % type.bytes === 0 && type.bytes > 2) {
      const from = bytes.byteOffset + offset;
      out.set(
        type.bytes === 4 ? new Float32Array(bytes.buffer, from, count) : new Float64Array(bytes.buffer, from, count),
        at,
      );
      return;
    }
    const read = { 2: halfAt, 4: floatAt, 8: doubleAt }[type.bytes]!;
    for (let i = 0, p = offset; i < count; i++, p += stride) out[at + i] = read(view, p);
    return;
  }
  if (type.bytes === 8) {
    for (let i = 0, p = offset; i < count; i++, p += stride) out[at + i] = wideAt(view, p, type.signed);
    return;
  }
  const signed = type.signed;
  for (let i = 0, p = offset; i < count; i++, p += stride) {
    out[at + i] =
      type.bytes === 4
        ? signed
          ? view.getInt32(p, true)
          : view.getUint32(p, true)
        : type.bytes === 2
          ? signed
            ? view.getInt16(p, true)
            : view.getUint16(p, true)
          : signed
            ? view.getInt8(p)
            : view.getUint8(p);
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

function floatAt(view: DataView, p: number): number {
  return view.getFloat32(p, true);
}

function doubleAt(view: DataView, p: number): number {
  return view.getFloat64(p, true);
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
