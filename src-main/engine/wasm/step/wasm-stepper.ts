import type { StateArrays } from '#core/methods/cellpredx/network';
import type { CellPredXSettings } from '#core/methods/cellpredx/settings';
import type { MakeStepper, Stepper } from '#core/methods/cellpredx/stepper';
import type { StepBatch } from '#core/methods/cellpredx/training-step';
import { isInMemory, type SparseRows } from '#core/data/sparse-rows';
import { type BatchPart, type CsrBatch, heldPart } from '#core/train/csr-batch';
import { steppedLearningRate } from '#core/train/optimisers';
import type { StepReport } from '#core/train/train-loop';
import type { KernelPool } from '../kernel-pool.ts';
import { TileStage } from '../tiled-batch.ts';
import { distinctRows } from './distinct-rows.ts';
import { Encoder } from './encoder.ts';
import { classificationTerm, pseudoLabels, sparseCentreTerm } from './label-terms.ts';
import { projectionTerm } from './projection-term.ts';
import { alignmentTerm, contrastiveTerm, makeUnitRows, unitRowsBack } from './similarity-terms.ts';
import type { StepContext } from './step-context.ts';
import { StepMemory, upTo } from './step-memory.ts';
import { makeRoom, type StepRoom, type StepSizes } from './step-room.ts';

/**
 * Whole training steps of CellPredX by the kernels: the same terms, derivatives and updates as `tensorStepper`, written out.
 */
export function wasmStepper(pool: KernelPool): MakeStepper {
  return (start, settings) => new WasmStepper(pool, start, settings);
}

class WasmStepper implements Stepper {
  readonly #pool: KernelPool;
  readonly #memory: StepMemory;
  readonly #settings: CellPredXSettings;
  readonly #encoder: Encoder;
  readonly #stage: TileStage;
  readonly #features: number;
  readonly #labels: number;
  #made: { sizes: StepSizes; room: StepRoom } | null = null;

  constructor(pool: KernelPool, start: StateArrays, settings: CellPredXSettings) {
    this.#pool = pool;
    this.#settings = settings;
    this.#memory = new StepMemory(pool.memory, start);
    this.#stage = new TileStage(pool);
    this.#features = start['parameter/encoder']!.shape[0]!;
    this.#labels = start['parameter/classifierBias']!.shape[0]!;
    this.#encoder = new Encoder(pool, this.#memory, this.#features);
  }

  /** Rows that lie in a file as they are wanted are copied from there by the step itself, quickly; others that are not in memory are read. */
  async fetch(cells: CsrBatch<SparseRows>): Promise<CsrBatch<SparseRows>> {
    const ready = cells.parts.map(async (part): Promise<BatchPart<SparseRows>> => {
      if (isInMemory(part.matrix)) return part;
      if (part.matrix.records === undefined) return heldPart(part);
      await part.matrix.records.near(part.rows);
      return part;
    });
    return { ...cells, parts: await Promise.all(ready) };
  }

  async step(batch: StepBatch<SparseRows>, step: number): Promise<StepReport> {
    const context = this.#context(batch);
    const { pool, memory, room, sizes, settings } = context;
    const distinct = distinctRows(batch.cells);
    pool.memory.put(room.places, distinct.places);
    const tiled = this.#stage.put(distinct.cells);
    const shifts = this.#encoder.forward(batch.cells, tiled, room, sizes);
    pool.memory.floats(room.dz, sizes.rows * sizes.width).fill(0);
    pool.memory.put(room.wanted, batch.labels);
    for (const { name, gradient, padded } of memory.weights.values()) {
      if (name !== 'encoder') pool.memory.floats(gradient, padded).fill(0);
    }

    const withCentres = settings.sparseCentreWeight > 0;
    const trusted = withCentres && step > settings.centreStartStep ? pseudoLabels(context) : null;
    const terms: Record<string, number> = {};
    if (settings.classificationWeight > 0) terms['classification'] = classificationTerm(context);
    if (settings.projectionWeight > 0) terms['projection'] = projectionTerm(context);
    const contrastive = settings.contrastiveWeight * (settings.contrastiveDoubled ? 2 : 1);
    if (contrastive > 0 || settings.alignmentWeight > 0) makeUnitRows(context);
    if (contrastive > 0) terms['contrastive'] = contrastiveTerm(context, contrastive);
    if (settings.alignmentWeight > 0) terms['alignment'] = alignmentTerm(context, batch.negatives);
    if (contrastive > 0 || settings.alignmentWeight > 0) unitRowsBack(context);
    const centres = withCentres ? sparseCentreTerm(context, trusted) : null;
    if (centres !== null) terms['sparseCentre'] = centres.value;

    const size = this.#update(context, step, () => this.#encoder.update(tiled, shifts, room, sizes));
    if (settings.l1Weight > 0) terms['l1'] = settings.l1Weight * size;
    return { terms, measures: { meanAttention: centres?.meanAttention ?? 1 } };
  }

  async state(): Promise<StateArrays> {
    return this.#memory.copies();
  }

  dispose(): void {
    this.#stage.free();
    this.#encoder.free();
    this.#memory.free();
  }

  /** The optimiser's step of every parameter; gives back the sum of their mean sizes before it. */
  #update({ pool, memory, room, settings }: StepContext, step: number, encoder: () => number): number {
    const rate = steppedLearningRate(settings.learningRate, step, settings.steps);
    const adam = settings.optimiser === 'adam';
    const rule = [
      adam ? rate / (1 - 0.9 ** (step + 1)) : rate,
      settings.momentum,
      settings.weightDecay,
      settings.l1Weight,
      1 - 0.999 ** (step + 1),
      adam ? 1 : 0,
    ];
    pool.memory.put(room.rule, Float32Array.from(rule));
    pool.memory.words(room.rule + 24, 1)[0] = memory.parameter('encoder').size;
    let sizes = encoder();
    for (const { name, theta, gradient, first, second, padded, size } of memory.weights.values()) {
      if (name === 'encoder') continue;
      sizes += pool.kernels.updateWeights(theta, gradient, first, second, padded, room.rule, size) / size;
    }
    return sizes;
  }

  /** Room for a batch of this size, made at its first appearance. */
  #context({ cells, labels }: StepBatch<SparseRows>): StepContext {
    const [n, rows] = [labels.length, cells.rows];
    const settings = this.#settings;
    if (rows !== 2 * n && rows !== 3 * n) throw new RangeError(`step: ${rows} rows for ${n} labels`);
    if (settings.contrastiveWeight > 0 && rows !== 3 * n) {
      throw new Error('step: the contrastive term is on, the batch has no partners');
    }
    if (this.#made !== null && (this.#made.sizes.n !== n || this.#made.sizes.rows !== rows)) {
      throw new RangeError(`step: ${n} cells of a side after ${this.#made.sizes.n}`);
    }
    if (this.#made === null) {
      const sizes = {
        n,
        rows,
        features: this.#features,
        embedding: settings.embeddingWidth,
        width: upTo(settings.embeddingWidth, 8),
        hidden: upTo(settings.attentionWidth, 4),
        labels: this.#labels,
        paddedLabels: upTo(this.#labels, 4),
      };
      this.#made = { sizes, room: makeRoom(this.#memory, sizes, this.#pool.kernels.PARTITIONS.value) };
    }
    return { pool: this.#pool, memory: this.#memory, settings, ...this.#made };
  }
}
