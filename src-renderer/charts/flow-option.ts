import type { EChartsOption } from 'echarts';
import type { FlowFigure, FlowNode } from '#core/figures/figure-data';
import { countText, percentText } from '#core/figures/number-text';
import type { ChartTheme } from './chart-theme.ts';
import { frameOf, lineHeight, type Size } from './frame.ts';
import { textGraphic } from './graphics.ts';
import { fitText, textWidth } from './text-width.ts';

const nodeWidth = 12;

/** A river from left to right; nodes keep the order of the figure and never stand closer than their names are high. */
export function flowOption(figure: FlowFigure, theme: ChartTheme, size: Size): EChartsOption {
  const { titles, inner } = frameOf(figure, theme, size);
  const narrow = inner.width < 420;
  const most = inner.width * 0.36;
  const text = (node: FlowNode): string =>
    fitText(
      `${node.name} (${countText(node.cells)}${narrow ? '' : `, ${percentText(node.cells / figure.total)}`})`,
      theme.fontPx,
      most,
    );
  const room = (nodes: readonly FlowNode[]): number =>
    Math.max(0, ...nodes.map((node) => textWidth(text(node), theme.fontPx))) + 8;
  const left = inner.left + room(figure.from);
  const right = inner.left + inner.width - room(figure.to);
  const line = lineHeight(theme.fontPx);
  const heading = 1.5 * line + 6; // the name of a thin first node reaches half a line above it
  const side = (nodes: readonly FlowNode[], key: string, position: 'left' | 'right', depth: number) =>
    nodes.map((node, i) => ({
      name: `${key}${i}`,
      depth,
      value: node.cells,
      itemStyle: { color: node.colour, borderWidth: 0 },
      label: { position, formatter: text(node) },
    }));
  return {
    title: titles,
    graphic: {
      elements: [
        textGraphic(figure.fromTitle, theme, { x: left - 6, y: inner.top + line / 2, align: 'right', bold: true }),
        textGraphic(figure.toTitle, theme, { x: right + 6, y: inner.top + line / 2, bold: true }),
      ],
    },
    series: [
      {
        type: 'sankey',
        left,
        top: inner.top + heading,
        width: right - left,
        height: inner.height - heading - 4,
        nodeWidth,
        nodeGap: line,
        layoutIterations: 0,
        draggable: false,
        silent: true,
        label: { ...{ fontFamily: theme.fontFamily, fontSize: theme.fontPx }, color: theme.text, distance: 6 },
        data: [...side(figure.from, 'from ', 'left', 0), ...side(figure.to, 'to ', 'right', 1)],
        links: figure.links.map(({ from, to, cells }) => ({
          source: `from ${from}`,
          target: `to ${to}`,
          value: cells,
          lineStyle: { color: figure.from[from]!.colour, opacity: 0.42, curveness: 0.5 },
        })),
      },
    ],
  };
}

export function flowHeight(figure: FlowFigure, theme: ChartTheme): number {
  const nodes = Math.max(figure.from.length, figure.to.length);
  return Math.max(300, nodes * (lineHeight(theme.fontPx) + 12) + 40);
}
