import type { FigureData, HeatmapBand, LegendEntry } from './figure-data.ts';

export type TableField = string | number | null;

/** The numbers behind a figure: one row per thing drawn. */
export interface FigureTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableField[])[];
}

/**
 * What a figure draws as a table in long form, so that it can be drawn again elsewhere: a row per point, bar, field, link, line or place
 * of an outline. Values are those of the picture: thinned where the picture is, and rounded as there.
 */
export function figureTable(figure: FigureData): FigureTable {
  switch (figure.kind) {
    case 'scatter': {
      const { x, y } = figure.points;
      const { colouring } = figure;
      const value = (i: number): TableField =>
        colouring.kind === 'number' ? colouring.values[i]! : colouring.entries[colouring.codes[i]!]!.name;
      return table(
        [figure.x.title, figure.y.title, colouring.title],
        x.map((_, i) => [x[i]!, y[i]!, value(i)]),
      );
    }
    case 'maps':
      return table(
        ['panel', 'x', 'y', figure.colourTitle],
        figure.panels.flatMap(({ title, points: { x, y } }) =>
          x.map((_, i) => [title, x[i]!, y[i]!, figure.entries[figure.codes[i]!]!.name]),
        ),
      );
    case 'bars':
      return table(
        [figure.categoryTitle, 'series', figure.value.title, 'spread', 'text'],
        figure.series.flatMap(({ name, values, spreads, texts }) =>
          figure.categories.map((category, i) => [category, name, values[i]!, spreads?.[i] ?? null, texts[i]!]),
        ),
      );
    case 'boxes':
      return table(
        [figure.categoryTitle, 'series', figure.value.title],
        figure.series.flatMap(({ name, values }) =>
          figure.categories.flatMap((category, i) => values[i]!.map((value) => [category, name, value])),
        ),
      );
    case 'heatmap':
      return heatmapTable(figure);
    case 'dots':
      return table(
        [figure.rowTitle, figure.columnTitle, figure.groupTitle, figure.meanTitle, figure.fractionTitle],
        figure.rows.flatMap((row, r) =>
          figure.columns.map((column, c) => {
            const field = r * figure.columns.length + c;
            return [
              ...[row.name, column, groupOf(row, figure.groups)],
              ...[figure.means[field]!, figure.fractions[field]!],
            ];
          }),
        ),
      );
    case 'flow':
      return table(
        [figure.fromTitle, figure.toTitle, 'cells'],
        figure.links.map(({ from, to, cells }) => [figure.from[from]!.name, figure.to[to]!.name, cells]),
      );
    case 'violins':
      return table(
        [
          'panel',
          figure.groupTitle,
          'cells',
          'quartile 1',
          'median',
          'quartile 3',
          'mean',
          figure.value.title,
          'width',
        ],
        figure.panels.flatMap(({ title, violins }) =>
          violins.flatMap((violin, i) =>
            violin === null
              ? []
              : violin.at.map((at, place) => [
                  ...[title, figure.groups[i]!.name, violin.cells, ...violin.quartiles, violin.mean],
                  ...[at, violin.width[place]!],
                ]),
          ),
        ),
      );
    case 'ridges':
      return table(
        ['panel', figure.groupTitle, 'cells', 'median', figure.value.title, 'height'],
        figure.panels.flatMap(({ title, range: [low, high], ridges }) =>
          ridges.flatMap((ridge, i) =>
            ridge === null
              ? []
              : ridge.height.map((height, place) => [
                  ...[title, figure.groups[i]!.name, ridge.cells, ridge.median],
                  ...[low + ((high - low) * place) / (ridge.height.length - 1), height],
                ]),
          ),
        ),
      );
    case 'lines':
      return table(
        [figure.legendTitle || 'series', figure.x.title, figure.y.title],
        figure.series.flatMap(({ name, x, y }) => x.map((value, i) => [name, value, y[i]!])),
      );
    case 'histogram':
      return table(
        [`${figure.x.title} from`, `${figure.x.title} to`, figure.legendTitle || 'series', figure.y.title],
        figure.series.flatMap(({ name, counts }) =>
          counts.map((count, bin) => [figure.edges[bin]!, figure.edges[bin + 1]!, name, count]),
        ),
      );
    case 'graph':
      return table(
        ['panel', 'from', 'to', figure.edgeTitle, `${figure.sizeTitle} of from`, `${figure.sizeTitle} of to`],
        figure.panels.flatMap(({ title, nodes, edges }) => {
          const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
          const alone = nodes.flatMap(({ name, size }, i) =>
            linked.has(i) ? [] : [[title, name, null, null, size, null]],
          );
          return [
            ...edges.map(({ from, to, weight }) => [
              ...[title, nodes[from]!.name, nodes[to]!.name, weight],
              ...[nodes[from]!.size, nodes[to]!.size],
            ]),
            ...alone,
          ];
        }),
      );
  }
}

function table(columns: readonly string[], rows: readonly (readonly TableField[])[]): FigureTable {
  return { columns, rows };
}

function heatmapTable(figure: Extract<FigureData, { kind: 'heatmap' }>): FigureTable {
  const { rows, columns, values, panels, groups } = figure;
  const panelOf = (column: number): string => {
    let end = 0;
    return panels!.find((panel) => (end += panel.columns) > column)!.title;
  };
  return table(
    [
      ...[figure.rowTitle, `${figure.groupTitle || 'Group'} of the row`],
      ...(panels === undefined ? [] : ['panel']),
      ...['column', figure.columnTitle, figure.valueTitle],
    ],
    rows.flatMap((row, r) =>
      columns.map((column, c) => [
        ...[row.name, groupOf(row, groups)],
        ...(panels === undefined ? [] : [panelOf(c)]),
        ...[c + 1, column.name, values[r * columns.length + c]!],
      ]),
    ),
  );
}

function groupOf({ group }: HeatmapBand, groups: readonly LegendEntry[]): string | null {
  return groups[group]?.name ?? null;
}
