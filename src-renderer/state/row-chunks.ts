import type { Result } from '#contract/requests';

export type LabelPage = Result<'run:labels'>;
export type CellRow = LabelPage['rows'][number];
/** A row that is not there yet. */
export interface Awaited {
  readonly awaited: number;
}

/** Rows that are fetched at once. */
export const CHUNK = 100;
/** Chunks that are kept; of more, those furthest from the one that was fetched last are forgotten. */
const KEPT = 40;

/** Rows of a table of any length as an array gives them, of which some chunks are there; others are places that wait. */
export class RowChunks {
  readonly length: number;
  readonly #chunks: ReadonlyMap<number, readonly CellRow[]>;

  constructor(length: number, chunks: ReadonlyMap<number, readonly CellRow[]> = new Map()) {
    this.length = length;
    this.#chunks = chunks;
  }

  slice(from: number, to: number): readonly (CellRow | Awaited)[] {
    return Array.from({ length: Math.max(0, Math.min(to, this.length) - from) }, (_, i) => {
      const place = from + i;
      return this.#chunks.get(Math.floor(place / CHUNK))?.[place % CHUNK] ?? { awaited: place };
    });
  }

  /** The first chunk of the rows from … to−1 that is not there; null where all are. */
  missing(from: number, to: number): number | null {
    const end = Math.min(to, this.length);
    for (let chunk = Math.floor(from / CHUNK); chunk * CHUNK < end; chunk++) if (!this.#chunks.has(chunk)) return chunk;
    return null;
  }

  /** The same with one more chunk. */
  with(chunk: number, { total, rows }: LabelPage): RowChunks {
    const nearest = [...this.#chunks].sort(([a], [b]) => Math.abs(a - chunk) - Math.abs(b - chunk));
    return new RowChunks(total, new Map([...nearest.slice(0, KEPT - 1), [chunk, rows]]));
  }
}
