import type { LineFigure } from './figure-data.ts';
import { countText } from './number-text.ts';
import { palette } from './palette.ts';

/** What `callCells` tells of the barcodes of a fragment file. */
export interface RankedBarcodes {
  /** Ranks of barcodes by their fragments, 1 the fullest, and these fragments. */
  readonly curve: { readonly rank: readonly number[]; readonly fragments: readonly number[] };
  readonly threshold: number;
  readonly knee: { readonly rank: number; readonly fragments: number } | null;
  readonly cells: { readonly length: number };
  readonly reason: string;
  /** Name of the fragments file, where there may be several. */
  readonly file?: string;
}

/**
 * Fragments per barcode by rank, both as powers of ten, with the threshold from which barcodes are cells.
 * @param place of the file among several, 0 the first: figures of one run have different ids
 */
export function barcodeRankFigure(
  { curve, threshold, knee, cells, reason, file }: RankedBarcodes,
  place = 0,
): LineFigure {
  const log = (values: readonly number[]): number[] => values.map((value) => Number(Math.log10(value).toFixed(4)));
  const line = (name: string, colour: string, dash: 'solid' | 'dashed' | 'dotted', x: number[], y: number[]) => ({
    ...{ name, colour, dash },
    x: log(x),
    y: log(y),
  });
  const [first, last] = [curve.rank[0]!, curve.rank.at(-1)!];
  const series = [
    line('barcodes', palette[0]!, 'solid', [...curve.rank], [...curve.fragments]),
    line(
      `threshold, ${countText(threshold)} fragments`,
      palette[1]!,
      'dashed',
      [first, last],
      [threshold, threshold].map((value) => Math.max(1, value)),
    ),
  ];
  if (knee !== null) {
    series.push(line('knee', palette[2]!, 'dotted', [knee.rank, knee.rank], [knee.fragments, curve.fragments.at(-1)!]));
  }
  return {
    kind: 'lines',
    id: place === 0 ? 'fragments-per-barcode' : `fragments-per-barcode-${place + 1}`,
    title: file === undefined ? 'Fragments per barcode' : `Fragments per barcode, ${file}`,
    footnotes: [`${countText(cells.length)} barcodes are cells. ${reason}`],
    x: { title: 'Rank of the barcode', unit: 'power of ten', format: 'number' },
    y: { title: 'Fragments', unit: 'power of ten', format: 'number' },
    legendTitle: '',
    series,
  };
}
