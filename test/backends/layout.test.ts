import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { neighbourAgreement } from '#core/prepare/neighbour-agreement';
import type { CellLayout, LayoutEngine } from '#core/prepare/layout';
import { createScranLayout } from '#engine/layout/scran-layout';
import { sketchedLayout } from '#engine/layout/sketched-layout';
import { temporaryFolders } from '#test/support/temporary-folder';

const WIDTH = 20;

/** Cells around `groups` centres: [cells, WIDTH], and the group of each. */
function clustered(cells: number, groups: number, seed: number): { values: Float32Array; group: Int32Array } {
  const random = new Random(seed);
  const centres = Float32Array.from({ length: groups * WIDTH }, () => 4 * random.normal());
  const group = Int32Array.from({ length: cells }, () => random.below(groups));
  const values = Float32Array.from(
    { length: cells * WIDTH },
    (_, i) => centres[group[Math.floor(i / WIDTH)]! * WIDTH + (i % WIDTH)]! + random.normal(),
  );
  return { values, group };
}

const folder = temporaryFolders();
const layout = createScranLayout();
afterAll(() => layout.close());

describe.each(['umap', 'tsne'] as const)('%s', (kind) => {
  const { values, group } = clustered(300, 4, 3);
  const drawBy = (engine: LayoutEngine, seed: number): Promise<CellLayout> =>
    kind === 'umap'
      ? engine.umap(values, WIDTH, { seed, epochs: 120 })
      : engine.tsne(values, WIDTH, { seed, iterations: 250 });
  const draw = async (seed: number): Promise<Float32Array> => (await drawBy(layout, seed)).places;

  test('gives the same bits for the same seed and others for another', async () => {
    const first = await draw(1);
    expect(await draw(1)).toEqual(first);
    expect(await draw(2)).not.toEqual(first);
  });

  test('keeps groups together and every coordinate finite', async () => {
    const places = await draw(1);
    expect(places).toHaveLength(600);
    expect(places.every(Number.isFinite)).toBe(true);
    const graph = await exactNeighbours.search(places, 2, 10, 'euclidean');
    expect(neighbourAgreement(graph, group)).toBeGreaterThan(0.95);
  });

  test.each([1, 3, 4, 7])('places %d cells', async (cells) => {
    const { places, sketch } = await layout[kind](values.slice(0, cells * WIDTH), WIDTH, { seed: 1 });
    expect(sketch).toBeNull();
    expect(places).toHaveLength(2 * cells);
    expect(places.every(Number.isFinite)).toBe(true);
  });

  test('reports progress with the coordinates so far and stops when cancelled', async () => {
    const signal = { aborted: false };
    const seen: number[] = [];
    const run = layout[kind](values, WIDTH, {
      seed: 1,
      signal,
      progress: (fraction, soFar) => {
        seen.push(fraction, soFar!.length);
        signal.aborted = true;
      },
      ...(kind === 'umap' ? { epochs: 100_000 } : { iterations: 100_000 }),
    });
    await expect(run).rejects.toBeInstanceOf(Cancelled);
    expect(seen[0]).toBeLessThan(1);
    expect(seen[1]).toBe(600);
  });

  test('lays out a sketch of very many cells and puts the others among it, the same for the same seed', async () => {
    const sketching = createScranLayout({ drawAllUpTo: 299, sketch: 150 });
    const { places, sketch } = await drawBy(sketching, 1);
    expect(sketch).toHaveLength(150);
    expect(await drawBy(sketching, 1)).toEqual({ places, sketch });
    expect((await drawBy(sketching, 2)).sketch).not.toEqual(sketch);
    expect(places.every(Number.isFinite)).toBe(true);
    const graph = await exactNeighbours.search(places, 2, 10, 'euclidean');
    expect(neighbourAgreement(graph, group)).toBeGreaterThan(0.95);
    expect((await drawBy(createScranLayout({ drawAllUpTo: 300, sketch: 150 }), 1)).places).toEqual(await draw(1));
  });
});

describe('sketchedLayout', () => {
  const { values } = clustered(1200, 3, 8);
  const limits = { drawAllUpTo: 1000, sketch: 200 };
  /** "Lays out" by the first two values, so that the right place of every cell is known. */
  const firstTwo = async (some: Float32Array): Promise<Float32Array> =>
    Float32Array.from({ length: (2 * some.length) / WIDTH }, (_, i) => some[(i >> 1) * WIDTH + (i % 2)]!);

  test('leaves the cells of the sketch where they were laid out and puts the others between their nearest', async () => {
    const fractions: number[] = [];
    const progress = (fraction: number): number => fractions.push(fraction);
    const { places, sketch } = await sketchedLayout(values, WIDTH, { seed: 1, progress }, limits, firstTwo);
    const own = await firstTwo(values);
    for (const cell of sketch!) expect(places[2 * cell]).toBe(own[2 * cell]);
    const among = new Set(sketch);
    for (let cell = 0; cell < 1200; cell++) {
      if (among.has(cell)) continue;
      const far = Math.hypot(places[2 * cell]! - own[2 * cell]!, places[2 * cell + 1]! - own[2 * cell + 1]!);
      expect(far).toBeLessThan(6); // groups are some 25 apart; within one, cells scatter by 1 along each dimension
    }
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  test('stops while it places the others', async () => {
    const signal = { aborted: false };
    const progress = (fraction: number): void => void (signal.aborted = fraction > 0.8);
    const run = sketchedLayout(values, WIDTH, { seed: 1, signal, progress }, limits, firstTwo);
    await expect(run).rejects.toBeInstanceOf(Cancelled);
  });
});

test('a process that drew a layout ends by itself', () => {
  const engine = fileURLToPath(new URL('../../src-main/engine/layout/scran-layout.ts', import.meta.url));
  const script = `
    const { createScranLayout } = await import(${JSON.stringify(engine)});
    const values = Float32Array.from({ length: 200 }, (_, i) => Math.sin(i));
    const { places } = await createScranLayout().umap(values, 4, { seed: 1, epochs: 20 });
    console.log(places.length);`;
  const file = join(folder(), 'draw.mjs');
  writeFileSync(file, script);
  expect(execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 50_000 }).trim()).toBe('100');
});
