import { AppError } from '#core/base/app-error';
import type { Metadata } from 'h5wasm/node';
import { NumberTooLarge, decodeFixedTexts, decodeNumbers, decodeText } from './decode.ts';
import type { Layout } from './decode.ts';
import { describeType, elementTypeOf, isNumeric } from './element-type.ts';
import type { CompoundMember, ElementType, NumericType } from './element-type.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { isLibraryError, readingError } from './library-errors.ts';
import { Hdf5CallFailed, retireHdf5 } from './library.ts';

/** One read asks the library for at most this much; the library itself cannot hold more than 2 GiB. */
const blockBytes = 32 * 1024 * 1024;

/** A dataset of an open file: its shape and type, and reading of any box of it as numbers or texts. */
export class Hdf5Dataset {
  readonly file: Hdf5File;
  readonly place: string;
  /** Empty for a single value; null shape (an "empty" dataset) counts as [0]. */
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Sides of the blocks in which it is stored; null where it lies in one piece. */
  readonly chunks: readonly number[] | null;

  constructor(file: Hdf5File, place: string, metadata: Metadata) {
    this.file = file;
    this.place = place;
    this.shape = metadata.shape ?? [0];
    this.type = elementTypeOf(metadata);
    this.chunks = metadata.chunks;
  }

  /** The number of elements. */
  get length(): number {
    return this.shape.reduce((product, side) => product * side, 1);
  }

  /**
   * The numbers of a box, row by row. Booleans give 0 and 1, enumerations their numbers.
   * @param start first place per dimension; default the beginning
   * @param count places per dimension; default all
   */
  readNumbers(start?: readonly number[], count?: readonly number[], member?: CompoundMember): Float64Array {
    const box = count ?? this.shape;
    const type = this.#numericType(member);
    const out = new Float64Array(box.reduce((product, side) => product * side, 1) * this.#numbersPerElement(member));
    this.#decodeInto(type, out, start, box, member);
    return out;
  }

  /** As `readNumbers`, in float32. */
  readFloats(start?: readonly number[], count?: readonly number[], member?: CompoundMember): Float32Array {
    const box = count ?? this.shape;
    const type = this.#numericType(member);
    const out = new Float32Array(box.reduce((product, side) => product * side, 1) * this.#numbersPerElement(member));
    this.#decodeInto(type, out, start, box, member);
    return out;
  }

  /** All texts, in order. Fixed and variable length; a variable text that was never written gives ''. */
  readTexts(member?: CompoundMember): string[] {
    const type = member?.type ?? this.type;
    if (type.kind !== 'text') throw this.#wrongType('text', type);
    const texts: string[] = [];
    this.forEachBlock(undefined, this.shape, (bytes, elements) => {
      const layout: Layout = { offset: member?.offset ?? 0, stride: this.type.bytes };
      const block = type.variable
        ? this.#variableTexts(bytes, layout, elements)
        : decodeFixedTexts(type, bytes, layout, elements);
      for (const text of block) texts.push(text);
    });
    return texts;
  }

  /**
   * Hands over the raw bytes of a box, block after block along the first dimension. The bytes lie in the
   * library's memory and are gone after `use`.
   */
  forEachBlock(
    start: readonly number[] | undefined,
    count: readonly number[],
    use: (bytes: Uint8Array, elements: number, at: number) => void,
  ): void {
    const rest = count.slice(1).reduce((product, side) => product * side, 1);
    const rows = count[0] ?? 1;
    if (rows === 0 || rest === 0) return;
    const step = Math.max(1, Math.floor(blockBytes / (rest * this.type.bytes)));
    for (let row = 0; row < rows; row += step) {
      const part = Math.min(step, rows - row);
      const elements = part * rest;
      const offset = count.map((_, d) => (start?.[d] ?? 0) + (d === 0 ? row : 0));
      const counts = count.map((side, d) => (d === 0 ? part : side));
      try {
        this.#readBlock(offset, counts, elements, (bytes) => use(bytes, elements, row * rest));
      } catch (error) {
        if (error instanceof NumberTooLarge) {
          const details = { file: this.file.name, place: this.place, value: String(error.value) };
          throw new AppError('reading.number-too-large', details, { cause: error });
        }
        if (!(error instanceof Hdf5CallFailed) && isLibraryError(error)) retireHdf5();
        throw readingError(error, this.file.name, this.place, this.#filters());
      }
    }
  }

  #readBlock(offset: number[], count: number[], elements: number, use: (bytes: Uint8Array) => void): void {
    const { library } = this.file;
    const path = `/${this.place}`;
    const size = elements * this.type.bytes;
    const pointer = library._malloc(size);
    if (pointer === 0) throw new Error(`memory for ${size} bytes could not be had`);
    const counts = count.map(BigInt);
    try {
      const whole = this.shape.length === 0;
      this.file.checked(() =>
        whole
          ? library.get_dataset_data(this.file.id, path, null, null, null, BigInt(pointer))
          : library.get_dataset_data(
              this.file.id,
              path,
              counts,
              offset.map(BigInt),
              count.map(() => 1n),
              BigInt(pointer),
            ),
      );
      // The memory may have grown and moved during the read, so the view is taken afterwards.
      use(library.HEAPU8.subarray(pointer, pointer + size));
      if (holdsVariableText(this.type)) {
        if (whole) library.reclaim_vlen_memory(this.file.id, path, '', BigInt(pointer));
        else library.reclaim_vlen_memory_count(this.file.id, path, '', BigInt(pointer), counts);
      }
    } finally {
      library._free(pointer);
    }
  }

  #decodeInto(
    type: NumericType,
    out: Float64Array | Float32Array,
    start: readonly number[] | undefined,
    count: readonly number[],
    member: CompoundMember | undefined,
  ): void {
    const perElement = this.#numbersPerElement(member);
    this.forEachBlock(start, count, (bytes, elements, at) => {
      const offset = member?.offset ?? 0;
      if (perElement === 1) {
        decodeNumbers(type, bytes, { offset, stride: this.type.bytes }, elements, out, at);
        return;
      }
      for (let i = 0; i < elements; i++) {
        const layout = { offset: offset + i * this.type.bytes, stride: type.bytes };
        decodeNumbers(type, bytes, layout, perElement, out, (at + i) * perElement);
      }
    });
  }

  #numericType(member: CompoundMember | undefined): NumericType {
    const type = member?.type ?? this.type;
    const element = type.kind === 'array' ? type.element : type;
    if (!isNumeric(element)) throw this.#wrongType('numbers', type);
    return element;
  }

  #numbersPerElement(member: CompoundMember | undefined): number {
    const type = member?.type ?? this.type;
    return type.kind === 'array' ? type.shape.reduce((product, side) => product * side, 1) : 1;
  }

  #variableTexts(bytes: Uint8Array, layout: Layout, count: number): string[] {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const heap = this.file.library.HEAPU8;
    const texts = new Array<string>(count);
    for (let i = 0, p = layout.offset; i < count; i++, p += layout.stride) {
      const pointer = view.getUint32(p, true);
      texts[i] = pointer === 0 ? '' : decodeText(heap.subarray(pointer, heap.indexOf(0, pointer)));
    }
    return texts;
  }

  #wrongType(expected: string, found: ElementType): AppError {
    return new AppError('reading.wrong-type', {
      file: this.file.name,
      place: this.place,
      expected,
      found: describeType(found),
    });
  }

  #filters(): { id: number; name: string }[] {
    return this.file.library.get_dataset_filters(this.file.id, `/${this.place}`);
  }
}

function holdsVariableText(type: ElementType): boolean {
  if (type.kind === 'text') return type.variable;
  return type.kind === 'compound' && type.members.some((member) => holdsVariableText(member.type));
}
