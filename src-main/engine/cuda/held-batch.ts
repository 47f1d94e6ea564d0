import { batchStoredValues, type CsrBatch } from '#core/train/csr-batch';
import type { TensorflowBinding } from './tensorflow-backend.ts';

/** A batch as TensorFlow writes sparse matrices: places [stored, 2] as (row, column), values [stored], shape [2]. */
export type HeldBatch = readonly [places: number, values: number, shape: number];

/**
 * Hands batches to TensorFlow. A step multiplies a batch and then asks for the gradient of the same batch, so the last one is
 * held until its gradient was computed or another batch comes: never more than one.
 */
export class BatchHolder {
  readonly #binding: TensorflowBinding;
  #last: { readonly batch: CsrBatch; readonly held: HeldBatch } | null = null;

  constructor(binding: TensorflowBinding) {
    this.#binding = binding;
  }

  get(batch: CsrBatch): HeldBatch {
    if (this.#last?.batch === batch) return this.#last.held;
    this.release();
    const held = this.#hand(batch);
    this.#last = { batch, held };
    return held;
  }

  /** Frees what is held of the last batch. */
  release(): void {
    for (const id of this.#last?.held ?? []) this.#binding.deleteTensor(id);
    this.#last = null;
  }

  #hand(batch: CsrBatch): HeldBatch {
    const stored = batchStoredValues(batch);
    const places = new Int32Array(2 * stored); // new ones each time: TensorFlow may go on reading them
    const values = new Float32Array(stored);
    let row = 0;
    let filled = 0;
    for (const { matrix, rows } of batch.parts) {
      for (const source of rows) {
        const from = matrix.indptr[source]!;
        const to = matrix.indptr[source + 1]!;
        values.set(matrix.values.subarray(from, to), filled);
        for (let p = from; p < to; p++) {
          places[2 * filled] = row;
          places[2 * filled + 1] = matrix.indices[p]!;
          filled++;
        }
        row++;
      }
    }
    const { TF_INT32, TF_FLOAT, TF_INT64 } = this.#binding;
    return [
      this.#binding.createTensor([stored, 2], TF_INT32, places),
      this.#binding.createTensor([stored], TF_FLOAT, values),
      this.#binding.createTensor([2], TF_INT64, Int32Array.of(batch.rows, 0, batch.columns, 0)),
    ];
  }
}
