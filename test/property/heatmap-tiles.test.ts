import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  levelOf,
  panned,
  TILE_COLUMNS,
  TILE_ROWS,
  type TileKey,
  tilesOf,
  wholeWindow,
  zoomedCells,
  zoomedRows,
} from '#charts/heatmap-tiles/heatmap-window';
import { TileStore } from '#charts/heatmap-tiles/tile-store';

const extents = fc.record({ cells: fc.integer({ min: 1, max: 2_000_000 }), rows: fc.integer({ min: 1, max: 1500 }) });

describe('the part of a heatmap that is seen', () => {
  test('never leaves the heatmap, however it is moved and scaled', () => {
    const moves = fc.array(
      fc.tuple(
        fc.constantFrom('cells', 'rows', 'pan'),
        fc.float({ min: Math.fround(0.1), max: 10, noNaN: true }),
        fc.integer({ min: -900, max: 900 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(extents, moves, (extent, all) => {
        let view = wholeWindow(extent, 800, 500);
        for (const [what, factor, by] of all) {
          if (what === 'cells') view = zoomedCells(view, factor, 300, extent);
          else if (what === 'rows') view = zoomedRows(view, factor, 200, extent);
          else view = panned(view, by, -by, extent);
          expect(view.left).toBeGreaterThanOrEqual(0);
          expect(view.top).toBeGreaterThanOrEqual(0);
          expect(view.left + view.width * view.cellsPerPixel).toBeLessThanOrEqual(extent.cells * (1 + 1e-9));
        }
      }),
    );
  });

  test('is covered by its tiles, and these are few at every level', () => {
    fc.assert(
      fc.property(extents, fc.float({ min: 1, max: 5000, noNaN: true }), (extent, factor) => {
        const view = zoomedCells(wholeWindow(extent, 800, 500), factor, 123, extent);
        const level = levelOf(view);
        const width = 2 ** level / view.cellsPerPixel;
        if (level > 0) {
          expect(width).toBeGreaterThanOrEqual(1 - 1e-6);
          expect(width).toBeLessThan(2 + 1e-6);
        }
        const keys = tilesOf(view, extent, level);
        const has = (cell: number, row: number): boolean =>
          keys.some(
            (key) =>
              key.tile === Math.floor(cell / (TILE_COLUMNS * 2 ** level)) && key.band === Math.floor(row / TILE_ROWS),
          );
        const right = Math.min(extent.cells - 1, view.left + view.width * view.cellsPerPixel - 1e-6);
        const bottom = Math.min(extent.rows - 1, view.top + view.height / view.pixelsPerRow - 1e-6);
        for (const [cell, row] of [
          [view.left, view.top],
          [right, view.top],
          [view.left, bottom],
          [right, bottom],
        ] as const)
          expect(has(cell, row)).toBe(true);
        expect(new Set(keys.map((key) => `${key.band}/${key.tile}`)).size).toBe(keys.length);
        expect(keys.length).toBeLessThanOrEqual(5 * (Math.ceil(extent.rows / TILE_ROWS) + 1));
      }),
    );
  });
});

describe('tiles', () => {
  const key = (tile: number): TileKey => ({ level: 2, tile, band: 0 });

  test('are fetched once, at most three at a time, and only those still wanted', async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const store = new TileStore<number>(
      ({ tile }) => (asked.push(tile), new Promise((resolve) => answers.push(() => resolve(tile * 10)))),
      () => undefined,
      () => undefined,
    );
    store.want([0, 1, 2, 3, 4].map(key));
    store.want([0, 1, 9].map(key));
    expect(asked).toEqual([0, 1, 2]);
    for (const answer of answers.splice(0)) answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toEqual([0, 1, 2, 9]);
    for (const answer of answers.splice(0)) answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.settled).toBe(true);
    expect([0, 1, 9].map((tile) => store.get(key(tile)))).toEqual([0, 10, 90]);
    expect(store.get(key(3))).toBeUndefined();
  });

  test('that cannot be had are told once and not asked for again', async () => {
    const problems: unknown[] = [];
    let asked = 0;
    const store = new TileStore<number>(
      () => (asked++, Promise.reject(new Error('no such feature'))),
      () => undefined,
      (error) => problems.push(error),
    );
    store.want([key(0)]);
    await new Promise((resolve) => setTimeout(resolve));
    store.want([key(0)]);
    await new Promise((resolve) => setTimeout(resolve));
    expect([asked, problems.length, store.settled]).toEqual([1, 1, true]);
  });
});
