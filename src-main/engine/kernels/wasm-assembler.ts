/**
 * Just enough of a WebAssembly assembler for numeric kernels: expressions are byte lists that leave a value on the stack,
 * statements leave none. Encoding: WebAssembly core specification 2.0, chapter 5, with 128-bit SIMD.
 */
export type Code = readonly number[];

export const i32 = {
  of: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  below: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  notAbove: (a: Code, b: Code): Code => [...a, ...b, 0x4d],
  timesFour: (a: Code): Code => [...a, ...i32.of(2), 0x74],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)],
};

/** One number or four at once, with the same words, so that a kernel is written once for both. */
export interface Lanes {
  readonly type: number;
  readonly bytes: number;
  readonly zero: Code;
  load(address: Code, offset: number): Code;
  store(address: Code, offset: number, value: Code): Code;
  /** One number from memory, in every lane. */
  spread(address: Code): Code;
  /** a + b·c */
  addProduct(a: Code, b: Code, c: Code): Code;
}

export const oneFloat: Lanes = {
  type: 0x7d,
  bytes: 4,
  zero: [0x43, 0, 0, 0, 0],
  load: (address, offset) => [...address, 0x2a, 2, ...unsigned(offset)],
  store: (address, offset, value) => [...address, ...value, 0x38, 2, ...unsigned(offset)],
  spread: (address) => oneFloat.load(address, 0),
  addProduct: (a, b, c) => [...a, ...b, ...c, 0x94, 0x92],
};

export const fourFloats: Lanes = {
  type: 0x7b,
  bytes: 16,
  zero: [0xfd, 0x0c, ...new Array<number>(16).fill(0)],
  load: (address, offset) => [...address, 0xfd, 0x00, 2, ...unsigned(offset)],
  store: (address, offset, value) => [...address, ...value, 0xfd, 0x0b, 2, ...unsigned(offset)],
  spread: (address) => [...address, 0xfd, 0x09, 2, 0],
  addProduct: (a, b, c) => [...a, ...b, ...c, 0xfd, 0xe6, 0x01, 0xfd, 0xe4, 0x01],
};

/** A variable of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Repeats the body as long as the condition, looked at before each round, holds. */
export function whileTrue(condition: Code, body: Code): Code {
  // block { loop { leave the block unless condition; body; again } }
  return [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
}

export interface Kernel {
  readonly name: string;
  /** Number of i32 arguments. */
  readonly parameters: number;
  /** Statements, given the arguments and a way to make further variables. */
  body(parameters: readonly Local[], variable: (type?: number) => Local): Code;
}

/** A module that works in the memory `env.memory` and exports the kernels. */
export function assemble(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const types = kernels.map(({ parameters }) => [0x60, ...list(new Array<Code>(parameters).fill([I32])), 0]);
  const functions = kernels.map((_, i) => unsigned(i));
  const exported = kernels.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 0]])),
    ...section(3, list(functions)),
    ...section(7, list(exported)),
    ...section(10, list(kernels.map(codeOf))),
  ]);
}

const I32 = 0x7f;

function codeOf({ parameters, body }: Kernel): Code {
  const locals: Code[] = [];
  const local = (index: number): Local => ({
    get: [0x20, ...unsigned(index)],
    set: (value) => [...value, 0x21, ...unsigned(index)],
  });
  const statements = body(
    Array.from({ length: parameters }, (_, i) => local(i)),
    (type = I32) => local(parameters + locals.push([1, type]) - 1),
  );
  const code = [...list(locals), ...statements, 0x0b];
  return [...unsigned(code.length), ...code];
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(ascii: string): Code {
  return [...unsigned(ascii.length), ...Array.from(ascii, (letter) => letter.charCodeAt(0))];
}

function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const low = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return done ? [low] : [low | 128, ...signed(rest)];
}
