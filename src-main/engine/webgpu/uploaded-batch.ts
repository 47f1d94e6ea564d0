import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { batchStoredValues, type CsrBatch } from '#core/train/csr-batch';

/** The rows of a batch on the card: row pointers [rows + 1], column indices and values. */
export type UploadedBatch = readonly [pointers: TensorInfo, indices: TensorInfo, values: TensorInfo];

/**
 * Carries batches to the card. A step multiplies a batch and then asks for the gradient of the same batch, so the last one stays
 * there until its gradient was computed or another batch comes: never more than one.
 */
export class BatchUploader {
  readonly #backend: WebGPUBackend;
  #last: { readonly batch: CsrBatch; readonly uploaded: UploadedBatch } | null = null;
  /** Where rows are gathered before they travel; grows with the largest batch. */
  #indices = new Int32Array(0);
  #values = new Float32Array(0);

  constructor(backend: WebGPUBackend) {
    this.#backend = backend;
  }

  /** The batch on the card; must hold at least one stored value. */
  get(batch: CsrBatch): UploadedBatch {
    if (this.#last?.batch === batch) return this.#last.uploaded;
    this.release();
    const uploaded = this.#upload(batch);
    this.#last = { batch, uploaded };
    return uploaded;
  }

  /** Frees the card's copy of the last batch, once the work that was handed out has used it. */
  release(): void {
    for (const tensor of this.#last?.uploaded ?? []) this.#backend.disposeData(tensor.dataId);
    this.#last = null;
  }

  #upload(batch: CsrBatch): UploadedBatch {
    const stored = batchStoredValues(batch);
    const capacity = steppedCapacity(stored);
    if (this.#values.length < capacity) {
      this.#indices = new Int32Array(capacity);
      this.#values = new Float32Array(capacity);
    }
    const pointers = new Int32Array(batch.rows + 1);
    let row = 0;
    let filled = 0;
    for (const { matrix, rows } of batch.parts) {
      const columns = new Int32Array(matrix.indices.buffer, matrix.indices.byteOffset, matrix.indices.length);
      for (const source of rows) {
        const from = matrix.indptr[source]!;
        const to = matrix.indptr[source + 1]!;
        this.#indices.set(columns.subarray(from, to), filled);
        this.#values.set(matrix.values.subarray(from, to), filled);
        filled += to - from;
        pointers[++row] = filled;
      }
    }
    return [
      this.#send('int32', pointers),
      this.#send('int32', this.#indices.subarray(0, capacity)),
      this.#send('float32', this.#values.subarray(0, capacity)),
    ];
  }

  /** Copies at once, so that the numbers may change afterwards. */
  #send(dtype: 'int32' | 'float32', values: Int32Array | Float32Array): TensorInfo {
    const tensor = this.#backend.makeTensorInfo([values.length], dtype, values);
    this.#backend.uploadToGPU(tensor.dataId);
    return tensor;
  }
}

/**
 * The next of eight sizes per doubling that holds so many numbers. The backend keeps freed memory by exact size; batches have ever
 * other sizes, and without steps it would keep one piece for each.
 */
export function steppedCapacity(size: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(size, 1))) - 3);
  return Math.max(1, Math.ceil(size / step) * step);
}
