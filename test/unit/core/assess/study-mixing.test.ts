import { describe, expect, test } from 'vitest';
import { neighbourMixing } from '#core/assess/study-mixing';
import { Random } from '#core/base/random';
import { exactNeighbours } from '#core/prepare/exact-neighbours';

describe('neighbourMixing', () => {
  test('is near 1 for a random mixture, whatever the sizes of the studies', async () => {
    const random = new Random(5);
    const cells = Float32Array.from({ length: 2 * 900 }, () => random.normal());
    const graph = await exactNeighbours.search(cells, 2, 15, 'euclidean');
    for (const share of [0.5, 0.1]) {
      const study = Array.from({ length: 900 }, () => (random.uniform() < share ? 1 : 0));
      expect(neighbourMixing(graph, study)).toBeGreaterThan(0.93);
      expect(neighbourMixing(graph, study)).toBeLessThan(1.07);
    }
  });

  test('is 0 for studies that lie apart, and their expectation counts the cell itself out', () => {
    const graph = { k: 1, indices: Int32Array.of(1, 0, 3, 2) };
    expect(neighbourMixing(graph, [0, 0, 1, 1])).toBe(0);
    // each cell's only neighbour is of the other study, of which 2 of the 3 others are
    expect(neighbourMixing(graph, [0, 1, 0, 1])).toBeCloseTo(1 / (2 / 3), 12);
  });

  test('says nothing of one study or of no neighbours', () => {
    expect(neighbourMixing({ k: 1, indices: Int32Array.of(1, 0) }, [1, 1])).toBeNull();
    expect(neighbourMixing({ k: 0, indices: new Int32Array(0) }, [0, 1])).toBeNull();
    expect(() => neighbourMixing({ k: 1, indices: Int32Array.of(1) }, [0, 1])).toThrow('1 neighbours for 2 cells');
  });
});
