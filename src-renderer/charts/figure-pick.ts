import type { FigureData } from '#core/figures/figure-data';

/** A field of a matrix, or a flow or a side of one in a river: rows are where it comes from; null stands for all. */
export interface FigurePick {
  readonly row: number | null;
  readonly column: number | null;
}

/** What ECharts tells of a click, as far as it is read here. */
export interface ClickedPart {
  readonly dataIndex?: number;
  readonly dataType?: string;
  readonly name?: string;
  readonly data?: unknown;
}

/** What a person pointed at in a heatmap with names or in a river; null beside it and in every other figure. */
export function pickOf(figure: FigureData, part: ClickedPart): FigurePick | null {
  if (figure.kind === 'heatmap' && figure.columnNames && part.dataIndex !== undefined) {
    const columns = figure.columns.length;
    return { row: Math.floor(part.dataIndex / columns), column: part.dataIndex % columns };
  }
  if (figure.kind !== 'flow') return null;
  if (part.dataType === 'edge') {
    const { source, target } = part.data as { readonly source: string; readonly target: string };
    return { row: placeIn(source, 'from'), column: placeIn(target, 'to') };
  }
  if (part.dataType !== 'node' || part.name === undefined) return null;
  return { row: placeIn(part.name, 'from'), column: placeIn(part.name, 'to') };
}

/** The number in a node's name, as `flowOption` gives it: "from 3". */
function placeIn(name: string, side: 'from' | 'to'): number | null {
  return name.startsWith(`${side} `) ? Number(name.slice(side.length + 1)) : null;
}
