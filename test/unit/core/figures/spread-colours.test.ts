import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { labelColours, unknownColour } from '#core/figures/label-colours';
import { neighbouringLabels } from '#core/figures/neighbouring-labels';
import { colourDifference, palette } from '#core/figures/palette';
import { spreadColours } from '#core/figures/spread-colours';

/** Labels on a square lattice, a cloud of cells each; a cloud reaches half way to the four around it. */
function lattice(side: number, seed: number): { layout: Float32Array; label: Int32Array; labels: number } {
  const random = Random.forPurpose(seed, 'lattice');
  const each = 160;
  const labels = side * side;
  const layout = new Float32Array(2 * labels * each);
  const label = Int32Array.from({ length: labels * each }, (_, cell) => Math.floor(cell / each));
  label.forEach((own, cell) => {
    layout[2 * cell] = (own % side) + random.uniform() - 0.5;
    layout[2 * cell + 1] = Math.floor(own / side) + random.uniform() - 0.5;
  });
  return { layout, label, labels };
}

/** Smallest difference of the colours of labels that touch in earnest. */
function leastDifference(touching: Float64Array, colours: readonly string[]): number {
  const count = colours.length;
  let least = Infinity;
  for (let a = 0; a < count; a++)
    for (let b = 0; b < a; b++)
      if (touching[a * count + b]! > 0.1) least = Math.min(least, colourDifference(colours[a]!, colours[b]!));
  return least;
}

describe('the palette', () => {
  test('has 64 colours, no two alike, none like the grey of Unknown or a background', () => {
    expect(new Set(palette).size).toBe(64);
    for (const [place, colour] of palette.entries()) {
      for (const other of [...palette.slice(0, place), unknownColour])
        expect(colourDifference(colour, other)).toBeGreaterThan(0.02);
      for (const ground of ['#ffffff', '#171d1c']) expect(colourDifference(colour, ground)).toBeGreaterThan(0.1);
    }
  });

  test('its first colours are well apart for every kind of eye', () => {
    for (const [place, colour] of palette.slice(0, 10).entries())
      for (const other of palette.slice(0, place)) expect(colourDifference(colour, other)).toBeGreaterThan(0.07);
  });
});

describe('neighbouringLabels', () => {
  test('tells which labels touch, alike from both sides, and none with itself', () => {
    const layout = Float32Array.of(0, 0, 0.1, 0, 10, 10, 10.1, 10, 0.1, 0.1);
    const touching = neighbouringLabels(layout, [0, 0, 1, 1, 2], 3);
    expect([...touching]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0]);
  });

  test('cells without a label, and labels without cells, touch nothing', () => {
    expect([...neighbouringLabels(Float32Array.of(0, 0, 0, 0), [0, -1], 2)]).toEqual([0, 0, 0, 0]);
  });
});

describe.each([
  [4, 0.12],
  [6, 0.09],
  [8, 0.09],
] as const)('colours of %d × %d labels side by side', (side, least) => {
  const { layout, label, labels } = lattice(side, 7);
  const touching = neighbouringLabels(layout, label, labels);
  const before = palette.slice(0, labels);
  const after = spreadColours(touching, before);

  test(`differ by more than ${least} where labels touch, and by more than in the order of the palette`, () => {
    expect([...after].sort()).toEqual([...before].sort());
    expect(leastDifference(touching, after)).toBeGreaterThan(least);
    expect(leastDifference(touching, after)).toBeGreaterThan(leastDifference(touching, before));
  });

  test('are the same every time', () => {
    expect(spreadColours(touching, before)).toEqual(after);
  });
});

describe('labelColours', () => {
  test('keeps the order of the palette where nothing touches or there is no map', () => {
    const apart = { layout: Float32Array.of(0, 0, 9, 9, 0, 9), label: [0, 1, 2], labels: 3 };
    expect([...labelColours(['a', 'b', 'c'], apart)]).toEqual([...labelColours(['a', 'b', 'c'])]);
  });

  test('gives labels that only the truth has the colours that are left', () => {
    const { layout, label, labels } = lattice(4, 3);
    const names = Array.from({ length: labels }, (_, i) => `label ${i}`);
    const colours = labelColours([...names, 'novel'], { layout, label, labels });
    expect(colours.get('novel')).toBe(palette[labels]);
    expect(new Set(colours.values()).size).toBe(labels + 2);
  });
});
