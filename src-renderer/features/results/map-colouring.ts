import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import { queryColour, referenceColour, unknownColour } from '#core/figures/label-colours';
import type { Colouring, FeatureColumn } from '../../state/map-state.svelte.ts';
import { type ThemeName, themes } from '#charts/chart-theme';
import { colourAt } from '#charts/colour-scale';
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
}

const MISSING = 'No label given';
/** Colours of a scale; the first of a feature's is for cells without a value. */
const STEPS = 256;

export function colourCells(
  result: RunResult,
  cells: MapCells,
  by: {
    readonly colouring: Colouring;
    /** [query cells] number of the label shown; −1 is Unknown. */
    readonly shown: Int32Array;
    readonly feature: FeatureColumn | null;
    readonly theme: ThemeName;
  },
): MapColouring {
  const both = cells.reference > 0;
  switch (by.colouring) {
    case 'confidence':
      return byNumber(cells, result.query.confidence, {
        title: 'Query cells by confidence',
        legendTitle: 'Confidence',
        range: [0, 1],
        format: 'fraction',
        palette: scale(by.theme),
      });
    case 'feature': {
      if (by.feature === null) break;
      const { feature, values, range, title } = by.feature;
      const palette = [themes[by.theme].absent, ...scale(by.theme).slice(1)];
      return byNumber(cells, values, {
        title: `Query cells by ${feature}`,
        legendTitle: `${feature}, ${title}`,
        range,
        format: 'number',
        palette,
      });
    }
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

function byName(
  cells: MapCells,
  names: readonly string[],
  colours: readonly string[],
  how: { readonly title: string; readonly legendTitle: string; readonly nameOf: (cell: number) => number },
): MapColouring {
  const count = cells.reference + cells.query;
  const palette = [...new Set(colours)];
  const colourOf = colours.map((colour) => palette.indexOf(colour));
  const nameOf = new Uint16Array(count);
  const inColour = new Uint8Array(count);
  const counts = new Uint32Array(names.length);
  for (let cell = 0; cell < count; cell++) {
    const name = how.nameOf(cell);
    nameOf[cell] = name;
    inColour[cell] = colourOf[name]!;
    counts[name]!++;
  }
  return {
    title: how.title,
    legendTitle: how.legendTitle,
    colours: inColour,
    palette,
    rows: names.flatMap((name, i) => (counts[i]! > 0 ? [{ name, colour: colours[i]!, cells: counts[i]! }] : [])),
    nameOf,
    names,
    range: null,
    format: 'number',
  };
}

/** Values beyond the ends of the range take the colours of its ends. Cells of the reference have none and take the first. */
function byNumber(
  cells: MapCells,
  values: Float32Array,
  how: Pick<MapColouring, 'title' | 'legendTitle' | 'format' | 'palette'> & {
    readonly range: readonly [number, number];
  },
): MapColouring {
  const [low, high] = how.range;
  const factor = high > low ? (STEPS - 1) / (high - low) : 0;
  const colours = new Uint8Array(cells.reference + cells.query);
  for (let cell = 0; cell < cells.query; cell++) {
    const step = Math.round((values[cell]! - low) * factor);
    // the smallest value above zero is seen apart from zero
    const least = values[cell]! > 0 && low >= 0 ? 1 : 0;
    colours[cells.reference + cell] = Math.min(STEPS - 1, Math.max(least, step));
  }
  return { ...how, colours, rows: null, nameOf: null, names: [] };
}

/** The scale of the charts in 256 steps. */
function scale(theme: ThemeName): readonly string[] {
  const { points } = themes[theme];
  return Array.from({ length: STEPS }, (_, step) => colourAt(points, [0, STEPS - 1], step));
}
