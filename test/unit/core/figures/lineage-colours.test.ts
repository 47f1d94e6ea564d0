import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toOklab } from '#core/figures/colour-space';
import { gatherLineages } from '#core/figures/gather-lineages';
import { labelColours } from '#core/figures/label-colours';
import { labelLineages } from '#core/figures/label-lineages';
import { palette, rgbOf } from '#core/figures/palette';

fc.configureGlobal({ seed: 20264 });

describe('labelLineages', () => {
  test.each([
    ['CD4 T:0', 'CD8 T cells:0', 'B cell:-1', 'CD14+ Monocytes:1', 'FCGR3A+ monocyte:1', 'NK:-1'],
    ['naive B:0', 'memory B:0', 'naive CD4 T:1', 'memory CD4 T:1', 'CD8 T:1'],
    ['E2Rasgrf2:0', 'E3Rorb:0', 'InP:1', 'InS:1', 'OliM:2', 'OliI:2', 'Endo:-1'],
    ['Ex-L2/3 IT:0', 'Ex-L5 PT:0', 'In-Sst:-1'],
    ['DC:0', 'pDC:0', 'T:-1'],
    ['Amber 1:0', 'Amber 2:0', 'Basalt 1:1', 'Basalt 2:1', 'Cedar:-1'],
    ['12_CD14.Mono.2:0', '11_CD14.Mono.1:0', '17_B:-1'],
  ])('of %s, %s, …', (...told) => {
    const pairs = told.map((text) => /^(.*):(-?\d+)$/.exec(text)!);
    expect([...labelLineages(pairs.map((pair) => pair[1]!))]).toEqual(pairs.map((pair) => Number(pair[2])));
  });

  test('a word that all labels share tells nothing, and neither do names without a word', () => {
    expect([...labelLineages(['label 1', 'label 2', 'label 3'])]).toEqual([-1, -1, -1]);
    expect([...labelLineages(['1', '2', '+', 'cell', ''])]).toEqual([-1, -1, -1, -1, -1]);
  });

  test('a lineage has two labels or more, and the order of labels changes none', () => {
    const word = fc.constantFrom('T', 'B', 'naive', 'mono', 'Ex', 'In');
    const name = fc.tuple(word, fc.integer({ min: 0, max: 9 }), word).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 30 }), (labels) => {
        const own = [...labelLineages(labels)];
        const turned = [...labelLineages(labels.toReversed())].reverse();
        for (const [i, a] of own.entries()) {
          if (a >= 0) expect(own.filter((b) => b === a).length).toBeGreaterThan(1);
          own.forEach((b, j) => expect(a >= 0 && a === b).toBe(turned[i]! >= 0 && turned[i] === turned[j]));
        }
      }),
    );
  });
});

describe('gatherLineages', () => {
  const cases = fc
    .integer({ min: 2, max: 64 })
    .chain((count) => fc.array(fc.integer({ min: -1, max: 5 }), { minLength: count, maxLength: count }));
  const spreadOf = (lineages: readonly number[], colours: readonly string[]): number => {
    let sum = 0;
    for (const lineage of new Set(lineages.filter((one) => one >= 0))) {
      const own = colours.filter((_, i) => lineages[i] === lineage).map((colour) => toOklab(rgbOf(colour)));
      for (const axis of [1, 2]) {
        const middle = own.reduce((total, lab) => total + lab[axis]!, 0) / own.length;
        sum += own.reduce((total, lab) => total + (lab[axis]! - middle) ** 2, 0);
      }
    }
    return sum;
  };

  test('keeps each colour once, and hues no wider', () => {
    fc.assert(
      fc.property(cases, (lineages) => {
        const before = palette.slice(0, lineages.length);
        const after = gatherLineages(Int32Array.from(lineages), before);
        expect(new Set(after)).toEqual(new Set(before));
        expect(spreadOf(lineages, after)).toBeLessThanOrEqual(spreadOf(lineages, before) + 1e-9);
        expect(gatherLineages(Int32Array.from(lineages), before)).toEqual(after);
      }),
      { numRuns: 40 },
    );
  });

  test('without lineages nothing changes', () => {
    const colours = palette.slice(0, 9);
    expect(gatherLineages(new Int32Array(9).fill(-1), colours)).toEqual(colours);
  });
});

test('labels of one lineage get neighbouring hues, before there is a map and on it', () => {
  const names = ['Amber 1', 'Amber 2', 'Basalt 1', 'Basalt 2', 'Cedar', 'Dune', 'Ember'];
  const places = {
    layout: Float32Array.from(names.flatMap((_, i) => [i, i % 2])),
    label: names.map((_, i) => i),
  };
  for (const colours of [labelColours(names), labelColours(names, { places })]) {
    const apart = (a: string, b: string): number => {
      const [p, q] = [a, b].map((name) => toOklab(rgbOf(colours.get(name)!)));
      return Math.hypot(p![1] - q![1], p![2] - q![2]);
    };
    for (const [own, other] of [
      ['Amber 1', 'Amber 2'],
      ['Basalt 1', 'Basalt 2'],
    ] as const) {
      for (const name of names.filter((one) => one[0] !== own[0]))
        expect(apart(own, other), name).toBeLessThan(apart(own, name));
    }
  }
});
