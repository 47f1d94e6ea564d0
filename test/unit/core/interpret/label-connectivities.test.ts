import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { labelConnectivities } from '#core/interpret/label-connectivities';

interface Case {
  readonly k: number;
  readonly indices: Int32Array;
  readonly label: Int32Array;
  readonly labels: number;
}

/** Some cells, each with k other cells and one of a few labels, or none. */
const cases: fc.Arbitrary<Case> = fc
  .record({ cells: fc.integer({ min: 4, max: 40 }), k: fc.integer({ min: 1, max: 3 }), seed: fc.nat() })
  .map(({ cells, k, seed }) => {
    const random = new Random(seed);
    const labels = 1 + random.below(4);
    const near = (cell: number): number[] =>
      Array.from(random.sample(cells - 1, k), (other) => (other < cell ? other : other + 1));
    return {
      k,
      indices: Int32Array.from(Array.from({ length: cells }, (_, cell) => near(cell)).flat()),
      label: Int32Array.from({ length: cells }, () => random.below(labels + 1) - 1),
      labels,
    };
  });

/** The formula of the paper, link by link, for one pair of labels. */
function plainly({ k, indices, label }: Case, i: number, j: number): number {
  const links = Array.from(indices, (to, place) => [label[Math.floor(place / k)]!, label[to]!] as const).filter(
    ([from, to]) => from >= 0 && to >= 0,
  );
  const between = links.filter(([from, to]) => (from === i && to === j) || (from === j && to === i)).length;
  const leaving = (own: number): number => links.filter(([from]) => from === own).length;
  const size = (own: number): number => label.filter((other) => other === own).length;
  const n = label.filter((own) => own >= 0).length;
  const expected = (leaving(i) * size(j) + leaving(j) * size(i)) / (n - 1);
  return between === 0 ? 0 : Math.min(1, between / expected);
}

describe('labelConnectivities', () => {
  test('is the formula, link by link', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { values } = labelConnectivities(given, given.label, given.labels);
        for (let i = 0; i < given.labels; i++) {
          for (let j = 0; j < given.labels; j++) {
            const expected = i === j ? 0 : plainly(given, i, j);
            expect(values[i * given.labels + j]).toBeCloseTo(expected, 12);
          }
        }
      }),
    );
  });

  test('is symmetric, within 0 … 1, and the same whatever the labels are called', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { labels, label } = given;
        const { values, cells } = labelConnectivities(given, label, labels);
        const turned = labelConnectivities(
          given,
          label.map((own) => (own < 0 ? own : labels - 1 - own)),
          labels,
        );
        expect(turned.cells).toEqual(cells.toReversed());
        for (let i = 0; i < labels; i++) {
          for (let j = 0; j < labels; j++) {
            expect(values[i * labels + j]).toBe(values[j * labels + i]);
            expect(values[i * labels + j]).toBeGreaterThanOrEqual(0);
            expect(values[i * labels + j]).toBeLessThanOrEqual(1);
            expect(turned.values[(labels - 1 - i) * labels + (labels - 1 - j)]).toBe(values[i * labels + j]);
          }
        }
      }),
    );
  });

  test('is near 1 where labels are given out at random, and 0 where no link joins them', () => {
    const random = new Random(3);
    const [cells, k] = [2000, 10];
    const indices = Int32Array.from({ length: cells * k }, () => random.below(cells));
    const mixed = Int32Array.from({ length: cells }, () => random.below(3));
    const { values } = labelConnectivities({ k, indices }, mixed, 3);
    for (const place of [1, 2, 5]) expect(values[place]).toBeGreaterThan(0.95);
    const apart = Int32Array.from({ length: 6 }, (_, cell) => Math.floor(cell / 3));
    const within = Int32Array.of(1, 2, 0, 4, 5, 3);
    expect(Array.from(labelConnectivities({ k: 1, indices: within }, apart, 2).values)).toEqual([0, 0, 0, 0]);
  });

  test('has 0 for a label without cells and does not count cells without a label', () => {
    const graph = { k: 1, indices: Int32Array.of(1, 0, 3, 2, 0) };
    const all = labelConnectivities(graph, [0, 1, 0, 1, -1], 3);
    expect(all.cells).toEqual([2, 2, 0]);
    // links 0→1, 1→0, 0→1, 1→0 of four cells: (2 + 2) / ((2·2 + 2·2)/3), more than chance
    expect(Array.from(all.values)).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  test('refuses a graph of other cells', () => {
    expect(() => labelConnectivities({ k: 2, indices: new Int32Array(4) }, [0, 1, 0], 2)).toThrow(
      '4 neighbours for 3 cells with 2 each',
    );
  });
});
