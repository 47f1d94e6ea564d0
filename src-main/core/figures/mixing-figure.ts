import type { MixingScores, StudyMixing } from '../data/method-views.ts';
import type { PlaneLayout } from './embedding-figure.ts';
import type { MapsFigure } from './figure-data.ts';
import { queryColour, referenceColour } from './label-colours.ts';
import { cellsText, countText } from './number-text.ts';
import { samplePoints } from './sample-points.ts';

/** Both studies before training and in the learned space, coloured by study, with how mixed they are. */
export function mixingFigure(input: {
  readonly mixing: StudyMixing;
  /** Map of the learned space, [reference cells + query cells, 2]. */
  readonly layout: PlaneLayout;
  readonly referenceCells: number;
  readonly seed: number;
}): MapsFigure {
  const { mixing, layout, referenceCells, seed } = input;
  const { cells, total, rawPlaces } = mixing;
  const { drawn } = samplePoints(Array.from(cells.keys()), seed);
  const codes = drawn.map((row) => (cells[row]! < referenceCells ? 0 : 1));
  const count = (study: number): number => codes.reduce<number>((sum, code) => sum + (code === study ? 1 : 0), 0);
  const axes = (name: string) => ({
    x: { title: `${name} 1`, unit: null, format: 'none' as const },
    y: { title: `${name} 2`, unit: null, format: 'none' as const },
  });
  const at = (places: Float32Array, placeOf: (row: number) => number, axis: 0 | 1): number[] =>
    drawn.map((row) => Math.round(1000 * places[2 * placeOf(row) + axis]!) / 1000 + 0); // + 0 turns −0 into 0
  const points = (places: Float32Array, placeOf: (row: number) => number) => ({
    x: at(places, placeOf, 0),
    y: at(places, placeOf, 1),
  });
  return {
    kind: 'maps',
    id: 'studies-before-after',
    title: 'Reference and query before training and in the learned space',
    footnotes: [
      (cells.length < total
        ? `${countText(cells.length)} of ${cellsText(total)}, every label of each study by its share. `
        : `All ${cellsText(total)}. `) +
        `Before: UMAP of ${mixing.rawHow} of both studies together. Neighbours of the other study among the 15 nearest, relative to a ` +
        'random mixture: 1 as mixed as can be, 0 not at all. Silhouette of the studies: near 0 where they are mixed; of the labels ' +
        '(of the query the predicted ones): high where they lie apart. Studies with other cells need not mix.',
      ...(layout.note == null ? [] : [layout.note]),
    ],
    colourTitle: 'Study',
    entries: [
      { name: 'Reference', colour: referenceColour, cells: count(0) },
      { name: 'Query', colour: queryColour, cells: count(1) },
    ],
    codes,
    panels: [
      { title: 'Before', lines: linesOf(mixing.raw), ...axes('UMAP'), points: points(rawPlaces, (row) => row) },
      {
        title: 'Learned space',
        lines: linesOf(mixing.learned),
        ...axes(layout.name),
        points: points(layout.values, (row) => cells[row]!),
      },
    ],
  };
}

function linesOf({ neighbours, silhouetteStudy, silhouetteLabel }: MixingScores): string[] {
  return [
    `Neighbours of the other study: ${decimals(neighbours)}`,
    `Silhouette: studies ${decimals(silhouetteStudy)}, labels ${decimals(silhouetteLabel)}`,
  ];
}

function decimals(value: number | null): string {
  return value === null ? 'none' : value.toFixed(2).replace('-', '−');
}
