import type { RunResult } from '#contract/run-result';
import { UNKNOWN } from '#core/data/label-transfer';
import { type PlaneLayout, labelScatter, numberScatter } from '#core/figures/embedding-figure';
import type { ScatterFigure } from '#core/figures/figure-data';
import { queryColour, referenceColour, unknownColour } from '#core/figures/label-colours';
import { looks } from '#charts/point-map/map-points';
import { count } from '../../ui/format.ts';
import { shownName } from '../../state/result-view.svelte.ts';
import type { MapCells, MapColouring } from './map-colouring.ts';
import { resultColours } from './result-colours.ts';

export type Colouring = 'label' | 'confidence' | 'dataset' | 'truth';
const OTHERS = 'All other cells';
const MISSING = 'No label given';

/** Both sides on one map, reference cells first; null if the run made no map. */
export function layoutOf({ reference, query }: RunResult): PlaneLayout | null {
  if (reference.layout === null || query.layout === null) return null;
  const values = new Float32Array(reference.layout.length + query.layout.length);
  values.set(reference.layout);
  values.set(query.layout, reference.layout.length);
  return { name: 'UMAP', values };
}

/**
 * The map as it is coloured now, where no card can draw it. Hidden cells are left out, and so are those without a number,
 * which is said.
 *
 * @param look [cells] of `looks`
 */
export function colouringFigure(
  result: RunResult,
  layout: PlaneLayout,
  cells: MapCells,
  colouring: MapColouring,
  look: Uint8Array,
): ScatterFigure {
  const { title, legendTitle: colourTitle, rows, nameOf, names, valueOf, range, format, absent } = colouring;
  const first = result.reference.cells - cells.reference; // row of the layout of the first cell shown
  const common = { layout, seed: result.facts.seed, title, colourTitle, id: 'map-column' };
  const all = Array.from(look.keys(), (cell) => cell + first).filter((cell) => look[cell - first] !== looks.hidden);
  if (rows !== null)
    return labelScatter({
      ...common,
      cells: all,
      nameOf: (cell) => names[nameOf![cell - first]!]!,
      colours: new Map(rows.map(({ name, colour }) => [name, colour])),
      numbered: false,
    });
  return numberScatter({
    ...common,
    cells: all.filter((cell) => Number.isFinite(valueOf!(cell - first))),
    valueOf: (cell) => valueOf!(cell - first),
    range: range!,
    format,
    ...(absent === 0 ? {} : { footnotes: [`${count(absent)} cells without a value are not drawn.`] }),
  });
}

/** The map under one colouring. With a focus, every cell that is not shown under that label turns grey. */
export function embeddingFigure(
  result: RunResult,
  layout: PlaneLayout,
  show: {
    readonly colouring: Colouring;
    /** [query cells] number of the label shown; −1 is Unknown. */
    readonly shown: Int32Array;
    readonly focus: string | null;
    readonly withReference: boolean;
  },
): ScatterFigure {
  const before = result.reference.cells;
  const total = before + result.query.cells;
  const both = show.colouring === 'dataset' || (show.withReference && show.colouring === 'label');
  const cells = Array.from({ length: both ? total : total - before }, (_, place) => (both ? place : place + before));
  const common = { layout, cells, seed: result.facts.seed };
  const labelOf = (cell: number): string =>
    shownName(result.labels, cell < before ? result.reference.label[cell]! : show.shown[cell - before]!);

  if (show.colouring === 'confidence') {
    const valueOf = (cell: number): number => result.query.confidence[cell - before]!;
    return numberScatter({
      ...common,
      id: 'map-confidence',
      title: 'Query cells by confidence',
      colourTitle: 'Confidence',
      valueOf,
      range: [0, 1],
      format: 'fraction',
    });
  }
  if (show.colouring === 'dataset') {
    const colours = new Map([
      ['Reference', referenceColour],
      ['Query', queryColour],
    ]);
    const nameOf = (cell: number): string => (cell < before ? 'Reference' : 'Query');
    return labelScatter({
      ...common,
      id: 'map-dataset',
      title: 'Reference and query cells',
      colourTitle: 'Study',
      nameOf,
      colours,
      numbered: false,
    });
  }
  const truth = result.query.truth;
  if (show.colouring === 'truth' && truth !== null) {
    const colours = new Map(resultColours(result)).set(MISSING, unknownColour);
    const nameOf = (cell: number): string => truth.categories[truth.codes[cell - before]!] ?? MISSING;
    return labelScatter({
      ...common,
      id: 'map-truth',
      title: 'Query cells by their own label',
      colourTitle: 'Own label',
      nameOf,
      colours,
      numbered: true,
    });
  }
  const all = resultColours(result);
  const title = both ? 'Reference and query cells by label' : 'Query cells by label';
  if (show.focus === null)
    return labelScatter({
      ...common,
      id: 'map-label',
      title,
      colourTitle: 'Label',
      nameOf: labelOf,
      colours: all,
      numbered: true,
    });
  const focus = show.focus;
  const colours = new Map([
    [OTHERS, unknownColour],
    [focus, focus === UNKNOWN ? queryColour : all.get(focus)!],
  ]);
  const nameOf = (cell: number): string => (labelOf(cell) === focus ? focus : OTHERS);
  return labelScatter({
    ...common,
    id: 'map-label',
    title: `Cells shown as ${focus}`,
    colourTitle: 'Label',
    nameOf,
    colours,
    numbered: false,
  });
}
