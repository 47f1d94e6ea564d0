import type { AttributionTally, MakeTally, TallyOptions } from '#core/interpret/attribution-tally';
import { gaussLegendre } from '#core/interpret/gauss-legendre';
import {
  type Explain,
  featureSlopes,
  integratedGradients,
  logitIntercepts,
} from '#core/interpret/integrated-gradients';
import { strongest } from '#core/interpret/strongest';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { rowRange } from '#core/train/csr-batch';
import type { AffineModel } from '#core/train/method';
import type { KernelPool } from './kernel-pool.ts';
import { BatchStage, type StagedBatch } from './staged-batch.ts';

/** Nodes of the quadrature tried first, and of the one taken where that does not suffice. */
const FEW_NODES = 20;
const NODES = 50;
/** Rows whose attributions miss the rise of the probability by more than this are done again in float64 with more nodes. */
const TOLERANCE = 1e-5;
/** Room for a count of scores by size, see `explainRows`. */
const BINS = 2048;
const LEFT_OUT = 0xffffffff;

/** Attributions by the kernels, in float32, and counted there. */
export function wasmTally(pool: KernelPool): MakeTally {
  return (model, options) => new WasmTally(pool, model, options);
}

class WasmTally implements AttributionTally {
  readonly #pool: KernelPool;
  readonly #model: AffineModel;
  readonly #options: TallyOptions;
  readonly #stage: BatchStage;
  readonly #padded: number;
  readonly #given: number[] = [];
  readonly #slopes: number;
  readonly #intercepts: number;
  readonly #quadrature: number;
  readonly #cells: number;
  readonly #sums: number;
  readonly #looked: number;
  #explain: Explain | null = null;

  constructor(pool: KernelPool, model: AffineModel, options: TallyOptions) {
    const { features, labels } = options;
    this.#pool = pool;
    this.#model = model;
    this.#options = options;
    this.#stage = new BatchStage(pool.memory);
    this.#padded = Math.ceil(labels / 4) * 4;
    this.#slopes = this.#room(4 * features * this.#padded);
    this.#intercepts = this.#room(4 * this.#padded);
    this.#quadrature = this.#room(8 * (FEW_NODES + NODES));
    this.#cells = this.#room(4 * labels * features);
    this.#sums = this.#room(8 * labels * features);
    this.#looked = this.#room(4 * labels);
    this.#putModel();
  }

  add(matrix: CsrMatrix, from: number, to: number, label: Int32Array): void {
    const rows = to - from;
    const stored = matrix.indptr[to]! - matrix.indptr[from]!;
    const staged = this.#stage.put(rowRange(matrix, from, to));
    const [labels, gaps, thresholds] = [0, 1, 2].map(() => this.#room(4 * rows)) as [number, number, number];
    const attributions = this.#room(4 * stored);
    this.#pool.memory.put(
      labels,
      Uint32Array.from(label, (target) => (target < 0 ? LEFT_OUT : target)),
    );
    this.#explainRows(staged, longestRow(matrix, from, to), labels, attributions, gaps, thresholds);
    this.#mend(matrix, from, label, attributions, gaps, thresholds);
    const { features, labels: labelCount, perCell, ranking } = this.#options;
    const rule = [perCell, ranking === 'absolute' ? 1 : 0];
    const counts = [this.#cells, this.#sums, this.#looked];
    const { starts, columns } = staged;
    const found = [labels, attributions, thresholds];
    this.#pool.run('tallyRows', labelCount, starts, columns, rows, features, ...found, ...rule, ...counts);
    for (let i = 0; i < 4; i++) this.#pool.memory.free(this.#given.pop()!);
  }

  result(): ReturnType<AttributionTally['result']> {
    const { features, labels } = this.#options;
    const { memory } = this.#pool;
    return Array.from({ length: labels }, (_, label) => {
      const looked = memory.words(this.#looked + 4 * label, 1)[0]!;
      if (looked === 0) return undefined;
      return {
        looked,
        cells: memory.words(this.#cells + 4 * label * features, features).slice(),
        attribution: memory.doubles(this.#sums + 8 * label * features, features).slice(),
      };
    });
  }

  dispose(): void {
    this.#stage.free();
    for (const address of this.#given.splice(0)) this.#pool.memory.free(address);
  }

  #explainRows(
    { starts, columns, values, rows }: StagedBatch,
    longest: number,
    label: number,
    attributions: number,
    gaps: number,
    thresholds: number,
  ): void {
    const { kernels, memory } = this.#pool;
    const { perCell, ranking } = this.#options;
    const items = Math.ceil(rows / kernels.EXPLAINED_ROWS.value);
    const roomLength = 3 * this.#padded + BINS + Math.ceil((longest + 1) / 4) * 4;
    const room = memory.allocate(4 * items * roomLength);
    const model = [this.#slopes, this.#intercepts, this.#padded, this.#quadrature, FEW_NODES, NODES];
    const rule = [perCell, ranking === 'absolute' ? 1 : 0, room, roomLength];
    const found = [attributions, gaps, thresholds];
    this.#pool.run('explainRows', items, starts, columns, values, rows, ...model, label, ...found, ...rule);
    memory.free(room);
  }

  /** Does the rows again whose probability rises too steeply for the nodes. */
  #mend(
    matrix: CsrMatrix,
    from: number,
    label: Int32Array,
    attributions: number,
    gaps: number,
    thresholds: number,
  ): void {
    const { memory } = this.#pool;
    const { perCell, ranking } = this.#options;
    const first = matrix.indptr[from]!;
    memory.floats(gaps, label.length).forEach((gap, i) => {
      if (label[i]! < 0 || gap <= TOLERANCE) return;
      this.#explain ??= integratedGradients(this.#model);
      const [start, end] = [matrix.indptr[from + i]!, matrix.indptr[from + i + 1]!];
      const of = matrix.indices.subarray(start, end);
      const exact = this.#explain(of, matrix.values.subarray(start, end), label[i]!);
      if (!Number.isFinite(exact.gap)) throw new Error(`wasmTally: attributions of row ${from + i} are not finite`);
      const found = Float32Array.from(exact.attributions);
      memory.put(attributions + 4 * (start - first), found);
      const scores = Float64Array.from(found, (value) => (ranking === 'absolute' ? Math.abs(value) : value));
      const positive = scores.reduce((count, score) => count + (score > 0 ? 1 : 0), 0);
      const chosen = Array.from(strongest(scores, perCell), (place) => scores[place]!);
      memory.floats(thresholds, label.length)[i] = positive <= perCell ? 0 : Math.min(...chosen);
    });
  }

  #putModel(): void {
    const { memory } = this.#pool;
    const { features, labels } = this.#options;
    const slopes = featureSlopes(this.#model);
    const to = memory.floats(this.#slopes, features * this.#padded);
    for (let j = 0; j < features; j++) {
      for (let k = 0; k < labels; k++) to[j * this.#padded + k] = slopes[j * labels + k]!;
    }
    const intercepts = memory.floats(this.#intercepts, this.#padded).fill(-Infinity);
    intercepts.set(Float32Array.from(logitIntercepts(this.#model)));
    const pairs = [FEW_NODES, NODES].flatMap((count) => {
      const { nodes, weights } = gaussLegendre(count);
      return Array.from(nodes, (node, i) => [node, weights[i]!]).flat();
    });
    memory.put(this.#quadrature, Float32Array.from(pairs));
  }

  /** Cleared room of so many bytes. */
  #room(bytes: number): number {
    const address = this.#pool.memory.allocate(bytes);
    this.#pool.memory.words(address, Math.ceil(bytes / 4)).fill(0);
    this.#given.push(address);
    return address;
  }
}

function longestRow({ indptr }: CsrMatrix, from: number, to: number): number {
  let longest = 0;
  for (let row = from; row < to; row++) longest = Math.max(longest, indptr[row + 1]! - indptr[row]!);
  return longest;
}
