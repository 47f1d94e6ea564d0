import {
  assemble,
  type Code,
  fourFloats,
  i32,
  type Kernel,
  type Lanes,
  type Local,
  oneFloat,
  whileTrue,
} from './wasm-assembler.ts';
import { type WasmMemory, webAssembly } from './web-assembly.ts';

/** Addresses (bytes) and sizes of one sparse product; `indptr`, `indices` int32, all else float32. */
type KernelFunction = (
  indptr: number,
  indices: number,
  values: number,
  rows: number,
  dense: number,
  width: number,
  out: number,
) => void;

export interface SimdKernels {
  /** out [rows, width] = batch × dense [features, width] */
  readonly product: KernelFunction;
  /** out [features, width] += batchᵀ × dense [rows, width] */
  readonly weightGradient: KernelFunction;
}

/** The sparse product and its weight gradient in 128-bit SIMD, working in the given memory. */
export async function simdKernels(memory: WasmMemory): Promise<SimdKernels> {
  const { instance } = await webAssembly.instantiate(assemble([product, weightGradient]), { env: { memory } });
  return instance.exports as SimdKernels;
}

/** Numbers taken at once: 8 registers of 4 (32 columns), then one of 4, then single ones. */
const blocks: readonly { lanes: Lanes; registers: number }[] = [
  { lanes: fourFloats, registers: 8 },
  { lanes: fourFloats, registers: 1 },
  { lanes: oneFloat, registers: 1 },
];

/** For each row, for each block of columns: sums stay in registers while the row is read. */
const product: Kernel = {
  name: 'product',
  parameters: 7,
  body: kernelBody((at) => ({
    before: at.registers.map((register) => register.set(at.lanes.zero)).flat(),
    each: at.registers
      .map((sum, i) =>
        sum.set(at.lanes.addProduct(sum.get, at.value, at.lanes.load(at.featureRow, i * at.lanes.bytes))),
      )
      .flat(),
    after: at.registers.map((sum, i) => at.lanes.store(at.cellRow, i * at.lanes.bytes, sum.get)).flat(),
    cells: 'out',
  })),
};

/** For each row, for each block of columns: the row of dy stays in registers while it is added to the rows of its features. */
const weightGradient: Kernel = {
  name: 'weightGradient',
  parameters: 7,
  body: kernelBody((at) => ({
    before: at.registers.map((dy, i) => dy.set(at.lanes.load(at.cellRow, i * at.lanes.bytes))).flat(),
    each: at.registers
      .map((dy, i) => {
        const offset = i * at.lanes.bytes;
        return at.lanes.store(
          at.featureRow,
          offset,
          at.lanes.addProduct(at.lanes.load(at.featureRow, offset), at.value, dy.get),
        );
      })
      .flat(),
    after: [],
    cells: 'dense',
  })),
};

/** Where the innermost statements stand. */
interface Place {
  readonly lanes: Lanes;
  readonly registers: readonly Local[];
  /** The stored value, in every lane. */
  readonly value: Code;
  /** Address of this block of columns in the row of the stored value's feature. */
  readonly featureRow: Code;
  /** Address of this block of columns in the row of the cell. */
  readonly cellRow: Code;
}

interface Statements {
  /** Before the stored values of a row are gone through, for each of them, and after. */
  readonly before: Code;
  readonly each: Code;
  readonly after: Code;
  /** Which matrix has a row per cell; the other has one per feature. */
  readonly cells: 'dense' | 'out';
}

function kernelBody(statements: (at: Place) => Statements): Kernel['body'] {
  return (parameters, variable) => {
    const [indptr, indices, values, rows, dense, width, out] = parameters as Seven;
    const row = variable();
    const p = variable(); // byte offset of a stored value, and where its row ends
    const end = variable();
    const j = variable(); // byte offset of a block of columns
    const rowBytes = variable();
    const cell = variable(); // address of the row of the cell
    const feature = variable();
    const ofBlock = blocks.map(({ lanes, registers }) => {
      const value = variable(lanes.type);
      const at: Place = {
        lanes,
        registers: Array.from({ length: registers }, () => variable(lanes.type)),
        value: value.get,
        featureRow: feature.get,
        cellRow: i32.add(cell.get, j.get),
      };
      const size = i32.of(lanes.bytes * registers);
      const work = statements(at);
      const features = work.cells === 'out' ? dense : out;
      return {
        cells: work.cells,
        code: whileTrue(i32.notAbove(i32.add(j.get, size), rowBytes.get), [
          ...work.before,
          ...p.set(i32.timesFour(i32.load(i32.add(indptr.get, i32.timesFour(row.get))))),
          ...whileTrue(i32.below(p.get, end.get), [
            ...feature.set(
              i32.add(i32.add(features.get, j.get), i32.mul(i32.load(i32.add(indices.get, p.get)), rowBytes.get)),
            ),
            ...value.set(lanes.spread(i32.add(values.get, p.get))),
            ...work.each,
            ...p.set(i32.add(p.get, i32.of(4))),
          ]),
          ...work.after,
          ...j.set(i32.add(j.get, size)),
        ]),
      };
    });
    return [
      ...rowBytes.set(i32.timesFour(width.get)),
      ...cell.set((ofBlock[0]!.cells === 'out' ? out : dense).get),
      ...whileTrue(i32.below(row.get, rows.get), [
        ...end.set(i32.timesFour(i32.load(i32.add(indptr.get, i32.timesFour(row.get)), 4))),
        ...j.set(i32.of(0)),
        ...ofBlock.flatMap(({ code }) => code),
        ...cell.set(i32.add(cell.get, rowBytes.get)),
        ...row.set(i32.add(row.get, i32.of(1))),
      ]),
    ];
  };
}

type Seven = [Local, Local, Local, Local, Local, Local, Local];
