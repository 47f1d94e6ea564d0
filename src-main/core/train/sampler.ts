import type { Random } from '../base/random.ts';
import type { AlignedPair, NeighbourGraph } from '../data/aligned-pair.ts';

/** Row numbers of one step. */
export interface SampledRows {
  /** [n] reference rows, all different unless balanced */
  readonly reference: Int32Array;
  /** [n] query rows, all different */
  readonly query: Int32Array;
  /** [n] for each sampled query row one of its neighbours */
  readonly partners: Int32Array;
}

/** Cells drawn from each side: the wish, or as many as the smaller side has. */
export function batchSizeFor(pair: AlignedPair, wished: number): number {
  return Math.min(wished, pair.reference.input.rows, pair.query.input.rows);
}

/**
 * The cells of one step: n reference and n query cells, uniformly and without replacement, and one neighbour of each query cell.
 * Every step draws anew; there are no epochs. `random` moves on.
 *
 * Source: CellPredX (PLoS Comput Biol 2026), mini-batches.
 *
 * @param n at most the cells of either side
 * @param balanced draw labels equally often (with replacement where a label has too few cells)
 */
export function sampleRows(random: Random, pair: AlignedPair, n: number, balanced: boolean): SampledRows {
  const reference = balanced
    ? balancedRows(random, pair.reference.label, pair.labels.length, n)
    : random.sample(pair.reference.input.rows, n);
  const query = random.sample(pair.query.input.rows, n);
  return { reference, query, partners: partnersOf(random, query, pair.query.neighbours) };
}

/** One neighbour of each cell, uniformly; a cell without neighbours is its own partner. */
export function partnersOf(random: Random, cells: Int32Array, graph: NeighbourGraph): Int32Array {
  if (graph.k === 0) return cells.slice();
  return cells.map((cell) => graph.indices[cell * graph.k + random.below(graph.k)]!);
}

/**
 * n rows with every label equally often, up to rounding; which labels get the rest is drawn. Within a label rows are
 * drawn without replacement as long as there are enough. Labels without cells are left out.
 * @param label [rows] number of each row's label
 */
export function balancedRows(random: Random, label: Int32Array, labels: number, n: number): Int32Array {
  const rowsOf: number[][] = Array.from({ length: labels }, () => []);
  label.forEach((k, row) => rowsOf[k]!.push(row));
  const present = random.shuffle(rowsOf.filter((rows) => rows.length > 0));
  const out = new Int32Array(n);
  let filled = 0;
  present.forEach((rows, i) => {
    const share = Math.floor(n / present.length) + (i < n % present.length ? 1 : 0);
    const picks =
      share <= rows.length
        ? random.sample(rows.length, share)
        : Int32Array.from({ length: share }, () => random.below(rows.length));
    for (const pick of picks) out[filled++] = rows[pick]!;
  });
  return random.shuffle(out);
}
