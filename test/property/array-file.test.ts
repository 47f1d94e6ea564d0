import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeader, encodeArray, hashOfHeader, headerBytes } from '#store/array-file';
import { dtypeOf, itemSize, valuesOf, type ArrayValues } from '#store/stored-array';

const anyValues: fc.Arbitrary<ArrayValues> = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
);

/** A shape whose product is the number of values. */
function shapes(length: number): fc.Arbitrary<number[]> {
  const divisors = Array.from({ length }, (_, i) => i + 1).filter((d) => length % d === 0);
  const split = divisors.map((d) => [d, length / d]);
  return fc.constantFrom([length], [1, length, 1], ...split);
}

const anyArray = anyValues.chain((values) => shapes(values.length).map((shape) => ({ shape, values })));

describe('an array file', () => {
  test('tells format, shape and values of every array it was made of', () => {
    fc.assert(
      fc.property(anyArray, (array) => {
        const { header, payload, hash } = encodeArray(array);
        const read = decodeHeader(header);
        if (typeof read === 'string') throw new Error(read);
        expect(read.dtype).toBe(dtypeOf(array.values));
        expect(read.shape).toEqual(array.shape);
        expect(read.sizeBytes).toBe(array.values.length * itemSize(read.dtype));
        expect(valuesOf(read.dtype, Uint8Array.from(payload))).toEqual(array.values);
        expect(hash).toBe(hashOfHeader(header));
      }),
    );
  });

  test('has a name that only the same values, format and shape have', () => {
    fc.assert(
      fc.property(anyArray, anyArray, (a, b) => {
        const bytes = ({ values }: { values: ArrayValues }): string =>
          Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
        const same =
          dtypeOf(a.values) === dtypeOf(b.values) && a.shape.join() === b.shape.join() && bytes(a) === bytes(b);
        expect(encodeArray(a).hash === encodeArray(b).hash).toBe(same);
        expect(encodeArray({ ...a, values: a.values.slice() }).hash).toBe(encodeArray(a).hash);
      }),
    );
  });

  test('never says that a header with one changed bit is the file of that name', () => {
    fc.assert(
      fc.property(anyArray, fc.integer({ min: 0, max: headerBytes * 8 - 1 }), (array, bit) => {
        const { header, hash } = encodeArray(array);
        header[bit >> 3]! ^= 1 << (bit & 7);
        expect(hashOfHeader(header)).not.toBe(hash);
      }),
    );
  });

  test('refuses values that do not fill their shape', () => {
    fc.assert(
      fc.property(anyValues, fc.array(fc.nat({ max: 5 }), { maxLength: 3 }), (values, shape) => {
        fc.pre(shape.reduce((a, b) => a * b, 1) !== values.length);
        expect(() => encodeArray({ shape, values })).toThrow('encodeArray: shape');
      }),
    );
  });
});
