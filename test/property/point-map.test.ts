import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { fittedCamera, panned, toMap, toScreen, zoomedAt, zoomOf } from '#charts/point-map/map-camera';
import { drawingOrder, paletteBytes, unitPlaces } from '#charts/point-map/map-points';
import { namesWithRoom } from '#charts/point-map/names-with-room';
import { PiecewiseDrawing } from '#charts/point-map/piecewise-drawing';
import { PointIndex } from '#charts/point-map/point-index';

const size = { width: 640, height: 480 };
const places = fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 300 })).map(([seed, count]) => {
  const random = new Random(seed);
  return Float32Array.from({ length: 2 * count }, () => Math.round(random.uniform() * 40 - 20) / 20);
});

describe('the points of a map', () => {
  test('nearest to a place are those of looking at all of them', () => {
    fc.assert(
      fc.property(
        places,
        fc.float({ min: -1, max: 1, noNaN: true }),
        fc.float({ min: -1, max: 1, noNaN: true }),
        (all, x, y) => {
          const radius = 0.3;
          const apart = (point: number): number => Math.hypot(all[2 * point]! - x, all[2 * point + 1]! - y);
          const odd = (point: number): boolean => point % 2 === 1;
          const found = new PointIndex(all).nearest({ x, y }, radius, odd);
          const candidates = Array.from({ length: all.length / 2 }, (_, point) => point).filter(
            (point) => odd(point) && apart(point) <= radius,
          );
          if (candidates.length === 0) expect(found).toBe(-1);
          else expect(apart(found)).toBeCloseTo(Math.min(...candidates.map(apart)), 12);
        },
      ),
    );
  });

  test('within a box are those between its sides, rising, and none without an outline', () => {
    fc.assert(
      fc.property(places, (all) => {
        const box = [-0.53, 0.41].flatMap((y) => [-0.27, 0.62].map((x) => ({ x, y })));
        const outline = [box[0]!, box[1]!, box[3]!, box[2]!];
        const expected = Array.from({ length: all.length / 2 }, (_, point) => point).filter(
          (point) =>
            all[2 * point]! > -0.27 &&
            all[2 * point]! < 0.62 &&
            all[2 * point + 1]! > -0.53 &&
            all[2 * point + 1]! < 0.41,
        );
        expect([...new PointIndex(all).within(outline)]).toEqual(expected);
        expect(new PointIndex(all).within(outline.slice(0, 2))).toHaveLength(0);
      }),
    );
  });

  test('within an outline that crosses itself are not those that it runs round twice', () => {
    const index = new PointIndex(Float32Array.of(0, 0, 0.5, 0.5));
    const square = [
      [-0.2, -0.2],
      [0.2, -0.2],
      [0.2, 0.2],
      [-0.2, 0.2],
    ].map(([x, y]) => ({ x: x!, y: y! }));
    expect([...index.within(square)]).toEqual([0]);
    expect([...index.within([...square, ...square])]).toEqual([]);
  });

  test('keep their shape when they are brought to −1 … 1, and coinciding ones lie in the middle', () => {
    expect([...unitPlaces(Float32Array.of(10, 0, 30, 10, 20, 5))]).toEqual([-1, -0.5, 1, 0.5, 0, 0]);
    expect([...unitPlaces(Float32Array.of(7, 7, 7, 7))]).toEqual([0, 0, 0, 0]);
    expect(unitPlaces(new Float32Array())).toHaveLength(0);
  });

  test('are drawn in an order that holds each once and is the same for the same seed', () => {
    const order = drawingOrder(500, 3);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, point) => point));
    expect(drawingOrder(500, 3)).toEqual(order);
    expect(drawingOrder(500, 4)).not.toEqual(order);
    expect([...paletteBytes(['#102030']).subarray(0, 8)]).toEqual([16, 32, 48, 255, 255, 255, 255, 255]);
  });
});

describe('the camera', () => {
  const camera = fc
    .tuple(
      fc.float({ min: -1, max: 1, noNaN: true }),
      fc.float({ min: -1, max: 1, noNaN: true }),
      fc.float({ min: 50, max: 5000, noNaN: true }),
    )
    .map(([x, y, scale]) => ({ x, y, scale }));

  test('leads from the map to the screen and back', () => {
    fc.assert(
      fc.property(camera, fc.integer({ min: 0, max: 640 }), fc.integer({ min: 0, max: 480 }), (now, x, y) => {
        const place = toMap(now, size, x, y);
        const back = toScreen(now, size, place.x, place.y);
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });

  test('keeps what is under the pointer there while it zooms, as long as the map is not left', () => {
    const now = { x: 0.1, y: -0.2, scale: 400 };
    const at = { x: 300, y: 250 };
    const before = toMap(now, size, at.x, at.y);
    const after = toMap(zoomedAt(now, size, 1.7, at), size, at.x, at.y);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(zoomOf(zoomedAt(now, size, 1e9, at), size)).toBeLessThanOrEqual(400);
    expect(zoomOf(zoomedAt(now, size, 1e-9, at), size)).toBeGreaterThanOrEqual(0.5);
  });

  test('follows the hand, shows everything when fitted, and never leaves the map', () => {
    const fitted = fittedCamera(size);
    for (const corner of [-1, 1]) {
      const seen = toScreen(fitted, size, corner, corner);
      expect(seen.y).toBeGreaterThanOrEqual(0);
      expect(seen.y).toBeLessThanOrEqual(size.height);
    }
    const moved = panned(fitted, 10, 20);
    expect(toScreen(moved, size, 0, 0).x).toBeCloseTo(size.width / 2 + 10, 9);
    expect(toScreen(moved, size, 0, 0).y).toBeCloseTo(size.height / 2 + 20, 9);
    expect(panned(fitted, 1e6, -1e6)).toMatchObject({ x: -1, y: -1 });
  });
});

test('names are written where they cover no other, heaviest first', () => {
  const at = (x: number, y: number, weight: number) => ({ text: 'B cell', weight, at: { x, y } });
  const [light, heavy, apart, outside] = [at(100, 100, 1), at(104, 102, 9), at(300, 300, 1), at(-5, 10, 99)];
  expect(namesWithRoom([light, heavy, apart, outside], size)).toEqual([heavy, apart]);
});

describe('drawing piece by piece', () => {
  /** A page whose card needs so many milliseconds per thousand points, and whose frames come every 16 ms. */
  function drawn(count: number, msPerThousand: number) {
    let now = 0;
    let busyUntil = 0;
    let next: (() => void) | null = null;
    const pieces: [number, number][] = [];
    const clears: number[] = [];
    const drawing = new PiecewiseDrawing(
      {
        count,
        get busy() {
          return now < busyUntil;
        },
        clear: () => void clears.push(now),
        draw(from, to) {
          pieces.push([from, to]);
          busyUntil = now + ((to - from) / 1000) * msPerThousand;
        },
      },
      { now: () => now, nextFrame: (call) => ((next = call), 1), cancel: () => (next = null) },
    );
    const frames = (many: number): void => {
      for (let i = 0; i < many && next !== null; i++) {
        now += 16;
        const call: () => void = next;
        next = null;
        call();
      }
    };
    return { drawing, pieces, clears, frames };
  }

  test('every point is drawn once when the map rests, whatever the card', () => {
    for (const ms of [0.001, 0.2, 3]) {
      const { drawing, pieces, frames } = drawn(700_000, ms);
      drawing.renew(false);
      frames(5000);
      expect(drawing.complete).toBe(true);
      expect(pieces[0]![0]).toBe(0);
      for (let i = 1; i < pieces.length; i++) expect(pieces[i]![0]).toBe(pieces[i - 1]![1]);
      expect(pieces.at(-1)![1]).toBe(700_000);
    }
  });

  test('a slow card draws fewer at once while the map moves, a quick one more', () => {
    for (const [ms, test] of [
      [2, (atOnce: number) => atOnce < 40_000],
      [0.001, (atOnce: number) => atOnce >= 1_000_000],
    ] as const) {
      const { drawing, frames, clears } = drawn(1_000_000, ms);
      for (let i = 0; i < 60; i++) {
        drawing.renew(true);
        frames(1);
      }
      expect(test(drawing.atOnce)).toBe(true);
      expect(clears.length).toBeGreaterThan(5);
    }
  });
});
