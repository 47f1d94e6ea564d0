import type { ProjectReader } from '#store/project';
import { type FeatureColumn, type FeatureColumns, readColumn } from './feature-columns.ts';

/** A feature with its mean and standard deviation over all cells. */
export interface MeasuredColumn extends FeatureColumn {
  readonly mean: number;
  /** n − 1 in the denominator; 0 for a feature that is the same in all cells. */
  readonly deviation: number;
}

/** Memory that columns may take: those of 1000 features in 100 000 cells, of which one in ten has them. */
const MOST_BYTES = 128 << 20;

/** Columns read before, so that the tiles of a heatmap that lie beside each other read them once. Those used longest ago go first. */
export class ColumnCache {
  readonly #columns = new Map<number, MeasuredColumn>();
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** @param place of the feature */
  async get(project: ProjectReader, columns: FeatureColumns, place: number): Promise<MeasuredColumn> {
    const known = this.#columns.get(place) ?? measured(await readColumn(project, columns, place), columns.cells);
    if (!this.#columns.delete(place)) this.#bytes += bytesOf(known);
    this.#columns.set(place, known);
    for (const [old, column] of this.#columns) {
      if (this.#bytes <= this.#mostBytes || old === place) break;
      this.#columns.delete(old);
      this.#bytes -= bytesOf(column);
    }
    return known;
  }
}

function bytesOf({ cells, values }: FeatureColumn): number {
  return cells.byteLength + values.byteLength;
}

function measured(column: FeatureColumn, cells: number): MeasuredColumn {
  let [sum, squares] = [0, 0];
  for (const value of column.values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / cells;
  return { ...column, mean, deviation: cells < 2 ? 0 : Math.sqrt(Math.max(0, squares - sum * mean) / (cells - 1)) };
}
