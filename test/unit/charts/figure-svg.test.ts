import { describe, expect, test } from 'vitest';
import { axisTitle } from '#charts/axes';
import { darkTheme } from '#charts/chart-theme';
import { figureSvg } from '#charts/figure-svg';
import { optionOf } from '#charts/option-of';
import { fitText, textWidth, wrapText } from '#charts/text-width';
import type { FigureData, ScatterFigure } from '#core/figures/figure-data';
import { figuresOf } from '#core/figures/figures-of';
import { awkwardLabels, figureInputs } from '#test/support/figure-inputs';

const figures = await figuresOf(figureInputs({ labels: awkwardLabels }));
const drawn = figures.map((figure) => ({ id: figure.id, figure, svg: figureSvg(figure) }));

/** The texts of an SVG as a reader sees them. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text!
      .replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => {
        return { amp: '&', lt: '<', gt: '>', quot: '"' }[name] ?? "'";
      })
      .replaceAll('\u00a0', ' '),
  );
}

function titlesOf(figure: FigureData): string[] {
  switch (figure.kind) {
    case 'scatter':
    case 'lines':
    case 'histogram':
      return [figure.title, figure.x.title, figure.y.title];
    case 'bars':
    case 'boxes':
      return [figure.title, figure.categoryTitle, figure.value.title];
    case 'flow':
      return [figure.title, figure.fromTitle, figure.toTitle];
    case 'violins':
      return [figure.title, figure.groupTitle, axisTitle(figure.value)];
    case 'graph':
      return [figure.title, figure.edgeTitle, figure.sizeTitle];
    case 'ridges':
      return [figure.title, ...figure.panels.map(({ title }) => title)];
    case 'maps':
      return [figure.title, ...figure.panels.flatMap(({ title, x, y }) => [title, x.title, y.title])];
    case 'heatmap':
    case 'dots':
      return [figure.title, figure.rowTitle, figure.columnTitle];
  }
}

describe('figureSvg', () => {
  test.each(drawn)('writes title and axis titles as text: $id', ({ figure, svg }) => {
    const texts = textsOf(svg);
    for (const title of titlesOf(figure)) expect(texts).toContain(title);
  });

  test.each(
    drawn.filter(
      ({ figure }) =>
        !['histogram', 'lines'].includes(figure.kind) &&
        !/dataset|confidence|before-after|gene-networks/.test(figure.id),
    ),
  )('writes every label name in full, markup characters escaped: $id', ({ svg }) => {
    const texts = textsOf(svg).join('\n');
    for (const label of awkwardLabels) expect(texts).toContain(label);
    expect(svg).not.toContain('<b>');
  });

  test.each(drawn)('is well-formed and refers to nothing outside: $id', ({ svg }) => {
    expectWellFormed(svg);
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org)|<script|<style|class=|zr\d+-/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(drawn)('gives the same bytes for the same figure: $id', ({ figure, svg }) => {
    expect(figureSvg(structuredClone(figure))).toBe(svg);
  });

  test('names its ids after the figure, so that two can stand in one page', () => {
    for (const { figure, svg } of drawn) {
      for (const [, id] of svg.matchAll(/ id="([^"]+)"/g)) expect(id!.startsWith(`${figure.id}-`)).toBe(true);
    }
  });

  test('has the size on paper that was asked for', () => {
    const svg = figureSvg(figures[0]!, { widthMm: 85, heightMm: 60 });
    const [, width, height] = /^<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"/.exec(svg)!;
    expect(Number(width)).toBeCloseTo(85, 0);
    expect(Number(height)).toBeCloseTo(60, 0);
  });

  test.each(drawn)('keeps every text inside the picture, at 180 mm and at 85 mm: $id', ({ figure, svg }) => {
    expectTextsInside(svg);
    expectTextsInside(figureSvg(figure, { widthMm: 85 }));
  });

  test('draws the dark theme on its own background', () => {
    expect(figureSvg(figures[0]!, { theme: darkTheme })).toContain(darkTheme.background);
  });

  test('draws twenty thousand points in a file of a few megabytes', () => {
    const figure = figures[0] as ScatterFigure;
    const points = Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * (i % 17));
    if (figure.colouring.kind !== 'categories') throw new Error('coloured by study');
    const many: ScatterFigure = {
      ...figure,
      points: { x: points, y: points.map((x, i) => x * Math.cos(i)) },
      extent: { x: [-17, 17], y: [-17, 17] },
      colouring: { ...figure.colouring, codes: points.map((_, i) => i % 2) },
    };
    expect(figureSvg(many).length).toBeLessThan(4e6);
  });

  test.each([1, 64, 70])('keeps the names of %d labels apart', async (count) => {
    const labels = Array.from({ length: count }, (_, i) => `Label number ${String(i + 1).padStart(2, '0')}`);
    for (const figure of await figuresOf(figureInputs({ labels }))) {
      const svg = figureSvg(figure);
      expectTextsInside(svg);
      expectNoOverlap(svg, labels);
    }
  });

  test('draws figures of nothing: no cells, no points, no steps', () => {
    const scatter = figures[0] as ScatterFigure;
    const empty: FigureData[] = [
      {
        ...scatter,
        points: { x: [], y: [] },
        colouring: { kind: 'categories', title: '', entries: [], codes: [], numbers: [], middles: [] },
      },
      {
        ...scatter,
        points: { x: [], y: [] },
        colouring: { kind: 'number', title: 'c', format: 'number', range: [0, 1], values: [] },
      },
      ...figures.flatMap((figure) => (figure.kind === 'lines' ? [{ ...figure, series: [] }] : [])),
      ...figures.flatMap((figure) => (figure.kind === 'bars' ? [{ ...figure, categories: [], series: [] }] : [])),
      ...figures.flatMap((figure) =>
        figure.kind === 'flow' ? [{ ...figure, from: [], to: [], links: [], total: 0 }] : [],
      ),
    ];
    expect(empty).toHaveLength(5);
    for (const figure of empty) {
      const svg = figureSvg(figure);
      expect(textsOf(svg)).toContain(figure.title);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });
});

describe('text that must fit', () => {
  test('textWidth adds the widths of Helvetica', () => {
    expect(textWidth('Hello', 1000)).toBe(722 + 556 + 222 + 222 + 556);
    expect(textWidth('細胞', 10)).toBe(20);
  });

  test('wrapText breaks at spaces and keeps every word', () => {
    const lines = wrapText('one two three four', 10, textWidth('three four', 10));
    expect(lines).toEqual(['one two', 'three four']);
    expect(wrapText('unbreakable', 10, 5)).toEqual(['unbreakable']);
  });

  test('fitText shortens a name and keeps its count', () => {
    const text = 'Excitatory neuron, layer 2/3 (1 204)';
    const fitted = fitText(text, 10, 100);
    expect(fitted).toMatch(/^Exc.*… \(1 204\)$/);
    expect(textWidth(fitted, 10)).toBeLessThanOrEqual(100);
    expect(fitText(text, 10, 1000)).toBe(text);
  });
});

describe('optionOf', () => {
  test('takes a theme by name, for windows', () => {
    expect(optionOf(figures[0]!, 'dark').backgroundColor).toBe(darkTheme.background);
    expect(optionOf(figures[0]!).animation).toBe(false);
  });
});

/** Every tag that opens closes in order, attributes are quoted once, and no bare & stands in it. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, closes: string, name: string, __, empty: string) => {
      if (closes) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#\d+|#x[0-9a-f]+);)/);
}

interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: string;
  readonly px: number;
  /** Direction in which the text runs. */
  readonly run: readonly [number, number];
}

function placedTexts(svg: string): PlacedText[] {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].map(([, attributes, text]) => {
    const number = (name: string): number => Number(new RegExp(` ${name}="([-\\d.e]+)"`).exec(attributes!)?.[1] ?? 0);
    const matrix = /transform="matrix\(([^)]*)\)"/.exec(attributes!)?.[1]?.split(',').map(Number);
    const shift = /transform="translate\(([-\d.]+)[ ,]+([-\d.]+)\)"/.exec(attributes!);
    const [a, b, c, d, e, f] = matrix ?? [1, 0, 0, 1, Number(shift?.[1] ?? 0), Number(shift?.[2] ?? 0)];
    const [x, y] = [number('x'), number('y')];
    return {
      text: text!.replace(/&[#a-z0-9]+;/g, '&'),
      x: a! * x + c! * y + e!,
      y: b! * x + d! * y + f!,
      anchor: /text-anchor="(\w+)"/.exec(attributes!)![1]!,
      px: Number(/font-size:([\d.]+)px/.exec(attributes!)![1]),
      run: [a!, b!],
    };
  });
}

/** Start and end of a text. */
function endsOf({ text, x, y, anchor, px, run }: PlacedText): [number, number][] {
  const width = textWidth(text, px);
  const before = anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0;
  return [
    [x - before * run[0], y - before * run[1]],
    [x + (width - before) * run[0], y + (width - before) * run[1]],
  ];
}

function expectTextsInside(svg: string): void {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
  for (const text of placedTexts(svg)) {
    for (const [x, y] of endsOf(text)) {
      expect(x, text.text).toBeGreaterThan(0);
      expect(x, text.text).toBeLessThan(width!);
      expect(y, text.text).toBeGreaterThan(0);
      expect(y, text.text).toBeLessThan(height!);
    }
  }
}

/** Names that run in the same direction keep at least 0.8 of their height between their lines, or do not meet along them. */
function expectNoOverlap(svg: string, names: readonly string[]): void {
  const placed = placedTexts(svg).filter(({ text }) => names.some((name) => text.includes(name)));
  for (let i = 0; i < placed.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [placed[i]!, placed[j]!];
      if (a.run[0] !== b.run[0] || a.run[1] !== b.run[1]) continue;
      const across = Math.abs(-(a.x - b.x) * a.run[1] + (a.y - b.y) * a.run[0]);
      const along = (place: [number, number]): number => place[0] * a.run[0] + place[1] * a.run[1];
      const [a0, a1] = endsOf(a).map(along) as [number, number];
      const [b0, b1] = endsOf(b).map(along) as [number, number];
      const meet = Math.min(a1, b1) - Math.max(a0, b0) > 2;
      expect(across > 0.8 * a.px || !meet, `"${a.text}" and "${b.text}"`).toBe(true);
    }
  }
}
