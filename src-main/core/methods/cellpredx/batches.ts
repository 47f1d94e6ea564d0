import { Random } from '../../base/random.ts';
import type { AlignedPair, NetworkRows } from '../../data/aligned-pair.ts';
import { isInMemory, type SparseRows } from '../../data/sparse-rows.ts';
import { csrBatch } from '../../train/csr-batch.ts';
import { alignedCount } from '../../train/losses/feature-alignment.ts';
import { batchSizeFor, sampleRows, type SampledRows } from '../../train/sampler.ts';
import type { CellPredXSettings } from './settings.ts';
import type { Stepper } from './stepper.ts';
import type { StepBatch } from './training-step.ts';

/**
 * The cells of each step, drawn one after the other. Where rows do not lie in memory, those of the next step are read
 * while the present one computes. That changes neither the numbers drawn nor what a checkpoint holds: `random` is always
 * where it stands before the next batch that `next` gives.
 */
export class Batches {
  readonly #pair: AlignedPair;
  readonly #settings: CellPredXSettings;
  readonly #n: number;
  readonly #random: Random;
  readonly #fetch: Stepper['fetch'];
  /** The batch that is being read ahead, and the random numbers as they stood before it was drawn. */
  #ahead: { readonly batch: Promise<StepBatch<SparseRows>>; readonly before: ReturnType<Random['state']> } | null =
    null;

  /** @param random is moved on by every batch @param fetch makes rows ready that do not lie in memory */
  constructor(pair: AlignedPair, settings: CellPredXSettings, random: Random, fetch: Stepper['fetch']) {
    this.#pair = pair;
    this.#settings = settings;
    this.#n = batchSizeFor(pair, settings.batchSize);
    this.#random = random;
    this.#fetch = fetch;
  }

  /** The cells of the next step. @param last whether no other will be asked for */
  async next(last: boolean): Promise<StepBatch<SparseRows>> {
    const batch = await (this.#ahead?.batch ?? this.#draw());
    this.#ahead = null;
    const { reference, query } = this.#pair;
    if (!last && !(isInMemory(reference.input) && isInMemory(query.input))) {
      const before = this.#random.state();
      const ahead = this.#draw();
      ahead.catch(() => undefined); // it is told when the batch is asked for
      this.#ahead = { batch: ahead, before };
    }
    return batch;
  }

  /** The random numbers as they stand before the next batch. */
  get random(): Random {
    return Random.restore(this.#ahead?.before ?? this.#random.state());
  }

  /** Every step draws the same number of random numbers per switch that is on. */
  #draw(): Promise<StepBatch<SparseRows>> {
    const random = this.#random;
    const { balancedReference, alignmentShare } = this.#settings;
    const rows = sampleRows(random, this.#pair, this.#n, balancedReference);
    const negatives = Int32Array.from({ length: alignedCount(this.#n, alignmentShare) }, () => random.below(this.#n));
    return this.#fetched(rows, negatives);
  }

  async #fetched(rows: SampledRows, negatives: Int32Array): Promise<StepBatch<SparseRows>> {
    const { reference, query } = this.#pair;
    const part = ({ input, shift }: NetworkRows, which: Int32Array) => ({ matrix: input, rows: which, shift });
    const parts = [part(reference, rows.reference), part(query, rows.query)];
    if (this.#settings.contrastiveWeight > 0) parts.push(part(query, rows.partners));
    const cells = await this.#fetch(csrBatch(parts));
    return { cells, labels: rows.reference.map((row) => reference.label[row]!), negatives };
  }
}
