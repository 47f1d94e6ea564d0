import type { Scenario } from '#core/data/scenario';

export type StudyKind = 'rna' | 'atac';

export interface ScenarioCard {
  readonly title: string;
  readonly from: StudyKind;
  readonly to: StudyKind;
  /** What it is for. */
  readonly purpose: string;
  /** The scenarios of the card, each with what tells it from the others. */
  readonly choices: readonly { readonly scenario: Scenario; readonly detail: string }[];
}

/** What a person can choose, as cards: RNA → ATAC holds two choices, for cells that are the same and for others. */
export const scenarioCards: readonly ScenarioCard[] = [
  {
    title: 'RNA → ATAC',
    from: 'rna',
    to: 'atac',
    purpose: 'To label cells by their open chromatin from a labelled expression study, over the activity of genes.',
    choices: [
      { scenario: 'rna-atac', detail: 'Other cells, as of two experiments.' },
      { scenario: 'rna-atac-matched', detail: 'Both were measured in the same cells, as by multiome.' },
    ],
  },
  {
    title: 'ATAC → ATAC',
    from: 'atac',
    to: 'atac',
    purpose: 'To label cells by their open chromatin from another chromatin study that has labels.',
    choices: [{ scenario: 'atac-atac', detail: 'Over the same peaks, windows, or gene activity.' }],
  },
  {
    title: 'RNA → RNA',
    from: 'rna',
    to: 'rna',
    purpose: 'To label an expression study from another one that has labels.',
    choices: [{ scenario: 'rna-rna', detail: 'Other protocols, tissues or donors.' }],
  },
];
