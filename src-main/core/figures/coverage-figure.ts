import type { LineFigure } from './figure-data.ts';
import { neutralColour } from './label-colours.ts';
import { cellsText, countText } from './number-text.ts';

/** What a `CoverageCounter` tells of a region. */
export interface CountedCoverage {
  readonly region: { readonly contig: string; readonly start: number; readonly end: number };
  readonly at: readonly number[];
  readonly unit: string;
  readonly smoothing: string;
  readonly tracks: readonly {
    readonly label: string;
    readonly cells: number;
    readonly insertions: number;
    readonly values: readonly number[];
  }[];
  readonly genes: readonly { readonly name: string; readonly strand: string }[];
}

/**
 * Insertions of each label along a region, one line per label that has cells.
 * @param colours of the labels, from `labelColours` @param what the region is called, e.g. the gene it was chosen by
 */
export function coverageFigure(
  { region, at, unit, smoothing, tracks, genes }: CountedCoverage,
  colours: ReadonlyMap<string, string>,
  what?: string,
): LineFigure {
  const place = `${region.contig}:${countText(region.start + 1)}-${countText(region.end)}`;
  const shown = tracks.filter(({ cells }) => cells > 0);
  return {
    kind: 'lines',
    id: `coverage-${(what ?? place).replaceAll(/[^\w.-]+/g, '-')}`,
    title: `Open chromatin at ${what === undefined ? place : `${what} (${place})`}`,
    footnotes: [
      `Insertions of Tn5, ${smoothing}, per million insertions of the label's cells, so that neither the number nor the depth of cells counts.`,
      ...(genes.length === 0
        ? []
        : [`Genes here: ${genes.map(({ name, strand }) => `${name} (${strand})`).join(', ')}.`]),
      shown
        .map(
          ({ label, cells, insertions }) => `${label}: ${cellsText(cells)}, ${countText(insertions)} insertions here`,
        )
        .join('; ') + '.',
    ],
    x: { title: `Base of ${region.contig}`, unit: null, format: 'number' },
    y: { title: 'Coverage', unit, format: 'number' },
    legendTitle: 'Label',
    series: shown.map(({ label, values }) => ({
      name: label,
      colour: colours.get(label) ?? neutralColour,
      dash: 'solid',
      x: at,
      y: values.map((value) => Number(value.toPrecision(5))),
    })),
  };
}
