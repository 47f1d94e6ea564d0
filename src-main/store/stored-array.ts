/** Number formats an array file can hold; the order is part of the file format. */
export const dtypes = ['float32', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'] as const;
export type DtypeName = (typeof dtypes)[number];

export type ArrayValues =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** Lengths of the dimensions, outermost first; [] is a single number. */
export type ArrayShape = readonly number[];

/** Values row by row with their shape; `values.length` is the product of the shape. */
export interface StoredArray {
  readonly shape: ArrayShape;
  readonly values: ArrayValues;
}

/** Values that come piece by piece, where all of them at once would be too many for memory. */
export interface StreamedArray {
  readonly dtype: DtypeName;
  readonly shape: ArrayShape;
  /** The values in order; every piece has the number format `dtype`. Asked for once. */
  pieces(): AsyncIterable<ArrayValues> | Iterable<ArrayValues>;
}

/** Arrays by name and a JSON value that describes them: a checkpoint or a model. */
export interface StoredArrays {
  readonly kind: string;
  readonly description: unknown;
  readonly arrays: Readonly<Record<string, StoredArray>>;
}

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const satisfies Record<DtypeName, unknown>;

/** The number format of a typed array. */
export function dtypeOf(values: ArrayValues): DtypeName {
  const found = dtypes.find((name) => values instanceof constructors[name]);
  if (found === undefined) throw new TypeError(`dtypeOf: ${Object.prototype.toString.call(values)} cannot be stored`);
  return found;
}

/** Bytes of one value. */
export function itemSize(dtype: DtypeName): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** Bytes as numbers of a format, without copying. The bytes begin at a multiple of the item size. */
export function valuesOf(dtype: DtypeName, bytes: Uint8Array<ArrayBuffer>): ArrayValues {
  return new constructors[dtype](bytes.buffer, bytes.byteOffset, bytes.byteLength / itemSize(dtype));
}

/** Number of values of a shape; 1 for []. */
export function valueCount(shape: ArrayShape): number {
  return shape.reduce((product, length) => product * length, 1);
}
