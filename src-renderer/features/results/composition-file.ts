import type { ChartTheme } from '#charts/chart-theme';
import { type ChartFile, figureFile } from '#charts/export/chart-file';
import { figureSvg } from '#charts/figure-svg';
import type { BarFigure } from '#core/figures/figure-data';
import { queryColour, referenceColour } from '#core/figures/label-colours';
import { count, counted, percent } from '../../ui/format.ts';

export interface CompositionShare {
  readonly label: string;
  /** Null for Unknown, which the reference does not have. */
  readonly referenceCells: number | null;
  readonly cells: number;
}

/** The composition of both sides as a file: two bars a label, at the threshold that is set now. */
export function compositionFile(rows: readonly CompositionShare[], threshold: number, theme: ChartTheme): ChartFile {
  const side = (name: string, colour: string, cells: readonly (number | null)[]): BarFigure['series'][number] => {
    const total = cells.reduce<number>((sum, own) => sum + (own ?? 0), 0);
    return {
      name: `${name} (${counted(total, 'cell')})`,
      colour,
      values: cells.map((own) => (own === null || total === 0 ? null : own / total)),
      texts: cells.map((own) => (own === null || total === 0 ? '' : `${percent(own / total)} (${count(own)})`)),
    };
  };
  const figure: BarFigure = {
    kind: 'bars',
    id: 'label-composition-as-shown',
    title: 'Label composition',
    footnotes: [`Query cells with a confidence up to ${percent(threshold)} are shown as Unknown.`],
    categories: rows.map((row) => row.label),
    categoryTitle: 'Label',
    value: { title: 'Share of cells', unit: null, format: 'fraction' },
    legendTitle: 'Study',
    series: [
      side(
        'Reference',
        referenceColour,
        rows.map((row) => row.referenceCells),
      ),
      side(
        'Query',
        queryColour,
        rows.map((row) => row.cells),
      ),
    ],
  };
  return figureFile(figure, () => figureSvg(figure, { theme }));
}
