import type { TileKey } from './heatmap-window.ts';

/** Numbers of a tile: [rows, columns] row by row. */
export interface TileValues {
  readonly columns: number;
  readonly values: Float32Array;
}

/** Tiles asked for at once. */
const AT_ONCE = 3;
/** Tiles kept; those looked at longest ago go first. A tile of 512 × 64 takes 260 KB with its picture. */
const KEPT = 200;

/**
 * Tiles that were fetched, and those that are on their way. Only what is wanted now is asked for: what a person has scrolled
 * past meanwhile is forgotten before it is fetched.
 */
export class TileStore<Tile> {
  readonly #fetch: (key: TileKey) => Promise<Tile>;
  readonly #onchange: () => void;
  readonly #onproblem: (error: unknown) => void;
  readonly #tiles = new Map<string, Tile>();
  readonly #coming = new Set<string>();
  readonly #failed = new Set<string>();
  #wanted: readonly TileKey[] = [];

  constructor(fetch: (key: TileKey) => Promise<Tile>, onchange: () => void, onproblem: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#onchange = onchange;
    this.#onproblem = onproblem;
  }

  get(key: TileKey): Tile | undefined {
    const name = nameOf(key);
    const tile = this.#tiles.get(name);
    if (tile === undefined) return undefined;
    this.#tiles.delete(name);
    this.#tiles.set(name, tile);
    return tile;
  }

  /** Whether everything that is wanted is there or could not be had. */
  get settled(): boolean {
    return this.#coming.size === 0 && this.#wanted.every((key) => !this.#missing(key));
  }

  /** What is seen now, the most important first. */
  want(keys: readonly TileKey[]): void {
    this.#wanted = keys;
    this.#next();
  }

  #next(): void {
    for (const key of this.#wanted) {
      if (this.#coming.size >= AT_ONCE) return;
      if (this.#missing(key) && !this.#coming.has(nameOf(key))) void this.#bring(key);
    }
  }

  #missing(key: TileKey): boolean {
    return !this.#tiles.has(nameOf(key)) && !this.#failed.has(nameOf(key));
  }

  async #bring(key: TileKey): Promise<void> {
    const name = nameOf(key);
    this.#coming.add(name);
    try {
      this.#tiles.set(name, await this.#fetch(key));
      for (const old of [...this.#tiles.keys()].slice(0, -KEPT)) this.#tiles.delete(old);
    } catch (error) {
      this.#failed.add(name); // asking again and again would not help; the person is told once
      this.#onproblem(error);
    } finally {
      this.#coming.delete(name);
    }
    this.#onchange();
    this.#next();
  }
}

function nameOf({ level, tile, band }: TileKey): string {
  return `${level}/${band}/${tile}`;
}
