import type { CellQuality } from '#core/chromatin/cell-quality';
import type { Column } from '#core/data/column';
import type { CellTable } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import { cellLabels } from './cell-labels.ts';

/**
 * The cells with the columns of their list, those of the labels file and their quality: `n_fragments`, `tss_enrichment` and
 * `frip`, the share of insertions in peaks, where they were counted. A column of the person's goes before one of these with
 * the same name, which is then called "NAME (study)". Throws what `cellLabels` throws.
 *
 * @param table cells with the columns of their list
 * @param join whether the labels file is joined
 */
export async function cellsWithQuality(
  table: CellTable,
  { fragments, tssEnrichment, shareInPeaks }: CellQuality,
  choice: StudyChoice,
  join: boolean,
): Promise<CellTable> {
  const number = (values: Float64Array): Column => ({ kind: 'number', values });
  const counted: [string, Column][] = [['n_fragments', number(fragments)]];
  if (tssEnrichment !== null) counted.push(['tss_enrichment', number(tssEnrichment)]);
  if (shareInPeaks !== null) counted.push(['frip', number(shareInPeaks)]);
  const listed = join ? await cellLabels(table, choice) : table;
  const columns = new Map<string, Column>();
  for (const [name, column] of counted) columns.set(listed.columns.has(name) ? `${name} (study)` : name, column);
  for (const [name, column] of listed.columns) columns.set(name, column);
  return { ids: table.ids, columns };
}
