import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import { labelColours, unknownColour } from '#core/figures/label-colours';
import { neighbouringLabels } from '#core/figures/neighbouring-labels';
import { colourDifference, palette } from '#core/figures/palette';
import { keepToldApart } from '#core/figures/keep-told-apart';

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

describe.each([4, 6, 8])('of %d × %d labels side by side', (side) => {
  const { layout, label, labels } = lattice(side, 7);
  const touching = neighbouringLabels(layout, label, labels);
  const before = palette.slice(0, labels);
  const after = keepToldApart(touching, before);

  test('those that touch are easily told apart, where in the order of the palette some were not', () => {
    expect([...after].sort()).toEqual([...before].sort());
    expect(leastDifference(touching, before)).toBeLessThan(0.12);
    expect(leastDifference(touching, after)).toBeGreaterThan(0.12);
  });

  test('at least half of them keep their colour, and so do all where they are told apart already', () => {
    expect(after.filter((colour, i) => colour === before[i]).length).toBeGreaterThanOrEqual(labels / 2);
    expect(keepToldApart(touching, after)).toEqual(after);
  });
});

describe('labelColours', () => {
  const names = (labels: number): string[] => Array.from({ length: labels }, (_, i) => `label ${i}`);

  test('are those without a map where nothing touches', () => {
    const apart = { layout: Float32Array.of(0, 0, 9, 9, 0, 9), label: [0, 1, 2] };
    expect([...labelColours(['a', 'b', 'c'], { places: apart })]).toEqual([...labelColours(['a', 'b', 'c'])]);
  });

  test('do not depend on the order of the labels, with a map neither', () => {
    const { layout, label, labels } = lattice(5, 3);
    const colours = labelColours(names(labels), { places: { layout, label } });
    const turned = label.map((number) => labels - 1 - number);
    const again = labelColours(names(labels).toReversed(), { places: { layout, label: turned } });
    expect(new Map(again)).toEqual(new Map(colours));
  });

  test('tell apart what touches on the map', () => {
    const { layout, label, labels } = lattice(5, 3);
    const colours = labelColours(names(labels), { places: { layout, label } });
    const listed = names(labels).map((name) => colours.get(name)!);
    expect(leastDifference(neighbouringLabels(layout, label, labels), listed)).toBeGreaterThanOrEqual(0.12);
  });

  test('leave a label called “Unknown” grey and the others as they would be without it', () => {
    const { layout, label, labels } = lattice(4, 3);
    const own = names(labels).with(3, 'Unknown');
    const places = { layout, label };
    const without = { layout, label: label.map((number) => (number === 3 ? -1 : number > 3 ? number - 1 : number)) };
    const colours = labelColours(own, { places });
    expect(colours.get('Unknown')).toBe(unknownColour);
    expect(colours).toEqual(
      labelColours(
        own.filter((name) => name !== 'Unknown'),
        { places: without },
      ),
    );
  });

  test('give labels that only the truth has the colours that are left', () => {
    const { layout, label, labels } = lattice(4, 3);
    const colours = labelColours(names(labels), { further: ['novel'], places: { layout, label } });
    expect(colours.get('novel')).toBe(palette[labels]);
    expect(new Set(colours.values()).size).toBe(labels + 2);
  });
});
