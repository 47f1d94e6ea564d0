import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seenBy, toOklab, visions } from '#core/figures/colour-space';
import { chosenFeatures } from '#core/figures/chosen-features';
import { kernelDensity, quantile } from '#core/figures/kernel-density';
import { labelColours, unknownColour } from '#core/figures/label-colours';
import { palette } from '#core/figures/palette';
import { samplePoints } from '#core/figures/sample-points';

fc.configureGlobal({ seed: 20262 });

const rgb = (hex: string): [number, number, number] => {
  const part = (from: number): number => parseInt(hex.slice(from, from + 2), 16) / 255;
  return [part(1), part(3), part(5)];
};

/** Smallest distance of two colours over kinds of vision, in OKLab. */
const apart = (a: string, b: string): number =>
  Math.min(
    ...visions.map((vision) => {
      const [p, q] = [a, b].map((colour) => toOklab(seenBy(vision, rgb(colour))));
      return Math.hypot(p![0] - q![0], p![1] - q![1], p![2] - q![2]);
    }),
  );

describe('palette', () => {
  test('has 64 different colours, the first Okabe and Ito’s', () => {
    expect(new Set(palette).size).toBe(64);
    expect(palette.slice(0, 3)).toEqual(['#0072b2', '#d55e00', '#009e73']);
    expect(palette.every((colour) => /^#[0-9a-f]{6}$/.test(colour))).toBe(true);
  });

  test('keeps the first 12 colours well apart for normal, protanope and deuteranope eyes', () => {
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < i; j++) expect(apart(palette[i]!, palette[j]!), `${i} ${j}`).toBeGreaterThan(0.06);
    }
  });

  test('keeps all colours off the grey of Unknown and off white', () => {
    for (const colour of palette) {
      expect(apart(colour, unknownColour)).toBeGreaterThan(0.03);
      expect(apart(colour, '#ffffff')).toBeGreaterThan(0.12);
    }
  });
});

describe('labelColours', () => {
  test('depends on the names only, in whatever order, and keeps Unknown grey', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 80 }), (labels) => {
        const colours = labelColours(labels);
        expect(new Map(labelColours(labels.toReversed()))).toEqual(new Map(colours));
        expect([...colours.keys()]).toEqual([...labels.filter((label) => label !== 'Unknown'), 'Unknown']);
        expect(colours.get('Unknown')).toBe(unknownColour);
        const others = labels.filter((label) => label !== 'Unknown');
        expect(new Set(others.map((label) => colours.get(label))).size).toBe(Math.min(64, others.length));
      }),
    );
  });

  test('does not change the colours of labels when the truth has further ones', () => {
    const few = labelColours(['b', 'CD4 T', 'CD8 T']);
    const more = labelColours(['b', 'CD4 T', 'CD8 T'], { further: ['a', 'naive T', 'b'] });
    for (const label of ['b', 'CD4 T', 'CD8 T']) expect(more.get(label)).toBe(few.get(label));
    expect(new Set(more.values()).size).toBe(6);
  });
});

describe('kernelDensity', () => {
  const values = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 2, maxLength: 60 });

  test('equals the sum of Gaussians written out', () => {
    const list = [1, 2, 2.5, 4, 7];
    const { at, density } = kernelDensity(list, [0, 10], 21);
    const mean = 3.3;
    const s = Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4);
    const h = 0.9 * Math.min(s, (4 - 2) / 1.34) * 5 ** -0.2;
    at.forEach((t, i) => {
      const exact =
        list.reduce((sum, v) => sum + Math.exp(-0.5 * ((t - v) / h) ** 2), 0) / (5 * h * Math.sqrt(2 * Math.PI));
      expect(density[i]).toBeCloseTo(exact, 3); // values are shared between bins of 10/512
    });
  });

  test('is never negative and holds nearly all of its mass when the range is wide', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { at, density } = kernelDensity(list, [-60, 70], 2000);
        expect(density.every((d) => d >= 0)).toBe(true);
        const step = at[1]! - at[0]!;
        expect(density.reduce((sum, d) => sum + d * step, 0)).toBeCloseTo(1, 2);
      }),
    );
  });

  test('refuses an empty list and a range without width', () => {
    expect(() => kernelDensity([], [0, 1])).toThrow('0 values');
    expect(() => kernelDensity([1], [1, 1])).toThrow('over [1, 1]');
  });
});

describe('quantile', () => {
  test('lies between its neighbours and rises with the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, a, b) => {
          const sorted = list.toSorted((x, y) => x - y);
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(quantile(sorted, low)).toBeLessThanOrEqual(quantile(sorted, high) + 1e-6);
          expect(quantile(sorted, 0)).toBe(sorted[0]);
          expect(quantile(sorted, 1)).toBe(sorted.at(-1));
        },
      ),
    );
  });
});

describe('samplePoints', () => {
  test('draws each cell at most once and says how many of how many', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 100 }), fc.integer(), (cells, most, seed) => {
        const list = Array.from({ length: cells }, (_, cell) => cell * 2);
        const { drawn, footnotes } = samplePoints(list, seed, most);
        expect(drawn).toHaveLength(Math.min(cells, most));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((cell) => list.includes(cell))).toBe(true);
        expect(footnotes).toHaveLength(cells > most ? 1 : 0);
        expect(samplePoints(list, seed, most).drawn).toEqual(drawn);
      }),
    );
  });

  test('writes the note with both numbers', () => {
    const { footnotes } = samplePoints(
      Array.from({ length: 81_000 }, (_, cell) => cell),
      1,
    );
    expect(footnotes[0]!.replaceAll('\u00a0', ' ')).toBe('Drawn: 20,000 of 81,000 cells, chosen at random.');
  });
});

describe('chosenFeatures', () => {
  const marker = fc.record({
    label: fc.constantFrom('a', 'b', 'c', 'gone'),
    rank: fc.integer({ min: 1, max: 10 }),
    feature: fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5', 'missing'),
  });

  test('names each feature once, at most so many per label, and only features and labels there are', () => {
    fc.assert(
      fc.property(fc.array(marker), fc.integer({ min: 1, max: 4 }), (list, perLabel) => {
        const markers = list.map((one) => ({
          ...one,
          cells: 1,
          fraction: 1,
          meanAttribution: 0,
          logFoldChange: null,
          detectionRate: 1,
        }));
        const features = ['f1', 'f2', 'f3', 'f4', 'f5'];
        const chosen = chosenFeatures(markers, ['a', 'b', 'c'], features, perLabel);
        expect(new Set(chosen.map(({ feature }) => feature)).size).toBe(chosen.length);
        for (const { feature, column, label } of chosen) {
          expect(features[column]).toBe(feature);
          expect(markers.some((one) => one.feature === feature && one.label === 'abc'[label])).toBe(true);
        }
        for (const label of [0, 1, 2]) {
          expect(chosen.filter((one) => one.label === label).length).toBeLessThanOrEqual(perLabel);
        }
      }),
    );
  });
});
