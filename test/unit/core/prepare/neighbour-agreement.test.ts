import { describe, expect, test } from 'vitest';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { neighbourAgreement } from '#core/prepare/neighbour-agreement';

describe('neighbour agreement', () => {
  const graph = { k: 2, indices: Int32Array.of(1, 2, 0, 2, 1, 0) };

  test('is the mean share of neighbours with the same label', () => {
    expect(neighbourAgreement(graph, ['a', 'a', 'b'])).toBeCloseTo((0.5 + 0.5 + 0) / 3, 12);
    expect(neighbourAgreement(graph, [4, 4, 4])).toBe(1);
  });

  test('leaves out cells and neighbours without a label', () => {
    expect(neighbourAgreement(graph, ['a', 'a', null])).toBe(1);
    expect(neighbourAgreement(graph, [0, -1, 1])).toBe(0);
    expect(neighbourAgreement(graph, [null, null, null])).toBeNaN();
  });
});

describe('exact neighbours', () => {
  test('refuse as many neighbours as there are cells', async () => {
    await expect(exactNeighbours.search(new Float32Array(6), 2, 3, 'manhattan')).rejects.toThrow('3 neighbours of 3');
  });

  test('refuse values that are no whole rows', async () => {
    await expect(exactNeighbours.search(new Float32Array(7), 2, 1, 'manhattan')).rejects.toThrow('no rows of 2');
  });

  test('give the distance of each neighbour, rising', async () => {
    const { distances } = await exactNeighbours.search(Float32Array.of(0, 0, 3, 4, 6, 8), 2, 2, 'euclidean');
    expect([...distances]).toEqual([5, 10, 5, 5, 5, 10]);
  });
});
