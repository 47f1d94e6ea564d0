import type { FigureData, FigureKind } from './figure-data.ts';

/** By the name of the figure, where its kind alone does not say what to look for. */
const byId: Readonly<Record<string, string>> = {
  'studies-before-after':
    'Colours that lie apart on the left and among each other on the right mean that training brought the studies together.',
  'label-graph':
    'Thick lines join labels whose cells the method finds alike: where a wrong label is most likely, or a transition lies.',
  'label-graph-own': 'Thick lines join labels whose cells are neighbours in the query itself, before any training.',
  'pathway-violins':
    'A label that stands off from the others in its panel is marked by how much its cells attend to that gene set.',
  'gene-networks':
    'Coloured genes are linked with many others that the method sees alike: candidates for what defines the label.',
  'features-reference-query': 'Rows that look alike on both sides are features that mean the same in both studies.',
  confusion: 'Right answers lie on the diagonal; a field off it says which true label was called what.',
};

const byKind: Readonly<Record<FigureKind, string>> = {
  scatter: 'Each point is a cell; near cells are alike, distances between far groups mean little.',
  maps: 'Each point is a cell, the same cells in every panel.',
  bars: 'Compare the lengths of bars of one category; the number stands at the end of each.',
  boxes: 'The box holds the middle half of the numbers, the line in it is the median, each point is one number.',
  heatmap: 'Each field is one number; the bar on the right says which colour is which.',
  flow: 'Each band is as thick as the number of cells that went from the name on the left to the one on the right.',
  dots: 'The larger a dot the more cells have any value, the darker the higher their mean.',
  violins: 'Each shape is as wide as cells are common at that value; the dot is the median.',
  lines: 'Each line follows one quantity from left to right.',
  histogram: 'Each bar counts the cells within a range of values.',
  graph: 'Discs joined by thick lines belong together most.',
  ridges:
    'Each hill shows how common values are in one label; a label whose hill lies further right has higher values.',
};

/** How to read a figure, in one sentence. */
export function readingHelp({ id, kind }: Pick<FigureData, 'id' | 'kind'>): string {
  return byId[id] ?? byKind[kind];
}
