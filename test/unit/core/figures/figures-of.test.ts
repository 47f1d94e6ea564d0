import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '#core/data/label-transfer';
import type { BarFigure, FigureData, HeatmapFigure, ScatterFigure } from '#core/figures/figure-data';
import { figuresOf } from '#core/figures/figures-of';
import { labelColours, referencePlaces, unknownColour } from '#core/figures/label-colours';
import { figureInputs } from '#test/support/figure-inputs';

const input = figureInputs();
const figures = await figuresOf(input);
const find = <F extends FigureData>(id: string): F => {
  const found = figures.find((figure) => figure.id === id);
  if (!found) throw new Error(`no figure ${id} among ${figures.map((figure) => figure.id).join(', ')}`);
  return found as F;
};

describe('figuresOf', () => {
  test('makes every figure of a run with truth, in reading order, each with its own id', () => {
    expect(figures.map(({ id }) => id)).toEqual([
      'umap-dataset',
      'umap-reference-label',
      'umap-predicted-label',
      'umap-confidence',
      'umap-true-label',
      'label-composition',
      'confidence',
      'confusion',
      'true-to-predicted',
      'features-by-label',
      'features-by-cell',
      'features-dots',
      'features-violins',
      'features-reference-query',
      'features-ridges',
      'studies-before-after',
      'label-graph',
      'label-graph-own',
      'pathway-violins',
      'gene-networks',
      'loss-curves',
    ]);
  });

  test('is plain JSON without NaN, and the same for the same input', async () => {
    expect(JSON.parse(JSON.stringify(figures))).toEqual(figures);
    expect(await figuresOf(figureInputs())).toEqual(figures);
  });

  test('leaves out what needs truth, a layout, markers or losses where there are none', async () => {
    const bare = { ...figureInputs({ truth: false }), layout: null, patterns: null, losses: { steps: [], terms: {} } };
    const ids = async (from: typeof bare): Promise<string[]> => (await figuresOf(from)).map(({ id }) => id);
    const own = ['label-composition', 'confidence', 'features-by-label', 'features-by-cell', 'features-dots'];
    const both = ['features-reference-query', 'features-ridges'];
    expect(await ids(bare)).toEqual([...own, 'features-violins', ...both]);
    // the markers of the reference stand in for the features of a method that names none
    expect(await ids({ ...bare, markers: [] })).toEqual(['label-composition', 'confidence', ...both]);
  });

  test('refuses a layout of another number of cells', async () => {
    await expect(figuresOf({ ...input, layout: new Float32Array(4) })).rejects.toThrow(
      'a layout of 2 places for 150 + 150 cells',
    );
  });

  test('refuses a layout with places that are no numbers', async () => {
    await expect(figuresOf({ ...input, layout: new Float32Array(600).fill(NaN) })).rejects.toThrow('place NaN');
  });

  test('gives a label the same colour in every figure', () => {
    const colours = labelColours(input.transfer.labels, {
      further: input.assessment!.novelLabels,
      places: referencePlaces(input.layout!, input.pair.reference.label),
    });
    let checked = 0;
    for (const figure of figures) {
      const entries =
        figure.kind === 'scatter' && figure.colouring.kind === 'categories'
          ? figure.colouring.entries
          : figure.kind === 'flow'
            ? [...figure.from, ...figure.to]
            : figure.kind === 'graph'
              ? figure.panels.flatMap(({ nodes }) => nodes)
              : 'groups' in figure
                ? figure.groups
                : [];
      for (const { name, colour } of entries) {
        if (!colours.has(name)) continue;
        expect(colour, `${name} in ${figure.id}`).toBe(colours.get(name));
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(40);
  });

  test('shows as Unknown, in grey, exactly the query cells whose confidence does not exceed the threshold', () => {
    const unsure = input.transfer.query.confidence.filter((confidence) => !(confidence > input.threshold)).length;
    const { colouring } = find<ScatterFigure>('umap-predicted-label');
    if (colouring.kind !== 'categories') throw new Error('coloured by label');
    expect(colouring.entries.at(-1)).toEqual({ name: UNKNOWN, colour: unknownColour, cells: unsure });
    expect(colouring.numbers.at(-1)).toBeNull();
  });

  test('numbers a label alike in the map of predicted and the map of true labels', () => {
    const numbers = (id: string): Map<string, number | null> => {
      const { colouring } = find<ScatterFigure>(id);
      if (colouring.kind !== 'categories') throw new Error('coloured by label');
      return new Map(colouring.entries.map(({ name }, i) => [name, colouring.numbers[i]!]));
    };
    const predicted = numbers('umap-predicted-label');
    for (const [name, number] of numbers('umap-true-label')) {
      if (predicted.has(name)) expect(predicted.get(name)).toBe(number);
    }
  });

  test('places all maps of one layout over the same extent', () => {
    const extents = figures.flatMap((figure) => (figure.kind === 'scatter' ? [figure.extent] : []));
    expect(new Set(extents.map((extent) => JSON.stringify(extent))).size).toBe(1);
  });

  test('leaves cells without a true label out of the map of true labels and says how many are known', () => {
    const figure = find<ScatterFigure>('umap-true-label');
    expect(figure.points.x).toHaveLength(135);
    expect(figure.footnotes.join()).toMatch(/known for 135 of 150\scells/);
  });
});

describe('compositionFigure', () => {
  const figure = find<BarFigure>('label-composition');

  test('has shares that sum to one per series, with counts beside them', () => {
    expect(figure.series).toHaveLength(3);
    for (const { values, texts } of figure.series) {
      expect(values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBeCloseTo(1, 9);
      values.forEach((value, i) => {
        if (value === null) expect(texts[i]).toBe('');
        else expect(texts[i]).toMatch(/^(<?[\d.]+|>99.9)\s% \(\d+\)$/);
      });
    }
  });

  test('puts Unknown last and gives it no bar where nothing can be unknown', () => {
    expect(figure.categories.at(-1)).toBe(UNKNOWN);
    expect(figure.series.map(({ values }) => values.at(-1) === null)).toEqual([true, false, true]);
  });

  test('orders labels by their share of the reference', () => {
    const shares = figure.series[0]!.values.slice(0, 7) as number[];
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });
});

describe('confusionFigure', () => {
  const figure = find<HeatmapFigure>('confusion');

  test('has rows that sum to one, with the novel label last', () => {
    figure.rows.forEach((_, row) => {
      const shares = figure.values.slice(row * figure.columns.length, (row + 1) * figure.columns.length);
      expect(shares.reduce<number>((sum, share) => sum + share!, 0)).toBeCloseTo(1, 9);
    });
    expect(figure.rows.at(-1)!.name).toMatch(/^Fjord \(\d+\)$/);
    expect(figure.footnotes.join()).toContain('Not in the reference: Fjord');
  });

  test('has right answers on the diagonal', () => {
    figure.columns.forEach(({ name }, i) => expect(figure.rows[i]!.name.startsWith(name)).toBe(true));
    const right = figure.columns.reduce((sum, _, i) => {
      const text = figure.texts![i * figure.columns.length + i]!;
      return sum + Number(text.split('\n')[1] ?? 0);
    }, 0);
    expect(right / input.assessment!.cells.shared).toBeCloseTo(input.assessment!.closed.accuracy!, 12);
  });
});

describe('flowFigure', () => {
  test('conserves cells: every node is the sum of its links', () => {
    const figure = find<Extract<FigureData, { kind: 'flow' }>>('true-to-predicted');
    figure.from.forEach(({ cells }, i) => {
      expect(figure.links.filter(({ from }) => from === i).reduce((sum, link) => sum + link.cells, 0)).toBe(cells);
    });
    figure.to.forEach(({ cells }, i) => {
      expect(figure.links.filter(({ to }) => to === i).reduce((sum, link) => sum + link.cells, 0)).toBe(cells);
    });
    expect(figure.from.reduce((sum, { cells }) => sum + cells, 0)).toBe(figure.total);
    expect(figure.total).toBe(135);
  });
});

describe('confidenceFigure', () => {
  test('counts every query cell once and marks the threshold', () => {
    const figure = find<Extract<FigureData, { kind: 'histogram' }>>('confidence');
    expect(figure.series.flatMap(({ counts }) => counts).reduce((a, b) => a + b, 0)).toBe(150);
    expect(figure.edges).toHaveLength(41);
    expect(figure.marker?.at).toBe(0.6);
    expect(figure.series.map(({ name }) => name)).toEqual([
      'right',
      'wrong',
      'wrong: true label not in the reference',
      'not known',
    ]);
  });
});

describe('feature figures', () => {
  test('draw each feature once, grouped by the label it decided for', () => {
    const figure = find<HeatmapFigure>('features-by-label');
    const names = figure.rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const groups = figure.rows.map(({ group }) => group);
    expect(groups).toEqual(groups.toSorted((a, b) => a - b));
    expect(figure.footnotes.join()).toContain('most probable label');
  });

  test('are highest, on average, in the label the feature stands for', () => {
    const figure = find<HeatmapFigure>('features-by-label');
    const columns = figure.columns.length;
    const own: number[] = [];
    const other: number[] = [];
    figure.values.forEach((value, field) => {
      const same = figure.rows[Math.floor(field / columns)]!.group === figure.columns[field % columns]!.group;
      (same ? own : other).push(value!);
    });
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(own)).toBeGreaterThan(mean(other) + 0.2);
  });

  test('hold shares in 0…1 in the dot plot and widths in 0…1 in the violins', () => {
    const dots = find<Extract<FigureData, { kind: 'dots' }>>('features-dots');
    expect(dots.fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
    const { panels } = find<Extract<FigureData, { kind: 'violins' }>>('features-violins');
    for (const { violins } of panels) {
      const widths = violins.flatMap((violin) => violin?.width ?? []);
      expect(Math.max(...widths)).toBe(1);
      expect(Math.min(...widths)).toBeGreaterThanOrEqual(0);
    }
  });

  test('keep the cell heatmap to 240 columns, whatever the number of cells', async () => {
    const all = await figuresOf(figureInputs({ cells: 1000 }));
    const many = all.find(({ id }) => id === 'features-by-cell') as HeatmapFigure;
    expect(many.columns.length).toBeLessThanOrEqual(240);
    expect(many.columns.length).toBeGreaterThan(150);
    expect(many.footnotes.join()).toMatch(/mean of up to \d+ cells/);
  });
});

describe('lossFigure', () => {
  const figure = find<Extract<FigureData, { kind: 'lines' }>>('loss-curves');

  test('thins many steps by means and says so', () => {
    expect(figure.series[0]!.x).toHaveLength(300);
    expect(figure.footnotes).toEqual(['Each place is the mean of up to 3 steps.']);
    expect(figure.series[0]!.x.at(-1)).toBe(900);
  });

  test('puts the total first and starts a late term late', () => {
    expect(figure.series.map(({ name }) => name)).toEqual(['total', 'classification', 'sparse centre']);
    expect(figure.series[2]!.x[0]).toBe(12);
    expect(figure.series[2]!.y.every((value) => value === 0.5)).toBe(true);
  });
});
