import type { Modality, Study } from '../data/study.ts';
import type { Scenario } from '../data/scenario.ts';

export interface ScenarioSuggestion {
  readonly scenario: Scenario;
  /** One sentence a person can check. */
  readonly reason: string;
}

/** What a suggestion looks at; a `Study` fits. */
export type ScenarioSide = Pick<Study, 'name' | 'modality' | 'cells'>;

/** Share of the query's cells that must also be in the reference for the cells to count as matched. */
const MATCHED_SHARE = 0.5;

/**
 * The scenario that fits two studies, from their modalities and, for RNA → ATAC, from whether the cells are the same
 * (at least half of the query's cell names occur in the reference). A suggestion: a person may choose another.
 */
export function suggestScenario(reference: ScenarioSide, query: ScenarioSide): ScenarioSuggestion {
  const from = isChromatin(reference.modality);
  const to = isChromatin(query.modality);
  const says = `${reference.name} holds ${modalityText[reference.modality]} and ${query.name} holds ${modalityText[query.modality]}`;
  if (!from && !to) return { scenario: 'rna-rna', reason: `${says}.` };
  if (from && to) return { scenario: 'atac-atac', reason: `${says}.` };

  const share = sharedCells(reference, query);
  const scenario = share >= MATCHED_SHARE ? 'rna-atac-matched' : 'rna-atac';
  const cells = `${Math.round(100 * share)} % of the query's cell names are also in the reference`;
  return {
    scenario,
    reason: from ? `${says}; chromatin to RNA is treated like RNA to chromatin; ${cells}.` : `${says}; ${cells}.`,
  };
}

/** What the columns of a matrix are, in words. */
export const modalityText: Readonly<Record<Modality, string>> = {
  rna: 'RNA',
  'gene-activity': 'gene activity from open chromatin',
  peaks: 'peaks of open chromatin',
  protein: 'protein',
  other: 'other features',
};

function isChromatin(modality: Modality): boolean {
  return modality === 'peaks' || modality === 'gene-activity';
}

function sharedCells(reference: ScenarioSide, query: ScenarioSide): number {
  if (query.cells.ids.length === 0) return 0;
  const known = new Set(reference.cells.ids);
  let shared = 0;
  for (const cell of query.cells.ids) if (known.has(cell)) shared++;
  return shared / query.cells.ids.length;
}
