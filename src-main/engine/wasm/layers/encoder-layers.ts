import type { CsrBatch } from '#core/train/csr-batch';
import type { NetworkArrays } from '#core/train/network-arrays';
import type { KernelPool } from '../kernel-pool.ts';
import { BatchStage, type StagedBatch } from '../staged-batch.ts';
import { inRows, inStrips, type MatrixForm, putInto, STRIP, takenFrom, wholeStrips } from './matrix-form.ts';
import { StagedByFeature } from './staged-by-feature.ts';
import { type Trained, TrainedArrays } from './trained-arrays.ts';

/** One layer: product, batch norm, rectifier. */
interface Layer {
  readonly weights: Trained;
  readonly scale: Trained;
  readonly shift: Trained;
  readonly runningMean: number;
  readonly runningVariance: number;
  /** [2, width] of the batch */
  readonly statistics: number;
}

/** Room for the numbers of a layer while a batch passes. */
interface Passing {
  /** What enters batch norm, and on the way back its derivative. */
  readonly entering: { readonly form: MatrixForm; readonly address: number };
  readonly out: { readonly form: MatrixForm; readonly address: number };
  readonly dOut: number;
  /** Room for the weights in panels of eight columns, as they are or turned; 0 in the first layer. */
  readonly panels: number;
}

/**
 * The layers x ← relu(batchNorm(x·W)) from a sparse batch to the embedding, forward and back, by the kernels and all their threads;
 * the way back moves all parameters by Adam. Parameters are named `layer0Weights`, `layer0Scale`, `layer0Shift`, … and the remembered
 * statistics `running/layer0Mean`, `running/layer0Variance`.
 *
 * The first layer is the large one. Its weights lie in strips of 32 columns, of which one fits the caches, and the gradient of a
 * weight is followed at once by its step, so that the gradient is never written out.
 */
export class EncoderLayers {
  /** Numbers that describe a cell. */
  readonly width: number;
  readonly #pool: KernelPool;
  readonly #arrays: TrainedArrays;
  readonly #layers: readonly Layer[];
  readonly #rule: number;
  readonly #stage: BatchStage;
  readonly #byFeature: StagedByFeature;
  #room: { readonly rows: number; readonly passing: readonly Passing[]; readonly arrays: TrainedArrays } | null = null;
  #staged: StagedBatch | null = null;

  constructor(pool: KernelPool, start: NetworkArrays) {
    this.#pool = pool;
    this.#arrays = new TrainedArrays(pool.memory, start);
    this.#rule = this.#arrays.floats(7);
    this.#stage = new BatchStage(pool.memory);
    this.#byFeature = new StagedByFeature(pool);
    const layers: Layer[] = [];
    for (let shape; (shape = start[`parameter/layer${layers.length}Weights`]?.shape) !== undefined;) {
      layers.push(this.#layer(`layer${layers.length}`, shape[0]!, shape[1]!, layers.length === 0));
    }
    this.#layers = layers;
    this.width = layers.at(-1)!.weights.form.columns;
  }

  /** The embedding of a batch, [rows, width] row by row. The remembered statistics move. */
  forward(batch: CsrBatch): Float32Array {
    const passing = this.#roomFor(batch.rows);
    const { memory } = this.#pool;
    this.#staged = this.#stage.put(batch);
    this.#byFeature.putParts(batch);
    this.#layers.forEach((layer, i) => {
      const { entering } = passing[i]!;
      if (i === 0) this.#sparseProduct(this.#staged!, layer, entering.address);
      else {
        const { theta, form } = layer.weights;
        const before = passing[i - 1]!.out;
        const [inner, width] = [before.form.width, form.width];
        this.#pool.run('widePanel', width / 8, theta, passing[i]!.panels, inner, inner, width);
        this.#product(before.address, passing[i]!.panels, entering.address, batch.rows, inner, width);
      }
      this.#normalise(layer, passing[i]!, batch.rows);
    });
    const { out } = passing.at(-1)!;
    return takenFrom(out.form, memory.floats(out.address, out.form.length));
  }

  /**
   * The way back of the batch that `forward` had last, and Adam's step of every parameter.
   * @param dz [rows, width] derivative of the loss by the embedding
   * @param step 0-based
   */
  back(dz: Float32Array, rates: { readonly learningRate: number; readonly weightDecay: number }, step: number): void {
    if (this.#staged === null || this.#room === null) throw new Error('EncoderLayers: back without forward');
    const { memory, kernels } = this.#pool;
    const { rows, passing } = this.#room;
    this.#putRule(rates, step);
    const last = passing.at(-1)!;
    putInto(last.out.form, memory.floats(last.dOut, last.out.form.length), dz);
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i]!;
      const { entering, panels } = passing[i]!;
      this.#normaliseGradient(layer, passing[i]!, rows);
      if (i === 0) this.#sparseGradientStep(this.#staged, layer, entering.address);
      else {
        const { out, dOut } = passing[i - 1]!;
        const { weights } = layer;
        const [inner, width] = [out.form.width, entering.form.width];
        const items = Math.ceil(inner / kernels.TRANSPOSED_ROWS.value);
        const gradient = [out.address, entering.address, weights.gradient, rows, inner, width, 0];
        this.#pool.run('transposedProduct', items, ...gradient);
        this.#pool.run('panel', inner / 8, weights.theta, panels, inner, width);
        this.#product(entering.address, panels, dOut, rows, width, inner);
        this.#move(weights);
      }
      this.#move(layer.scale);
      this.#move(layer.shift);
    }
  }

  /** Copies of the arrays whose names are wanted, by the names they came with. */
  copies(wanted: (name: string) => boolean): NetworkArrays {
    return this.#arrays.copies(wanted);
  }

  free(): void {
    this.#stage.free();
    this.#byFeature.free();
    this.#room?.arrays.free();
    this.#arrays.free();
  }

  #layer(name: string, inputs: number, width: number, first: boolean): Layer {
    const arrays = this.#arrays;
    const form = first ? inStrips(inputs, width) : inRows(inputs, width, wholeStrips(inputs));
    return {
      weights: arrays.trained(`${name}Weights`, form, !first),
      scale: arrays.trained(`${name}Scale`, inRows(1, width), true),
      shift: arrays.trained(`${name}Shift`, inRows(1, width), true),
      runningMean: arrays.array(`running/${name}Mean`),
      runningVariance: arrays.array(`running/${name}Variance`),
      statistics: arrays.floats(2 * wholeStrips(width)),
    };
  }

  #roomFor(rows: number): readonly Passing[] {
    if (this.#room?.rows === rows) return this.#room.passing;
    this.#room?.arrays.free();
    const arrays = new TrainedArrays(this.#pool.memory, {});
    const placed = (form: MatrixForm) => ({ form, address: arrays.floats(form.length) });
    const passing = this.#layers.map(({ weights }, i): Passing => {
      const { columns } = weights.form;
      const out = inRows(rows, columns);
      return {
        entering: placed(i === 0 ? inStrips(rows, columns) : out),
        out: placed(out),
        dOut: arrays.floats(out.length),
        panels: i === 0 ? 0 : arrays.floats(weights.form.length),
      };
    });
    this.#room = { rows, passing, arrays };
    return passing;
  }

  #sparseProduct({ starts, columns, values, rows }: StagedBatch, { weights }: Layer, out: number): void {
    const { shifts, ends, parts } = this.#byFeature;
    const batch = [starts, columns, values, rows, weights.form.rows];
    this.#pool.run('stripProduct', weights.form.width / STRIP, ...batch, weights.theta, out, shifts, ends, parts);
  }

  #sparseGradientStep(staged: StagedBatch, { weights }: Layer, dy: number): void {
    const { form, theta, first, second } = weights;
    const strips = form.width / STRIP;
    const { firsts, cells, values, shifts, ends, parts, room } = this.#byFeature.turn(staged, form.rows, strips);
    const batch = [firsts, cells, values, staged.rows, form.rows];
    const trained = [theta, first, second, this.#rule, room];
    this.#pool.run('stripGradientStep', strips, ...batch, dy, ...trained, shifts, ends, parts);
  }

  /** out [rows, width] = a [rows, inner] × the matrix in these panels */
  #product(a: number, panels: number, out: number, rows: number, inner: number, width: number): void {
    const items = Math.ceil(rows / this.#pool.kernels.DENSE_ROWS.value);
    this.#pool.run('panelProduct', items, a, panels, out, rows, inner, width);
  }

  #normalise(layer: Layer, { entering, out }: Passing, rows: number): void {
    const { width } = out.form;
    const trained = [layer.scale.theta, layer.shift.theta, layer.runningMean, layer.runningVariance];
    const from = [entering.address, 4 * entering.form.row, 4 * entering.form.strip];
    const to = [out.address, 4 * out.form.row, 4 * out.form.strip];
    this.#pool.run('normaliseStrip', width / STRIP, ...from, rows, width, ...trained, layer.statistics, ...to);
  }

  #normaliseGradient(layer: Layer, { entering, out, dOut }: Passing, rows: number): void {
    const { width } = out.form;
    const from = [entering.address, 4 * entering.form.row, 4 * entering.form.strip];
    const to = [out.address, dOut, 4 * out.form.row, 4 * out.form.strip];
    const gradients = [layer.scale.gradient, layer.shift.gradient];
    const known = [layer.scale.theta, layer.statistics];
    this.#pool.run('normaliseStripGradient', width / STRIP, ...from, rows, width, ...known, ...to, ...gradients);
  }

  /** Adam's step of a parameter whose gradient is written out. */
  #move({ form, theta, gradient, first, second }: Trained): void {
    this.#pool.kernels.updateWeights(theta, gradient, first, second, form.length, this.#rule, 1);
  }

  /** The rule as `updateWeights` reads it. */
  #putRule(rates: { readonly learningRate: number; readonly weightDecay: number }, step: number): void {
    const rate = rates.learningRate / (1 - 0.9 ** (step + 1));
    const rule = [rate, 0, rates.weightDecay, 0, 1 - 0.999 ** (step + 1), 1];
    this.#pool.memory.put(this.#rule, Float32Array.from(rule));
  }
}
