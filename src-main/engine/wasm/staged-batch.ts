import { batchStoredValues, type CsrBatch } from '#core/train/csr-batch';
import { bytesOf, type KernelMemory } from './kernel-memory.ts';

/** Addresses of a batch in the memory of the kernels; see assembly/sparse.ts for the layout. */
export interface StagedBatch {
  readonly starts: number;
  readonly columns: number;
  readonly values: number;
  readonly rows: number;
}

/** Room for one batch at a time, which grows with the largest. */
export class BatchStage {
  readonly #memory: KernelMemory;
  /** The batch that lies here; held weakly, so that its rows live no longer for it. */
  #staged: WeakRef<CsrBatch> | null = null;
  #starts = { address: 0, length: 0 };
  #columns = { address: 0, length: 0 };
  #values = { address: 0, length: 0 };

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** Copies the rows of a batch in, unless they lie here already; the one before is overwritten. The values of a matrix do not change. */
  put(batch: CsrBatch): StagedBatch {
    if (this.#staged?.deref() !== batch) this.#copy(batch);
    return {
      starts: this.#starts.address,
      columns: this.#columns.address,
      values: this.#values.address,
      rows: batch.rows,
    };
  }

  free(): void {
    for (const { address, length } of [this.#starts, this.#columns, this.#values]) {
      if (length > 0) this.#memory.free(address);
    }
    this.#starts = this.#columns = this.#values = { address: 0, length: 0 };
    this.#staged = null;
  }

  #copy(batch: CsrBatch): void {
    this.#staged = null;
    const stored = batchStoredValues(batch);
    this.#starts = this.#roomFor(this.#starts, batch.rows + 1);
    this.#columns = this.#roomFor(this.#columns, stored);
    this.#values = this.#roomFor(this.#values, stored);
    const starts = this.#memory.words(this.#starts.address, batch.rows + 1);
    const columns = this.#memory.bytes(this.#columns.address, 4 * stored);
    const values = this.#memory.bytes(this.#values.address, 4 * stored);
    let [row, filled] = [0, 0];
    starts[0] = 0;
    for (const { matrix, rows } of batch.parts) {
      const { indptr } = matrix;
      const [indices, from] = [bytesOf(matrix.indices), bytesOf(matrix.values)];
      for (let i = 0; i < rows.length;) {
        const first = rows[i]!;
        let source = first;
        // rows that follow one another are copied in one piece
        do {
          filled += indptr[source + 1]! - indptr[source]!;
          starts[++row] = filled;
          source++;
          i++;
        } while (i < rows.length && rows[i] === source);
        const [begin, end] = [indptr[first]!, indptr[source]!];
        const target = 4 * (filled - (end - begin));
        indices.copy(columns, target, 4 * begin, 4 * end);
        from.copy(values, target, 4 * begin, 4 * end);
      }
    }
    this.#staged = new WeakRef(batch);
  }

  #roomFor(piece: { address: number; length: number }, length: number): { address: number; length: number } {
    if (piece.length >= length) return piece;
    if (piece.length > 0) this.#memory.free(piece.address);
    const roomy = Math.ceil(length * 1.1);
    return { address: this.#memory.allocate(4 * roomy), length: roomy };
  }
}
