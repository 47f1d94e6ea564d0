/**
 * A figure as plain data: what is drawn, with titles, units and denominators, and nothing about how.
 * Every value is JSON, so a figure can be stored, sent between processes and drawn in a window or without one.
 */
export type FigureData =
  | ScatterFigure
  | BarFigure
  | BoxFigure
  | HeatmapFigure
  | FlowFigure
  | DotFigure
  | ViolinFigure
  | LineFigure
  | HistogramFigure
  | GraphFigure
  | RidgeFigure
  | MapsFigure;

export type FigureKind = FigureData['kind'];

interface FigureHead {
  /** Name of the file without its ending, unique within a run, e.g. `umap-predicted-label`. */
  readonly id: string;
  readonly title: string;
  /** What a reader must know to read the picture right: what was left out, what the numbers are shares of. */
  readonly footnotes: readonly string[];
}

/** An axis of numbers. The unit is written after the title in brackets. */
export interface Axis {
  readonly title: string;
  readonly unit: string | null;
  /** `fraction` is written as a percentage. */
  readonly format: 'number' | 'fraction' | 'none';
}

/** A name with its colour and the number of cells behind it (null where cells are not what it counts). */
export interface LegendEntry {
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
  readonly cells: number | null;
}

/** Cells on two axes, coloured by a label or by a number. */
export interface ScatterFigure extends FigureHead {
  readonly kind: 'scatter';
  readonly x: Axis;
  readonly y: Axis;
  /** [points] in drawing order: later points lie on top. */
  readonly points: { readonly x: readonly number[]; readonly y: readonly number[] };
  /** Lowest and highest place on each axis over all cells of the layout, drawn or not: figures of one layout line up. */
  readonly extent: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  readonly colouring: CategoryColouring | NumberColouring;
}

export interface CategoryColouring {
  readonly kind: 'categories';
  readonly title: string;
  readonly entries: readonly LegendEntry[];
  /** [points] place in `entries`. */
  readonly codes: readonly number[];
  /** [entries] number of the entry in picture and legend, so that colour is not the only key to it; null for none. */
  readonly numbers: readonly (number | null)[];
  /** [entries] a point in the middle of the entry's points, where its number stands; null for an entry without points. */
  readonly middles: readonly (readonly [number, number] | null)[];
}

export interface NumberColouring {
  readonly kind: 'number';
  readonly title: string;
  readonly format: 'number' | 'fraction';
  readonly range: readonly [number, number];
  /** [points] */
  readonly values: readonly number[];
}

/** One or more bars per category. */
export interface BarFigure extends FigureHead {
  readonly kind: 'bars';
  /** Names along the category axis, first on top. */
  readonly categories: readonly string[];
  readonly categoryTitle: string;
  readonly value: Axis;
  readonly legendTitle: string;
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    /** [categories]; null where there is nothing to show (not the same as 0). */
    readonly values: readonly (number | null)[];
    /** [categories] written at the end of each bar, e.g. "24.0 % (288)". */
    readonly texts: readonly string[];
    /** [categories] half the length of the line across the end of each bar, e.g. a standard deviation; null for none. */
    readonly spreads?: readonly (number | null)[];
  }[];
}

/** A few numbers per category and series: a box of the quartiles with its median, whiskers to the extremes, and every number. */
export interface BoxFigure extends FigureHead {
  readonly kind: 'boxes';
  /** Names along the category axis, first on top. */
  readonly categories: readonly string[];
  readonly categoryTitle: string;
  readonly value: Axis;
  readonly legendTitle: string;
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    /** [categories] the numbers; empty where there are none. */
    readonly values: readonly (readonly number[])[];
  }[];
}

/** A matrix of numbers as coloured fields: confusion matrices, features × labels, features × cells. */
export interface HeatmapFigure extends FigureHead {
  readonly kind: 'heatmap';
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** First on top. */
  readonly rows: readonly HeatmapBand[];
  /** First on the left. */
  readonly columns: readonly HeatmapBand[];
  /** Whether names are written along the columns; without them the groups are named in the legend. */
  readonly columnNames: boolean;
  readonly rowNames: boolean;
  /** [rows × columns] row by row; null is drawn as "no value". */
  readonly values: readonly (number | null)[];
  readonly valueTitle: string;
  readonly valueFormat: 'number' | 'fraction';
  readonly range: readonly [number, number];
  /** `diverging` has its middle colour at 0. */
  readonly scale: 'sequential' | 'diverging';
  /** [rows × columns] written into the fields, or null for none. */
  readonly texts: readonly string[] | null;
  /** Groups that the coloured strips beside rows and columns show; empty for none. */
  readonly groups: readonly LegendEntry[];
  readonly groupTitle: string;
  /** Columns that stand together under a title of their own, from the left, with room between; absent where all belong together. */
  readonly panels?: readonly { readonly title: string; readonly columns: number }[];
}

/** A row or column of a heatmap. `group` is a place in `groups`, −1 for none. */
export interface HeatmapBand {
  readonly name: string;
  readonly group: number;
}

/** Cells flowing from one partition to another (river, Sankey). */
export interface FlowFigure extends FigureHead {
  readonly kind: 'flow';
  readonly fromTitle: string;
  readonly toTitle: string;
  /** First on top. */
  readonly from: readonly FlowNode[];
  readonly to: readonly FlowNode[];
  readonly links: readonly { readonly from: number; readonly to: number; readonly cells: number }[];
  /** All cells that flow. */
  readonly total: number;
}

export interface FlowNode {
  readonly name: string;
  readonly colour: string;
  readonly cells: number;
}

/** Mean (colour) and share of cells with a value above zero (area) per feature and label. */
export interface DotFigure extends FigureHead {
  readonly kind: 'dots';
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly HeatmapBand[];
  readonly columns: readonly string[];
  /** [rows × columns] row by row. */
  readonly means: readonly number[];
  /** [rows × columns] 0…1 */
  readonly fractions: readonly number[];
  readonly meanTitle: string;
  readonly meanRange: readonly [number, number];
  readonly fractionTitle: string;
  readonly groups: readonly LegendEntry[];
  readonly groupTitle: string;
}

/** Distribution of values per group, one panel per feature. */
export interface ViolinFigure extends FigureHead {
  readonly kind: 'violins';
  readonly groupTitle: string;
  readonly value: Axis;
  readonly groups: readonly LegendEntry[];
  /** Whether the value axis begins at the lowest value instead of 0; absent means at 0. */
  readonly fromLowest?: boolean;
  readonly panels: readonly {
    readonly title: string;
    /** [groups]; null for a group without cells. */
    readonly violins: readonly (ViolinShape | null)[];
  }[];
}

export interface ViolinShape {
  /** Rising places on the value axis. */
  readonly at: readonly number[];
  /** Density at each place, the largest of the panel is 1. */
  readonly width: readonly number[];
  readonly quartiles: readonly [number, number, number];
  readonly mean: number;
  readonly cells: number;
  /** Values of some cells, drawn as points; absent for none. */
  readonly points?: readonly number[];
}

export interface LineFigure extends FigureHead {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly legendTitle: string;
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    readonly dash: 'solid' | 'dashed' | 'dotted';
    readonly x: readonly number[];
    readonly y: readonly number[];
  }[];
}

/** Counts of cells per equal bin, stacked by series. */
export interface HistogramFigure extends FigureHead {
  readonly kind: 'histogram';
  readonly x: Axis;
  readonly y: Axis;
  /** [bins + 1] rising edges; a bin holds edge[i] ≤ v < edge[i+1], the last also its upper edge. */
  readonly edges: readonly number[];
  readonly legendTitle: string;
  readonly series: readonly { readonly name: string; readonly colour: string; readonly counts: readonly number[] }[];
  /** A line across the bins with its name, e.g. the threshold; null for none. */
  readonly marker: { readonly at: number; readonly name: string } | null;
}

/** Things and how strongly they hang together: discs joined by lines, one or more panels. */
export interface GraphFigure extends FigureHead {
  readonly kind: 'graph';
  /** What a disc stands for, e.g. "Predicted label". */
  readonly nodeTitle: string;
  /** What the area of a disc is, e.g. "Cells". */
  readonly sizeTitle: string;
  /** What a line is, e.g. "Connectivity". */
  readonly edgeTitle: string;
  /** Weight of the thinnest and of the thickest line. */
  readonly edgeRange: readonly [number, number];
  /** Lines below this weight are dashed; null where all are drawn alike. */
  readonly solidFrom: number | null;
  readonly panels: readonly GraphPanel[];
}

export interface GraphPanel {
  /** Empty where there is one panel only. */
  readonly title: string;
  readonly nodes: readonly {
    readonly name: string;
    /** `#rrggbb` */
    readonly colour: string;
    /** Across and down, equal units on both; any range. */
    readonly place: readonly [number, number];
    /** Area of the disc in units of the largest: 0…1. */
    readonly area: number;
    /** What the area stands for, as a number for the table. */
    readonly size: number;
    /** Names of leading nodes are bold and come first where there is room for some only; others are paler. */
    readonly leading: boolean;
  }[];
  /** from < to; in the order of drawing. */
  readonly edges: readonly { readonly from: number; readonly to: number; readonly weight: number }[];
}

/** Densities of values per group as hills one behind the other, one panel per feature. */
export interface RidgeFigure extends FigureHead {
  readonly kind: 'ridges';
  readonly groupTitle: string;
  readonly value: Axis;
  /** First on top. */
  readonly groups: readonly LegendEntry[];
  readonly panels: readonly {
    readonly title: string;
    readonly range: readonly [number, number];
    /** [groups]; null for a group without cells. `height` at equal steps over `range`, the highest hill of the panel is 1. */
    readonly ridges: readonly ({
      readonly height: readonly number[];
      readonly median: number;
      readonly cells: number;
    } | null)[];
  }[];
}

/** The same cells in several layouts side by side, in the same colours. */
export interface MapsFigure extends FigureHead {
  readonly kind: 'maps';
  readonly colourTitle: string;
  readonly entries: readonly LegendEntry[];
  /** [points] place in `entries`, for all panels; points in drawing order. */
  readonly codes: readonly number[];
  readonly panels: readonly {
    readonly title: string;
    /** Short lines under the title: the numbers of this panel. */
    readonly lines: readonly string[];
    readonly x: Axis;
    readonly y: Axis;
    readonly points: { readonly x: readonly number[]; readonly y: readonly number[] };
  }[];
}
