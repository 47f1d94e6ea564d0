import type { FiguresInput } from './figures-of.ts';
import { comparisonHeatmap } from './comparison-heatmap.ts';
import { featureValues } from './feature-values.ts';
import type { FigureData, LegendEntry } from './figure-data.ts';
import { geneNetworkFigure } from './gene-network-figure.ts';
import { labelGraphFigure } from './label-graph-figure.ts';
import { leadingFeatures } from './leading-features.ts';
import { mixingFigure } from './mixing-figure.ts';
import { pathwayViolins } from './pathway-violins.ts';
import { ridgeFigure } from './ridge-figure.ts';

/** Rows of the comparison that a page holds, and features drawn as ridges. */
const [ROWS, RIDGES] = [45, 3];

/** The leading features of the labels in both studies, and as ridges; of methods without deciding features the reference's markers. */
export async function studyFigures(
  { pair, transfer, markers }: FiguresInput,
  colours: ReadonlyMap<string, string>,
): Promise<FigureData[]> {
  const { labels, query } = transfer;
  if (query.cells.length === 0) return [];
  const leading = await leadingFeatures(markers, pair);
  const features = leading.choose(Math.max(1, Math.min(5, Math.floor(ROWS / labels.length))));
  if (features.length === 0) return [];
  const columns = features.map(({ column }) => column);
  const entries: LegendEntry[] = labels.map((name) => ({ name, colour: colours.get(name)!, cells: null }));
  const values = await featureValues(pair.query.counts, columns);
  const cells = new Int32Array(labels.length);
  for (const label of query.predicted) cells[label]!++;
  const common = labels
    .map((_, label) => label)
    .filter((label) => cells[label]! > 0)
    .sort((a, b) => cells[b]! - cells[a]! || a - b);
  const ridges = common
    .flatMap((label) => {
      const at = features.findIndex((feature) => feature.label === label);
      return at < 0 ? [] : [at];
    })
    .slice(0, RIDGES);
  return [
    comparisonHeatmap({
      called: leading.called,
      features,
      reference: { values: await featureValues(pair.reference.counts, columns), label: pair.reference.label },
      query: { values, label: query.predicted },
      labels: entries,
    }),
    ridgeFigure({
      title: `Leading ${leading.called} of the labels with most cells`,
      features: ridges.map((at) => features[at]!),
      values: { title: values.title, columns: ridges.map((at) => values.columns[at]!) },
      label: query.predicted,
      labels: entries,
    }),
  ].filter((figure) => figure !== null);
}

/** How the studies mix, and which labels are neighbours in the learned space and in the query's own. */
export function viewFigures(
  { transfer, pair, layout, layoutName = 'UMAP', layoutNote = null, views = null, seed }: FiguresInput,
  colours: ReadonlyMap<string, string>,
): FigureData[] {
  if (layout === null || views === null) return [];
  const reference = transfer.reference.cells.length;
  const places = layout.subarray(2 * reference);
  const { graph, cells } = views.learnedGraph;
  const predicted = Array.from(transfer.query.predicted, (label) => transfer.labels[label]!);
  const common = { colours, total: predicted.length };
  const own = pair.query.neighbours;
  return [
    mixingFigure({
      mixing: views.mixing,
      layout: { name: layoutName, values: layout, note: layoutNote },
      referenceCells: reference,
      seed,
    }),
    labelGraphFigure({
      ...common,
      id: 'label-graph',
      title: 'Which labels are neighbours in the learned space',
      predicted: Array.from(cells, (cell) => predicted[cell]!),
      graph,
      space: 'the learned space',
      places: Float32Array.from({ length: 2 * cells.length }, (_, i) => places[2 * cells[i >> 1]! + (i & 1)]!),
    }),
    own.k === 0
      ? null
      : labelGraphFigure({
          ...common,
          id: 'label-graph-own',
          title: "Which labels are neighbours in the query's own space",
          predicted,
          graph: own,
          space: "the query's own, untrained space",
          places,
        }),
  ].filter((figure) => figure !== null);
}

/** What a method that reads cells through gene sets attends to, and which genes it sees alike. */
export function patternFigures(
  { transfer, patterns = null }: FiguresInput,
  colours: ReadonlyMap<string, string>,
): FigureData[] {
  if (patterns === null) return [];
  const cells = new Int32Array(transfer.labels.length);
  for (const label of transfer.query.predicted) cells[label]!++;
  const labels = transfer.labels.map((name, i) => ({ name, colour: colours.get(name)!, cells: cells[i]! }));
  return [
    pathwayViolins({ attention: patterns.attention, label: transfer.query.predicted, labels }),
    geneNetworkFigure(patterns.networks, labels),
  ].filter((figure) => figure !== null);
}
