import { basename } from 'node:path';
import type { CancelSignal } from '#core/base/cancel';
import { genesToCount } from '#core/chromatin/gene-model';
import type { CellTable, FeatureTable, Modality, Species } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import { cellLabels } from './cell-labels.ts';
import { chosenGenes } from './chosen-genes.ts';
import { geneFeatures } from './column-counter.ts';
import { fragmentColumns } from './fragment-columns.ts';
import { fragmentCells } from './fragment-cells.ts';
import { lookAtFragments } from './look-at-fragments.ts';
import { speciesOf } from './genome-of-fragments.ts';
import { readFragmentsStudy } from './read-fragments-study.ts';

/** A counted study without its matrix. */
export interface FragmentTables {
  readonly name: string;
  readonly modality: Modality;
  readonly species: Species;
  readonly cells: CellTable;
  readonly features: FeatureTable;
}

export interface FragmentTableOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1, where the file is read once. */
  readonly progress?: ((fraction: number) => void) | undefined;
}

/**
 * The cells and features that `readFragmentsStudy` gives, without the quality of the cells. Gene activity is not counted for
 * it: where the cells are listed, this takes a moment; otherwise the file is read once, as for windows and peaks.
 */
export async function fragmentTables(
  choice: StudyChoice,
  { signal, progress }: FragmentTableOptions,
): Promise<FragmentTables> {
  const columns = fragmentColumns(choice);
  if (columns.kind !== 'gene-activity') return (await readFragmentsStudy(choice, { signal, progress })).study;
  const name = basename(choice.path);
  const look = await lookAtFragments(choice.path, { signal });
  const signs = { name, places: look.places, headers: look.report.headers };
  const { genes, build } = await chosenGenes(choice.chromatin?.annotation, signs, signal);
  const { table } = await fragmentCells(choice, look, { signal, progress });
  const cells = await cellLabels(table, choice);
  return { name, species: speciesOf(build), cells, ...geneFeatures(genesToCount(genes)) };
}
