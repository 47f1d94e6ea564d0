import type { Metadata } from 'h5wasm/node';

/** What one element of a dataset is. `bytes` is its size in the file's own layout. */
export type ElementType =
  | { readonly kind: 'integer'; readonly bytes: number; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bytes: number }
  /** Stored as an enumeration with the members FALSE and TRUE. */
  | { readonly kind: 'boolean'; readonly bytes: number; readonly signed: boolean }
  | {
      readonly kind: 'enum';
      readonly bytes: number;
      readonly signed: boolean;
      readonly names: ReadonlyMap<number, string>;
    }
  | { readonly kind: 'text'; readonly bytes: number; readonly variable: boolean; readonly spacePadded: boolean }
  | { readonly kind: 'compound'; readonly bytes: number; readonly members: readonly CompoundMember[] }
  | { readonly kind: 'array'; readonly bytes: number; readonly element: ElementType; readonly shape: readonly number[] }
  | { readonly kind: 'reference'; readonly bytes: number }
  | { readonly kind: 'other'; readonly bytes: number; readonly name: string };

export interface CompoundMember {
  readonly name: string;
  readonly offset: number;
  readonly type: ElementType;
}

/** Types whose elements can be read as numbers. */
export type NumericType = Extract<ElementType, { kind: 'integer' | 'float' | 'boolean' | 'enum' }>;

/** HDF5's own numbers of its type classes. */
const hdf5Class = { integer: 0, float: 1, text: 3, compound: 6, reference: 7, enum: 8, variableLength: 9, array: 10 };
const otherClasses: Readonly<Record<number, string>> = {
  2: 'times',
  4: 'bit fields',
  5: 'opaque bytes',
  9: 'lists of different lengths',
};

/** The element type that the library's description stands for. */
export function elementTypeOf(metadata: Metadata): ElementType {
  const bytes = metadata.size;
  switch (metadata.type) {
    case hdf5Class.integer:
      return [1, 2, 4, 8].includes(bytes)
        ? { kind: 'integer', bytes, signed: metadata.signed }
        : { kind: 'other', bytes, name: `${8 * bytes}-bit whole numbers` };
    case hdf5Class.float:
      return [2, 4, 8].includes(bytes)
        ? { kind: 'float', bytes }
        : { kind: 'other', bytes, name: `${8 * bytes}-bit floating-point numbers` };
    case hdf5Class.text:
      return { kind: 'text', bytes, variable: metadata.vlen, spacePadded: metadata.strpad === 2 };
    case hdf5Class.enum: {
      const members = metadata.enum_type?.members ?? {};
      const named = Object.entries(members).sort(([, a], [, b]) => a - b);
      const names = new Map(named.map(([name, value]) => [value, name]));
      const isBoolean = names.size === 2 && names.get(0) === 'FALSE' && names.get(1) === 'TRUE';
      return isBoolean
        ? { kind: 'boolean', bytes, signed: metadata.signed }
        : { kind: 'enum', bytes, signed: metadata.signed, names };
    }
    case hdf5Class.compound:
      return { kind: 'compound', bytes, members: (metadata.compound_type?.members ?? []).map(memberOf) };
    case hdf5Class.array: {
      const element = metadata.array_type;
      if (element === undefined) return { kind: 'other', bytes, name: 'arrays of unknown elements' };
      return { kind: 'array', bytes, element: elementTypeOf(element), shape: element.shape ?? [] };
    }
    case hdf5Class.reference:
      return { kind: 'reference', bytes };
    default:
      return { kind: 'other', bytes, name: otherClasses[metadata.type] ?? `type ${metadata.type}` };
  }
}

function memberOf(member: NonNullable<Metadata['compound_type']>['members'][number]): CompoundMember {
  const type = elementTypeOf(member);
  // Only whole datasets are turned into this machine's byte order; members of a record are not.
  const foreign = (type.kind === 'integer' || type.kind === 'float') && type.bytes > 1 && !member.littleEndian;
  return {
    name: member.name,
    offset: member.offset,
    type: foreign ? { kind: 'other', bytes: type.bytes, name: 'numbers in big-endian order' } : type,
  };
}

export function isNumeric(type: ElementType): type is NumericType {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'boolean' || type.kind === 'enum';
}

/** The type in the words of a message: "text", "whole numbers", … */
export function describeType(type: ElementType): string {
  switch (type.kind) {
    case 'integer':
      return 'whole numbers';
    case 'float':
      return 'numbers';
    case 'boolean':
      return 'true/false values';
    case 'enum':
      return 'named values';
    case 'text':
      return 'text';
    case 'compound':
      return 'records';
    case 'array':
      return `arrays of ${describeType(type.element)}`;
    case 'reference':
      return 'references';
    case 'other':
      return type.name;
  }
}
