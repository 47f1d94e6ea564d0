/**
 * The browser front's form of a value with typed arrays in it: a JSON head and the arrays as they lie in memory,
 * so that a million coordinates cross as bytes and not as text. The desktop window needs none of this: Electron
 * copies typed arrays itself.
 *
 *     "CPX1" · head length (uint32) · head (JSON, UTF-8) · arrays, each at a multiple of 8 bytes
 *     head = { value, arrays: [{ path, type, length }] }      numbers are little-endian
 *
 * In `value` null stands where an array belongs; `path` says where that is.
 */
const magic = 0x31585043; // "CPX1"
const prefix = 8;

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayType = keyof typeof arrayTypes;
export type WireArray = InstanceType<(typeof arrayTypes)[ArrayType]>;

type Key = string | number;
interface Head {
  readonly value: unknown;
  readonly arrays: readonly { readonly path: readonly Key[]; readonly type: ArrayType; readonly length: number }[];
}

/**
 * The bytes of a value: JSON, and typed arrays at any depth. As in JSON, a field that is undefined is left out.
 * @throws Error naming the place, for what JSON would change silently (NaN, infinities, functions, other typed arrays)
 */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { path: readonly Key[]; type: ArrayType; values: WireArray }[] = [];
  const plain = withoutArrays(value, [], arrays);
  const head: Head = {
    value: plain,
    arrays: arrays.map(({ path, type, values }) => ({ path, type, length: values.length })),
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  let size = aligned(prefix + headBytes.length);
  for (const { values } of arrays) size = aligned(size + values.byteLength);

  const frame = new Uint8Array(size);
  const view = new DataView(frame.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, headBytes.length, true);
  frame.set(headBytes, prefix);
  let at = aligned(prefix + headBytes.length);
  for (const { values } of arrays) {
    frame.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at = aligned(at + values.byteLength);
  }
  return frame;
}

/**
 * The value a frame was made of. Its typed arrays look into `frame`; nothing is copied.
 * @throws Error if these are not the bytes of a whole frame
 */
export function decodeFrame(frame: ArrayBuffer): unknown {
  const view = new DataView(frame);
  if (frame.byteLength < prefix || view.getUint32(0, true) !== magic) {
    throw new Error(`decodeFrame: ${frame.byteLength} bytes that do not begin as a frame does`);
  }
  const headLength = view.getUint32(4, true);
  if (prefix + headLength > frame.byteLength) {
    throw new Error(`decodeFrame: the head has ${headLength} bytes, the frame ${frame.byteLength}`);
  }
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, prefix, headLength))) as Head;
  const holder = { value: head.value };
  let at = aligned(prefix + headLength);
  for (const { path, type, length } of head.arrays) {
    const end = at + length * arrayTypes[type].BYTES_PER_ELEMENT;
    if (end > frame.byteLength) {
      throw new Error(`decodeFrame: ${path.join('.')} ends at byte ${end}, the frame at ${frame.byteLength}`);
    }
    put(holder, ['value', ...path], new arrayTypes[type](frame, at, length));
    at = aligned(end);
  }
  return holder.value;
}

/** A copy of the value with null for each typed array; the arrays are appended to `arrays`. */
function withoutArrays(
  value: unknown,
  path: readonly Key[],
  arrays: { path: readonly Key[]; type: ArrayType; values: WireArray }[],
): unknown {
  if (ArrayBuffer.isView(value)) {
    const type = Object.keys(arrayTypes).find((name) => value.constructor.name === name) as ArrayType | undefined;
    if (type === undefined) throw unfit(value.constructor.name, path);
    arrays.push({ path, type, values: value as WireArray });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, place) => withoutArrays(item, [...path, place], arrays));
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw unfit(String(value), path);
      return value;
    case 'object':
      if (value === null) return null;
      if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
        throw unfit(`an object of ${value.constructor.name}`, path);
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, withoutArrays(item, [...path, key], arrays)]),
      );
    case 'string':
    case 'boolean':
    case 'undefined':
      return value;
    default:
      throw unfit(`a ${typeof value}`, path);
  }
}

/** Every key of the path exists already: null was written there. So own keys are set, whatever they are called. */
function put(holder: object, path: readonly Key[], item: unknown): void {
  let place = holder as Record<Key, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<Key, unknown>;
  place[path.at(-1)!] = item;
}

function unfit(what: string, path: readonly Key[]): Error {
  return new Error(`encodeFrame: ${what} at ${path.length === 0 ? 'the top' : path.join('.')} cannot be sent`);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
