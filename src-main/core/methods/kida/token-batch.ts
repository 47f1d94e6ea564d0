import type { CsrMatrix } from '../../data/csr-matrix.ts';
import { type BatchPart, type CsrBatch, rowRange } from '../../train/csr-batch.ts';
import type { TokenMask } from './token-mask.ts';

/**
 * Cells as the masked embedding takes them. Row i·J + j holds, for each gene of token j, the value of cell i at the column of that
 * link between gene and token; one weight row per link then gives all tokens of all cells by one sparse product, and links that
 * the mask does not have need neither weights nor derivatives. Where the input has a shift per gene, J more rows hold the shift.
 */
export interface TokenBatch {
  readonly cells: number;
  /** J */
  readonly tokens: number;
  /** [(cells + 1 with a shift)·J, links] */
  readonly links: CsrBatch;
  readonly shifted: boolean;
}

/** The named rows of a matrix of chosen genes, by tokens. */
export function tokenBatch(mask: TokenMask, { matrix, rows, shift }: BatchPart): TokenBatch {
  const tokens = mask.names.length;
  const lines = (rows.length + (shift === undefined ? 0 : 1)) * tokens;
  const collected = new Collected(lines, mask);
  const cell = new Float32Array(mask.columns);
  for (const row of rows) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) cell[matrix.indices[p]!] = matrix.values[p]!;
    collected.add(cell);
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) cell[matrix.indices[p]!] = 0;
  }
  if (shift !== undefined) collected.add(shift);
  return { cells: rows.length, tokens, links: rowRange(collected.matrix()), shifted: shift !== undefined };
}

/** Rows by token, collected cell by cell. */
class Collected {
  readonly #mask: TokenMask;
  readonly #indptr: Float64Array;
  #indices = new Uint32Array(1 << 14);
  #values = new Float32Array(1 << 14);
  #stored = 0;
  #line = 0;

  constructor(lines: number, mask: TokenMask) {
    this.#mask = mask;
    this.#indptr = new Float64Array(lines + 1);
  }

  /** @param cell [chosen genes] */
  add(cell: Float32Array): void {
    const { starts, genes } = this.#mask;
    if (this.#stored + genes.length > this.#indices.length) this.#grow(genes.length);
    const [indices, values] = [this.#indices, this.#values];
    let stored = this.#stored;
    for (let token = 0; token < starts.length - 1; token++) {
      for (let link = starts[token]!; link < starts[token + 1]!; link++) {
        const value = cell[genes[link]!]!;
        if (value === 0) continue;
        indices[stored] = link;
        values[stored++] = value;
      }
      this.#indptr[++this.#line] = stored;
    }
    this.#stored = stored;
  }

  matrix(): CsrMatrix {
    return {
      rows: this.#indptr.length - 1,
      columns: this.#mask.genes.length,
      indptr: this.#indptr,
      indices: this.#indices.subarray(0, this.#stored),
      values: this.#values.subarray(0, this.#stored),
    };
  }

  #grow(needed: number): void {
    const size = Math.max(2 * this.#indices.length, this.#stored + needed);
    const [indices, values] = [new Uint32Array(size), new Float32Array(size)];
    indices.set(this.#indices);
    values.set(this.#values);
    [this.#indices, this.#values] = [indices, values];
  }
}
