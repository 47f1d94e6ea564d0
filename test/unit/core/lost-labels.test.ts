import { describe, expect, test } from 'vitest';
import { lostLabels, unexplainedRegions } from '#core/figures/lost-labels';

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

describe('lost labels', () => {
  test('are told by what happened to them, the largest loss first', () => {
    const found = lostLabels({
      labels: 5,
      referenceLabel: [...times(40, 0), ...times(30, 1), ...times(10, 2), ...times(10, 3), ...times(10, 4)],
      predicted: [...times(90, 0), ...times(5, 2), ...times(5, 4)],
      confidence: [...times(90, 0.9), ...times(4, 0.2), 0.4, ...times(5, 0.9)],
      shown: [...times(90, 0), ...times(5, -1), ...times(5, 4)],
    });
    expect(found.map(({ label, kind }) => [label, kind])).toEqual([
      [1, 'nobody'],
      [3, 'nobody'],
      [2, 'unsure'],
    ]);
    expect(found[2]).toMatchObject({ predictedCells: 5, shownCells: 0, highest: 0.4, referenceCells: 10 });
    expect(found[0]).toMatchObject({ highest: null, predictedCells: 0, expectedCells: 28.5 });
  });

  test('are told as fewer or more only where shares can be compared', () => {
    const shares = (shown: number[]) =>
      lostLabels({
        labels: 2,
        referenceLabel: [...times(50, 0), ...times(50, 1)],
        predicted: shown,
        confidence: times(shown.length, 1),
        shown,
      }).map(({ label, kind }) => [label, kind]);
    expect(shares([...times(90, 0), ...times(10, 1)])).toEqual([[1, 'fewer']]);
    expect(shares([...times(70, 0), ...times(30, 1)])).toEqual([]);
    expect(shares([...times(9, 0), ...times(1, 1)])).toEqual([]);
  });
});

describe('parts of the map that no label explains', () => {
  /** Two clouds: the first all Unknown, the second labelled. */
  const layout = Float32Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 10) + (i % 7) / 20);

  test('are cells that lie together and are Unknown, others are not among them', () => {
    const shown = [...times(90, -1), ...times(110, 0)];
    const [region, ...others] = unexplainedRegions(layout, shown);
    expect(others).toEqual([]);
    expect(region!.cells.every((cell) => shown[cell] === -1)).toBe(true);
    expect(region!.all).toBeGreaterThanOrEqual(region!.cells.length);
  });

  test('are not told where most cells are Unknown, or none', () => {
    expect(unexplainedRegions(layout, times(200, -1))).toEqual([]);
    expect(unexplainedRegions(layout, times(200, 0))).toEqual([]);
    expect(unexplainedRegions(new Float32Array(), [])).toEqual([]);
  });
});
