import { UNKNOWN } from '../data/label-transfer.ts';
import type { FlowFigure, FlowNode } from './figure-data.ts';
import { unknownColour } from './label-colours.ts';
import { cellsText, countText } from './number-text.ts';

/**
 * How the cells of each true label were labelled, as a river from truth to what is shown.
 * Cells without a true label are left out.
 *
 * @param truth [cells]
 * @param shown [cells] labels, "Unknown" under the threshold
 * @param colours label → colour; its order is the order on both sides, with Unknown last
 */
export function flowFigure(options: {
  readonly truth: readonly (string | null)[];
  readonly shown: readonly string[];
  readonly colours: ReadonlyMap<string, string>;
  readonly threshold: number;
}): FlowFigure {
  const { truth, shown, colours, threshold } = options;
  const known = truth.flatMap((label, cell) => (label === null ? [] : [{ from: label, to: shown[cell]! }]));
  const from = nodes(
    known.map((cell) => cell.from),
    colours,
  );
  const to = nodes(
    known.map((cell) => cell.to),
    colours,
  );
  const counts = new Float64Array(from.length * to.length);
  const fromPlace = new Map(from.map(({ name }, i) => [name, i]));
  const toPlace = new Map(to.map(({ name }, i) => [name, i]));
  for (const cell of known) counts[fromPlace.get(cell.from)! * to.length + toPlace.get(cell.to)!]!++;
  const links = Array.from(counts, (cells, i) => ({ from: Math.floor(i / to.length), to: i % to.length, cells }));
  return {
    kind: 'flow',
    id: 'true-to-predicted',
    title: 'From true to predicted labels',
    footnotes: [
      `${cellsText(known.length)}${known.length < truth.length ? ` of ${countText(truth.length)}, those with a true label` : ''}; ` +
        `${UNKNOWN}: confidence does not exceed ${threshold}.`,
    ],
    fromTitle: 'True label',
    toTitle: 'Predicted label',
    from,
    to,
    links: links.filter(({ cells }) => cells > 0),
    total: known.length,
  };
}

function nodes(labels: readonly string[], colours: ReadonlyMap<string, string>): FlowNode[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = [...colours.keys()];
  return [...counts]
    .map(([name, cells]) => ({ name, colour: colours.get(name) ?? unknownColour, cells }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
