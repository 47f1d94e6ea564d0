import type { NeighbourGraph } from '../data/aligned-pair.ts';
import { labelConnectivities } from '../interpret/label-connectivities.ts';
import type { GraphFigure } from './figure-data.ts';
import { cellsText, countText } from './number-text.ts';

/** Lines from this connectivity are solid. Source: KIDA (Commun Biol 2024), figure 3e. */
const SOLID_FROM = 0.4;
/** Less is written as 0.00 and not drawn. */
const DRAWN_FROM = 0.005;

/**
 * The labels of the query as a graph: a disc per label at the middle of its cells on the map, a line where its cells are neighbours
 * of another label's (see `labelConnectivities`). Cells are grouped by their most probable label, whatever its confidence: the doubtful
 * ones are those that join labels. Null where fewer than two labels have cells.
 */
export function labelGraphFigure(input: {
  readonly id: string;
  readonly title: string;
  /** [cells] most probable label of each cell of the graph. */
  readonly predicted: readonly string[];
  readonly graph: NeighbourGraph;
  /** What the neighbours are near in, for the footnote: "the learned space". */
  readonly space: string;
  /** [cells, 2] places of these cells on the map. */
  readonly places: Float32Array;
  readonly colours: ReadonlyMap<string, string>;
  /** How many cells the query has; more than those of the graph where a sample was taken. */
  readonly total: number;
}): GraphFigure | null {
  const { predicted, graph, places, colours } = input;
  const known = new Set(predicted);
  const names = [...colours.keys()].filter((name) => known.has(name));
  if (names.length < 2) return null;
  const number = new Map(names.map((name, i) => [name, i]));
  const label = Int32Array.from(predicted, (name) => number.get(name)!);
  const { cells, values } = labelConnectivities(graph, label, names.length);
  const largest = Math.max(...cells);
  const nodes = names.map((name, i) => ({
    name,
    colour: colours.get(name)!,
    place: middle(places, label, i),
    area: cells[i]! / largest,
    size: cells[i]!,
    leading: true,
  }));
  const edges = names
    .flatMap((_, from) => names.map((__, to) => ({ from, to, weight: rounded(values[from * names.length + to]!) })))
    .filter(({ from, to, weight }) => from < to && weight >= DRAWN_FROM)
    .sort((a, b) => a.weight - b.weight || a.from - b.from || a.to - b.to);
  return {
    kind: 'graph',
    id: input.id,
    title: input.title,
    footnotes: [
      `PAGA (Wolf et al. 2019) on the ${graph.k} nearest neighbours in ${input.space} of ` +
        (predicted.length < input.total
          ? `${countText(predicted.length)} of ${cellsText(input.total)}, chosen at random`
          : cellsText(predicted.length)) +
        ', grouped by their most probable label. ' +
        `Connectivity 1: as many links as by chance; no line below ${DRAWN_FROM}, dashed below ${SOLID_FROM}. ` +
        'Discs lie at the medians of their cells on the map.',
    ],
    nodeTitle: 'Predicted label',
    sizeTitle: 'Cells',
    edgeTitle: 'Connectivity',
    edgeRange: [0, 1],
    solidFrom: SOLID_FROM,
    panels: [{ title: '', nodes, edges }],
  };
}

/** Medians of the places of a label's cells; the second axis of a map rises, that of a figure falls. */
function middle(places: Float32Array, label: Int32Array, own: number): readonly [number, number] {
  const median = (axis: 0 | 1): number => {
    const values: number[] = [];
    label.forEach((of, cell) => {
      if (of === own) values.push(places[2 * cell + axis]!);
    });
    values.sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)]!;
  };
  return [rounded(median(0)), rounded(-median(1))];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0; // + 0 turns −0 into 0, which JSON keeps
}
