import { describe, expect, test } from 'vitest';
import { unknownColour } from '#core/figures/label-colours';
import { looks } from '#charts/point-map/map-points';
import { colourCells, type MapCells } from '../../src-renderer/features/results/map-colouring.ts';
import { looksOf, namePlaces } from '../../src-renderer/features/results/map-looks.ts';
import { heatmapRanks } from '#handlers/heatmap-tile';
import { clusterHeatmap } from '../../src-renderer/features/results/heatmap-clusters.ts';
import { heatmapCells, heatmapOrder, heatmapRows } from '../../src-renderer/features/results/heatmap-rows.ts';
import { markerViolins, SELECTED } from '../../src-renderer/features/results/marker-violins.ts';
import { resultColours } from '../../src-renderer/features/results/result-colours.ts';
import type { StudyColumn } from '../../src-renderer/state/map-state.svelte.ts';
import { orderedCells } from '../../src-renderer/state/ordered-cells.ts';
import { shownLabels } from '../../src-renderer/state/result-view.svelte.ts';
import { featureValues, markers } from './support/generated-explorers.ts';
import { generatedResult } from './support/generated-study.ts';

const result = generatedResult();
const query: MapCells = { places: new Float32Array(2 * 900), reference: 0, query: 900 };
const both: MapCells = { places: new Float32Array(4 * 900), reference: 900, query: 900 };
const shown = shownLabels(result, 0.95);
const by = (
  colouring: Parameters<typeof colourCells>[2]['colouring'],
  feature: Parameters<typeof colourCells>[2]['feature'] = null,
) => ({ colouring, shown, feature, column: null, theme: 'light' }) as const;

describe('the colours of the map', () => {
  test('count every cell once in the legend, whatever cells are coloured by', () => {
    for (const cells of [query, both]) {
      for (const colouring of ['label', 'truth', 'dataset'] as const) {
        const { rows, nameOf, colours, palette, names } = colourCells(result, cells, by(colouring));
        expect(rows!.reduce((sum, row) => sum + row.cells, 0)).toBe(cells.reference + cells.query);
        for (const row of rows!) {
          const own = [...nameOf!.keys()].filter((cell) => names[nameOf![cell]!] === row.name);
          expect(own).toHaveLength(row.cells);
          expect(new Set(own.map((cell) => palette[colours[cell]!]))).toEqual(new Set([row.colour]));
        }
      }
    }
  });

  test('of a gene tell the smallest value above zero from none, and end where its range ends', () => {
    const values = new Float32Array(900);
    values.set([0, 0.001, 2, 4, 9]);
    const feature = { feature: 'CD3E', title: 'counts', values, range: [0, 4] as const, detected: 4 };
    const { colours, palette, rows, range } = colourCells(result, query, by('feature', feature));
    expect([...colours.subarray(0, 5)]).toEqual([0, 1, 128, 255, 255]);
    expect([palette.length, rows, range]).toEqual([256, null, [0, 4]]);
  });
});

describe('the colours of a column that the studies came with', () => {
  const few: MapCells = { places: new Float32Array(16), reference: 3, query: 5 };
  const coloured = (column: StudyColumn, cells = few) => colourCells(result, cells, { ...by('column'), column });
  const names = ({ rows }: ReturnType<typeof coloured>) => rows!.map(({ name, cells }) => [name, cells]);
  const words = (categories: string[], ...codes: number[]) =>
    ({ kind: 'categories', categories, codes: Int16Array.from(codes) }) as const;
  const numbers = (...values: number[]) => ({ kind: 'number', values: Float32Array.from(values) }) as const;

  test('join the names of both studies; what has none is grey, and says which study', () => {
    const donor = coloured({
      column: 'donor',
      reference: words(['a', 'b'], 0, 1, -1),
      query: words(['b', 'c'], 0, 1, 0, -1, 1),
    });
    expect(donor.title).toBe('Reference and query cells by donor');
    expect(names(donor)).toEqual([
      ['b', 3],
      ['c', 2],
      ['a', 1],
      ['No value', 2],
    ]);
    expect(new Set(donor.rows!.map(({ colour }) => colour)).size).toBe(4);
    expect(donor.rows!.at(-1)!.colour).toBe(unknownColour);
    const onlyReference = coloured({ column: 'donor', reference: words(['No value'], 0, 0, -1), query: null });
    expect(names(onlyReference)).toEqual([
      ['No value', 2],
      ['No value (grey)', 1],
      ['Query, not by this', 5],
    ]);
    const taken = ['No value', 'No value (grey)', 'Query, not by this'];
    const rows = coloured({ column: 'donor', reference: words(taken, 0, 1, -1), query: null }).rows!;
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length); // the legend tells its rows by their names
  });

  test('give a name that is a label the colour of that label, and no other name that colour', () => {
    const label = result.labels[1]!;
    const { rows } = coloured(
      { column: 'cell type', reference: null, query: words([label, 'new', 'newer'], 0, 0, 1, 2, 2) },
      { ...few, reference: 0 },
    );
    expect(rows![0]).toMatchObject({ name: label, colour: resultColours(result).get(label) });
    expect(new Set(rows!.map(({ colour }) => colour)).size).toBe(3);
  });

  test('take few whole numbers for names, in their order, beside words too, and others for a scale', () => {
    const cluster = coloured({ column: 'leiden', reference: numbers(10, 2, NaN), query: numbers(2, 0, 10, 10, 0) });
    expect(names(cluster)).toEqual([
      ['0', 2],
      ['2', 2],
      ['10', 3],
      ['No value', 1],
    ]);
    const mixed = coloured({ column: 'leiden', reference: words(['0', 'x'], 0, 1, 1), query: numbers(1, 0, 1, 1, 0) });
    expect(names(mixed)).toEqual([
      ['0', 3],
      ['1', 3],
      ['x', 2],
    ]);
    const apart = coloured({ column: 'score', reference: words(['high'], 0, 0, 0), query: numbers(0.5, 1, 2, 3, 4) });
    expect(names(apart)).toEqual([
      ['high', 3],
      ['Query, not by this', 5],
    ]);
  });

  test('of numbers go from the first to the last colour of the scale, and the first is for cells without', () => {
    const { colours, range, absent, valueOf, legendTitle } = coloured({
      column: 'mito',
      reference: null,
      query: numbers(-1.5, 0, 0.25, NaN, 0.5),
    });
    expect([range, absent, legendTitle]).toEqual([[-1.5, 0.5], 4, 'mito']);
    expect([...colours]).toEqual([0, 0, 0, 1, 192, 223, 0, 255]);
    expect([0, 3, 6].map((cell) => valueOf!(cell))).toEqual([NaN, -1.5, NaN]);
    const many = Float32Array.from({ length: 1000 }, (_, cell) => (cell === 0 ? -1e6 : cell === 999 ? 1e6 : cell / 8));
    const outliers = coloured(
      { column: 'depth', reference: null, query: { kind: 'number', values: many } },
      { places: new Float32Array(2000), reference: 0, query: 1000 },
    );
    expect(outliers.range).toEqual([1.25, 123.625]);
    expect(outliers.legendTitle).toBe('depth, from 1 % to 99 % of the cells');
    expect([outliers.colours[0], outliers.colours[999]]).toEqual([1, 255]);
  });
});

describe('how cells stand out', () => {
  const colouring = colourCells(result, query, by('label'));
  const plain = { hidden: [], picked: null, selected: null, inFocus: null };

  test('hidden ones stay hidden in a selection, and others fade beside it', () => {
    const selected = new Uint8Array(900);
    selected.set([1, 1, 1]);
    const name = colouring.names[colouring.nameOf![0]!]!;
    const look = looksOf(query, colouring, { ...plain, selected, hidden: [name] });
    expect(look[0]).toBe(looks.hidden);
    const other = [1, 2].find((cell) => colouring.nameOf![cell] !== colouring.nameOf![0]);
    if (other !== undefined) expect(look[other]).toBe(looks.chosen);
    expect(look.subarray(3).every((value) => value === looks.hidden || value === looks.faded)).toBe(true);
  });

  test('a name has its place on one of its cells, and none when all of them are hidden', () => {
    const cells: MapCells = { ...query, places: result.query.layout! };
    const all = namePlaces(cells, colouring, looksOf(cells, colouring, plain));
    expect(all.map((name) => name.text).sort()).toEqual(colouring.rows!.map((row) => row.name).sort());
    for (const { text, x, y } of all) {
      const there = [...colouring.nameOf!.keys()].some(
        (cell) =>
          colouring.names[colouring.nameOf![cell]!] === text &&
          cells.places[2 * cell] === x &&
          cells.places[2 * cell + 1] === y,
      );
      expect(there, text).toBe(true);
    }
    const hidden = colouring.names;
    expect(namePlaces(cells, colouring, looksOf(cells, colouring, { ...plain, hidden }))).toEqual([]);
  });
});

test('the heatmap has every cell in one span, the surest of a label first, and every feature once', () => {
  const { confidence, spans } = heatmapOrder(result, resultColours(result));
  expect(spans.map(({ from, to }) => to - from).reduce((sum, cells) => sum + cells, 0)).toBe(900);
  for (const { name, from, to } of spans) {
    const own = result.query.predicted.filter((label) => result.labels[label] === name);
    expect(to - from).toBe(own.length);
    expect([...confidence.subarray(from, to)]).toEqual([...confidence.subarray(from, to)].sort((a, b) => b - a));
  }
  expect(heatmapRows(markers, result.labels, 1, resultColours(result)).map((row) => row.name)).toEqual([
    'MS4A1',
    'LYZ',
  ]);
  expect(
    heatmapRows(markers, result.labels, 5, resultColours(result))
      .map((row) => row.name)
      .sort(),
  ).toEqual(['CD4', 'LYZ', 'MS4A1']);
});

test('the cells along the heatmap stand where the services count them, equally sure ones by place', () => {
  const predicted = Int32Array.from({ length: 500 }, (_, cell) => (cell * 7) % 5);
  const confidence = Float32Array.from(predicted, (label, cell) => ((cell * 13) % 10) / (label === 3 ? 9 : 10));
  const cells = heatmapCells({ predicted, confidence });
  const ranks = heatmapRanks(predicted, confidence);
  expect([...cells].map((cell) => ranks[cell])).toEqual(Array.from({ length: 500 }, (_, rank) => rank));
  const order = [3, 0, 4, 1, 2];
  const turned = heatmapRanks(predicted, confidence, order);
  expect([...heatmapCells({ predicted, confidence }, order)].map((cell) => turned[cell])).toEqual([...ranks.keys()]);
  const labels = ['a', 'b', 'c', 'd', 'e'];
  const colours = new Map(labels.map((name) => [name, '#000000']));
  const along = heatmapOrder({ labels, query: { ...result.query, predicted, confidence } }, colours, order);
  expect(along.spans.map(({ name }) => name)).toEqual(['d', 'a', 'e', 'b', 'c']);
  expect([...along.confidence]).toEqual([...heatmapCells({ predicted, confidence }, order)].map((i) => confidence[i]));
});

test('clustering brings features and labels that are alike beside each other; labels without cells stand last', () => {
  const cells = Int32Array.of(10, 0, 20, 30);
  // features 0 and 2 are high in the last label, 1 and 3 in the first
  const first = { cells, values: Float32Array.of(-1, 0, -0.9, 2, 2, 0, -1, -1.1) };
  const second = { cells, values: Float32Array.of(-2, 0, -2.1, 3, 3, 0, -2, -1.9) };
  const { rows, labels } = clusterHeatmap([first, second]);
  expect(rows).toEqual([0, 2, 1, 3]);
  expect(labels.at(-1)).toBe(1);
  expect(labels.toSorted()).toEqual([0, 1, 2, 3]);
  expect(clusterHeatmap([])).toEqual({ rows: [], labels: [] });
});

test('the violins of a feature count every cell under its label, and selected cells once more of their own', () => {
  const column = featureValues(result, 'CD4');
  const plain = markerViolins(result, column, shown);
  expect(plain.groups.reduce((sum, group) => sum + group.cells!, 0)).toBe(900);
  const selected = Uint32Array.of(0, 4, 8, 12, 700);
  const { groups, panels } = markerViolins(result, column, shown, selected);
  expect(groups.slice(0, -1)).toEqual(plain.groups);
  expect(groups.at(-1)).toMatchObject({ name: SELECTED, cells: 5 });
  const values = [...selected].map((cell) => column.values[cell]!).sort((a, b) => a - b);
  expect(panels[0]!.violins.at(-1)!.quartiles[1]).toBeCloseTo(values[2]!, 3);
});

test('selected cells are listed in the order that the table has for all cells', () => {
  const from = {
    confidence: Float32Array.of(0.5, 0.9, 0.5, 0.1),
    shown: Int32Array.of(1, 0, -1, 0),
    labels: ['A', 'Z'],
  };
  expect(orderedCells([3, 0, 2], 'file', from)).toEqual([0, 2, 3]);
  expect(orderedCells([0, 1, 2, 3], 'confidence-falling', from)).toEqual([1, 0, 2, 3]);
  expect(orderedCells([0, 1, 2, 3], 'confidence-rising', from)).toEqual([3, 0, 2, 1]);
  expect(orderedCells([0, 1, 2, 3], 'label', from)).toEqual([1, 3, 2, 0]);
});
