import type { EChartsOption } from 'echarts';
import type { GraphFigure, GraphPanel } from '#core/figures/figure-data';
import { countText, numberText } from '#core/figures/number-text';
import type { ChartTheme } from './chart-theme.ts';
import { colourAt } from './colour-scale.ts';
import { frameMargin, frameOf, lineHeight, type Rect, type Size } from './frame.ts';
import { circleGraphic, type Graphic, textGraphic } from './graphics.ts';
import { panelGrid } from './panel-grid.ts';
import { placeNames } from './place-names.ts';
import { spreadApart } from './spread-apart.ts';
import { fitText, textWidth } from './text-width.ts';

const legendWidth = 112;
/** Heights of a single panel and of one of several, and the room beside names needed around the discs. */
const [singleHeight, panelHeight, gap] = [430, 260, 14];
const [thinnest, thickest] = [0.6, 7];

/** Discs joined by lines, names beside the discs, panels in a grid, what lines and discs mean on the right. */
export function graphOption(figure: GraphFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const beside = hasSide(inner.width);
  const plot = beside ? { ...inner, width: inner.width - legendWidth - frameMargin } : inner;
  const heading = figure.panels.some(({ title }) => title !== '') ? lineHeight(theme.fontPx) + 4 : 0;
  const list = nameList(figure, theme, plot.width);
  const rects = panelGrid(
    { ...plot, height: plot.height - list.height },
    figure.panels.length,
    graphColumns(figure, plot.width),
    heading,
    gap,
  );
  const largest = largestRadius(figure);
  return {
    title: titles,
    graphic: {
      elements: [
        ...figure.panels.flatMap((panel, i) => panelGraphics(figure, panel, rects[i]!, largest, theme)),
        ...list.items.flatMap(({ text, colour, left, top }) => [
          circleGraphic(plot.left + left + 5, plot.top + plot.height - list.height + top, 5, colour),
          textGraphic(text, theme, { x: plot.left + left + 14, y: plot.top + plot.height - list.height + top }),
        ]),
        ...(beside ? legend(figure, theme, inner.left + plot.width + frameMargin, inner.top + heading, largest) : []),
      ],
    },
  };
}

/** Height of the inner rectangle at a width. */
export function graphHeight(figure: GraphFigure, theme: ChartTheme, width: number): number {
  const plot = hasSide(width) ? width - legendWidth - frameMargin : width;
  if (figure.panels.length === 1) {
    return Math.min(singleHeight, Math.max(300, plot * 0.72)) + nameList(figure, theme, plot).height;
  }
  const rows = Math.ceil(figure.panels.length / graphColumns(figure, plot));
  return rows * panelHeight + (rows - 1) * gap;
}

/** More discs than this carry numbers, with the names in a list below: their names would lie on each other. */
const namedDiscs = 20;

function isNumbered({ panels }: GraphFigure): boolean {
  return panels.length === 1 && panels[0]!.nodes.length > namedDiscs;
}

/** Numbers with their names in columns, where discs are numbered. */
function nameList(figure: GraphFigure, theme: ChartTheme, width: number) {
  if (!isNumbered(figure)) return { height: 0, items: [] };
  const { nodes } = figure.panels[0]!;
  const line = lineHeight(theme.fontPx);
  const texts = nodes.map(({ name }, i) => fitText(`${i + 1}  ${name}`, theme.fontPx, width - 24));
  const across = Math.max(...texts.map((text) => textWidth(text, theme.fontPx))) + 30;
  const rows = Math.ceil(nodes.length / Math.max(1, Math.floor(width / across)));
  const items = nodes.map(({ colour }, i) => ({
    ...{ text: texts[i]!, colour },
    ...{ left: Math.floor(i / rows) * across, top: 10 + ((i % rows) + 0.5) * line },
  }));
  return { height: rows * line + 10, items };
}

function hasSide(width: number): boolean {
  return width >= 420;
}

function graphColumns(figure: GraphFigure, width: number): number {
  return Math.min(figure.panels.length, Math.max(1, Math.floor(width / 260)));
}

function largestRadius(figure: GraphFigure): number {
  return figure.panels.length === 1 ? 20 : 9;
}

function lineWidth(figure: GraphFigure, weight: number): number {
  const [low, high] = figure.edgeRange;
  const share = Math.min(1, Math.max(0, (weight - low) / (high - low)));
  const most = figure.panels.length === 1 ? thickest : 2.2;
  return thinnest + share * (most - thinnest);
}

function panelGraphics(
  figure: GraphFigure,
  panel: GraphPanel,
  rect: Rect,
  largest: number,
  theme: ChartTheme,
): Graphic[] {
  const radius = (area: number): number => Math.max(3, largest * Math.sqrt(area));
  const px = figure.panels.length === 1 ? theme.fontPx : theme.notePx;
  const margin = largest + px + 6;
  const room = { width: Math.max(40, rect.width - 2 * margin), height: Math.max(40, rect.height - 2 * margin) };
  const places = spreadApart(fitted(panel, room), 2 * largest * 0.8, room).map(
    ([x, y]) => [rect.left + margin + x, rect.top + margin + y] as const,
  );
  const order = [...panel.nodes.keys()].sort(
    (a, b) =>
      Number(panel.nodes[b]!.leading) - Number(panel.nodes[a]!.leading) || panel.nodes[b]!.area - panel.nodes[a]!.area,
  );
  const strong = figure.panels.length > 1;
  const curves = panel.edges.map(({ from, to, weight }) => ({
    ...curveOf(places, from, to, (node) => (strong ? 0 : radius(panel.nodes[node]!.area) + 3)),
    weight,
  }));
  const discs = order.map((node) => {
    const { name, area, leading } = panel.nodes[node]!;
    const [x, y] = places[node]!;
    const text = isNumbered(figure) ? String(node + 1) : fitText(name, px, rect.width * 0.6);
    return { name: text, x, y, radius: radius(area), px, bold: strong && leading, must: leading };
  });
  return [
    ...(panel.title === ''
      ? []
      : [
          textGraphic(fitText(panel.title, theme.fontPx, rect.width), theme, {
            x: rect.left + rect.width / 2,
            y: rect.top - lineHeight(theme.fontPx) / 2,
            align: 'center',
            bold: true,
          }),
        ]),
    ...curves.map(({ a, b, control, weight }): Graphic => {
      const dashed = figure.solidFrom !== null && weight < figure.solidFrom;
      return {
        type: 'bezierCurve',
        silent: true,
        shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1], cpx1: control[0], cpy1: control[1] },
        style: {
          fill: 'none',
          stroke: theme.line,
          opacity: strong ? 0.22 : 0.75,
          lineWidth: lineWidth(figure, weight),
          ...(dashed ? { lineDash: [4, 4] } : {}),
        },
      };
    }),
    ...weightTexts(figure, curves, theme),
    ...order.toReversed().map((node) => {
      const { area, colour, leading } = panel.nodes[node]!;
      const [x, y] = places[node]!;
      return disc(x, y, radius(area), leading ? colour : colourAt([theme.grid, theme.line], [0, 1], 0.3), theme);
    }),
    ...placeNames(discs, rect, strong ? [] : curves.flatMap(pointsOn)).map(({ disc: number, x, y, align }) => {
      const { name, bold } = discs[number]!;
      return haloed(textGraphic(name, theme, { x, y, align, px, bold }), theme);
    }),
  ];
}

/** The weight at the middle of each line, where there are few. */
function weightTexts({ panels }: GraphFigure, curves: readonly (Curve & { weight: number })[], theme: ChartTheme) {
  if (panels.length > 1 || curves.length > 12) return [];
  return curves.map((curve) => {
    const [x, y] = pointOn(curve, 0.5);
    return haloed(textGraphic(curve.weight.toFixed(2), theme, { x, y, align: 'center', px: theme.notePx }), theme);
  });
}

type Place = readonly [number, number];

interface Curve {
  readonly a: Place;
  readonly b: Place;
  readonly control: Place;
}

/** A straight line, or one bent around a disc that lies on its way. @param radius of a node, with what is kept free around it */
function curveOf(places: readonly Place[], from: number, to: number, radius: (node: number) => number): Curve {
  const [a, b] = [places[from]!, places[to]!];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  const covered = places.some(([x, y], node) => {
    if (node === from || node === to || length === 0) return false;
    const along = ((x - a[0]) * dx + (y - a[1]) * dy) / length ** 2;
    const aside = Math.abs((x - a[0]) * dy - (y - a[1]) * dx) / length;
    return along > 0 && along < 1 && aside < radius(node);
  });
  const bend = covered ? 0.35 : 0;
  return { a, b, control: [(a[0] + b[0]) / 2 - bend * dy, (a[1] + b[1]) / 2 + bend * dx] };
}

function pointOn({ a, b, control }: Curve, t: number): Place {
  const at = (i: 0 | 1): number => (1 - t) ** 2 * a[i] + 2 * t * (1 - t) * control[i] + t ** 2 * b[i];
  return [at(0), at(1)];
}

/** Points along a line, near enough that no name lies on it unseen. */
function pointsOn(curve: Curve): Place[] {
  return Array.from({ length: 30 }, (_, i) => pointOn(curve, (i + 0.5) / 30));
}

/** Places of the nodes in a room, equal units across and down, in the middle of it. */
function fitted({ nodes }: GraphPanel, room: Size): [number, number][] {
  const across = nodes.map(({ place }) => place[0]);
  const down = nodes.map(({ place }) => place[1]);
  const [left, right] = [Math.min(...across), Math.max(...across)];
  const [top, bottom] = [Math.min(...down), Math.max(...down)];
  const scale = Math.min(room.width / Math.max(right - left, 1e-9), room.height / Math.max(bottom - top, 1e-9));
  return nodes.map(({ place: [x, y] }) => [
    room.width / 2 + (x - (left + right) / 2) * scale,
    room.height / 2 + (y - (top + bottom) / 2) * scale,
  ]);
}

function disc(x: number, y: number, r: number, fill: string, theme: ChartTheme): Graphic {
  return {
    type: 'circle',
    silent: true,
    shape: { cx: x, cy: y, r },
    style: { fill, stroke: theme.background, lineWidth: 1 },
  };
}

/** Letters with an outline in the colour of the background, so that lines below do not cross them. */
function haloed(text: Graphic, theme: ChartTheme): Graphic {
  return {
    ...text,
    style: { ...(text as { style: object }).style, stroke: theme.background, lineWidth: 2.5 },
  } as Graphic;
}

function legend(figure: GraphFigure, theme: ChartTheme, left: number, top: number, largest: number): Graphic[] {
  const line = lineHeight(theme.fontPx);
  const [low, high] = figure.edgeRange;
  const weights = [high, (low + high) / 2 + (high - low) / 10, low + (high - low) / 5].map(
    (w) => Math.round(w * 10) / 10,
  );
  const sizes = figure.panels.flatMap(({ nodes }) => nodes.map(({ size }) => size));
  const most = Math.max(...sizes, 0);
  const written = (size: number): string => (Number.isInteger(most) ? countText(size) : numberText(size));
  const sizeTop = top + (weights.length + 2) * line + 10;
  return [
    textGraphic(figure.edgeTitle, theme, { x: left, y: top + line / 2, bold: true }),
    ...weights.flatMap((weight, i): Graphic[] => {
      const y = top + (i + 1.6) * line;
      const dashed = figure.solidFrom !== null && weight < figure.solidFrom;
      return [
        {
          type: 'line',
          silent: true,
          shape: { x1: left, y1: y, x2: left + 34, y2: y },
          style: {
            stroke: theme.line,
            lineWidth: lineWidth(figure, weight),
            ...(dashed ? { lineDash: [4, 4] } : {}),
          },
        },
        textGraphic(numberText(weight), theme, { x: left + 42, y }),
      ];
    }),
    textGraphic(figure.sizeTitle, theme, { x: left, y: sizeTop, bold: true }),
    ...[1, 0.25].flatMap((share, i) => {
      const y = sizeTop + line / 2 + largest + 6 + i * (2 * largest + 2);
      return [
        circleGraphic(left + largest, y, largest * Math.sqrt(share), theme.muted),
        textGraphic(written(most * share), theme, { x: left + 2 * largest + 8, y }),
      ];
    }),
  ];
}
