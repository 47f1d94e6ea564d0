import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, type WireArray } from '#contract/wire-format';

const typedArray: fc.Arbitrary<WireArray> = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
);
const leaf = fc.oneof(
  typedArray,
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)), // JSON has no −0
);
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', 'toString', 'arrays', 'value'));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

describe('a frame', () => {
  test('gives back every value with typed arrays at any depth, bit for bit', () => {
    fc.assert(
      fc.property(value, (sent) => {
        const frame = encodeFrame(sent);
        expect(frame.byteLength % 8).toBe(0);
        expect(isDeepStrictEqual(decodeFrame(frame.buffer), sent)).toBe(true); // toStrictEqual trips over a key called constructor
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  test('keeps the bits of numbers that are not numbers inside typed arrays', () => {
    const sent = { values: Float32Array.of(NaN, -0, Infinity) };
    expect(decodeFrame(encodeFrame(sent).buffer)).toStrictEqual(sent);
  });

  test('holds only the part of the buffer a view shows', () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(decodeFrame(encodeFrame({ part: whole.subarray(1, 3) }).buffer)).toStrictEqual({
      part: Float64Array.of(2, 3),
    });
  });

  test('leaves the prototype of what it decodes alone', () => {
    const sent = Object.fromEntries([['__proto__', Float32Array.of(1)]]);
    const got = decodeFrame(encodeFrame(sent).buffer) as object;
    expect(Object.getPrototypeOf(got)).toBe(Object.prototype);
    expect(Object.keys(got)).toEqual(['__proto__']);
  });

  test.each<[string, unknown]>([
    ['NaN at a.1', { a: [1, NaN] }],
    ['Infinity at a', { a: Infinity }],
    ['an object of Map at the top', new Map()],
    ['an object of Date at when', { when: new Date(0) }],
    ['a function at f', { f: () => 1 }],
    ['a bigint at n', { n: 10n }],
    ['BigInt64Array at n', { n: BigInt64Array.of(1n) }],
  ])('refuses what JSON would change silently: %s', (place, sent) => {
    expect(() => encodeFrame(sent)).toThrow(place);
  });

  test('refuses bytes that are not a whole frame', () => {
    const frame = encodeFrame({ values: Float64Array.of(1, 2, 3) });
    expect(() => decodeFrame(new ArrayBuffer(4))).toThrow('4 bytes');
    expect(() => decodeFrame(new TextEncoder().encode('<!doctype html>').buffer)).toThrow('do not begin as a frame');
    expect(() => decodeFrame(frame.buffer.slice(0, 12))).toThrow('the head has');
    expect(() => decodeFrame(frame.buffer.slice(0, frame.byteLength - 8))).toThrow('values ends at byte');
  });
});
