import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import { queryColour, referenceColour, unknownColour } from '#core/figures/label-colours';
import type { Colouring, FeatureColumn, StudyColumn } from '../../state/map-state.svelte.ts';
import type { ThemeName } from '#charts/chart-theme';
import { byName, byNumber } from './colour-by.ts';
import { byColumn } from './column-colouring.ts';
import { resultColours } from './result-colours.ts';

/** Cells of a map: those of the reference first (none where it is left out), then all of the query. */
export interface MapCells {
  /** [reference + query cells, 2] within −1 … 1. */
  readonly places: Float32Array;
  readonly reference: number;
  readonly query: number;
}

export interface LegendRow {
  readonly name: string;
  readonly colour: string;
  readonly cells: number;
}

/** How the cells of a map are coloured and what that means. */
export interface MapColouring {
  readonly title: string;
  readonly legendTitle: string;
  /** [cells] place in `palette`. */
  readonly colours: Uint8Array;
  readonly palette: readonly string[];
  /** Names with their cells, where cells are coloured by a name; those without cells are left out. */
  readonly rows: readonly LegendRow[] | null;
  /** [cells] name of each cell by its place in `names`; null where cells are coloured by a number. */
  readonly nameOf: Uint16Array | null;
  readonly names: readonly string[];
  /** Where cells are coloured by a number: its ends. */
  readonly range: readonly [number, number] | null;
  readonly format: 'number' | 'fraction';
  /** The number of a cell, NaN for one without; null where cells are coloured by a name. */
  readonly valueOf: ((cell: number) => number) | null;
  /** Where cells are coloured by a number: those without one, drawn in the first colour. */
  readonly absent: number;
}

const MISSING = 'No label given';

export function colourCells(
  result: RunResult,
  cells: MapCells,
  by: {
    readonly colouring: Colouring;
    /** [query cells] number of the label shown; −1 is Unknown. */
    readonly shown: Int32Array;
    readonly feature: FeatureColumn | null;
    readonly column: StudyColumn | null;
    readonly theme: ThemeName;
  },
): MapColouring {
  const both = cells.reference > 0;
  switch (by.colouring) {
    case 'confidence':
      return byNumber(cells, {
        title: 'Query cells by confidence',
        legendTitle: 'Confidence',
        range: [0, 1],
        format: 'fraction',
        valueOf: ofQuery(cells, result.query.confidence),
        first: 'value',
        theme: by.theme,
      });
    case 'feature': {
      if (by.feature === null) break;
      const { feature, values, range, title } = by.feature;
      return byNumber(cells, {
        title: `Query cells by ${feature}`,
        legendTitle: `${feature}, ${title}`,
        range,
        format: 'number',
        valueOf: ofQuery(cells, values),
        first: 'zero',
        theme: by.theme,
      });
    }
    case 'column':
      if (by.column === null) break;
      return byColumn(cells, by.column, { labelColours: resultColours(result), theme: by.theme });
    case 'dataset':
      return byName(cells, ['Reference', 'Query'], [referenceColour, queryColour], {
        title: 'Reference and query cells',
        legendTitle: 'Study',
        nameOf: (cell) => (cell < cells.reference ? 0 : 1),
      });
    case 'truth': {
      const truth = result.query.truth;
      if (truth === null) break;
      const colours = resultColours(result);
      const names = [...truth.categories, MISSING];
      const missing = names.length - 1;
      return byName(
        cells,
        names,
        names.map((name) => colours.get(name) ?? unknownColour),
        {
          title: 'Query cells by their own label',
          legendTitle: 'Own label',
          nameOf: (cell) =>
            cell < cells.reference || truth.codes[cell - cells.reference]! < 0
              ? missing
              : truth.codes[cell - cells.reference]!,
        },
      );
    }
    case 'label':
  }
  const colours = resultColours(result);
  const names = [...result.labels, UNKNOWN];
  return byName(
    cells,
    names,
    names.map((name) => colours.get(name)!),
    {
      title: both ? 'Reference and query cells by label' : 'Query cells by label',
      legendTitle: 'Label',
      nameOf: (cell) => {
        const label = cell < cells.reference ? result.reference.label[cell]! : by.shown[cell - cells.reference]!;
        return label < 0 ? names.length - 1 : label;
      },
    },
  );
}

/** Values of query cells by the place of a cell on the map; NaN for cells of the reference. */
function ofQuery({ reference }: MapCells, values: Float32Array): (cell: number) => number {
  return (cell) => (cell < reference ? Number.NaN : values[cell - reference]!);
}
