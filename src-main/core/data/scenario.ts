/** What is transferred to what. */
export const scenarios = ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'] as const;
export type Scenario = (typeof scenarios)[number];

export const scenarioTitles: Readonly<Record<Scenario, string>> = {
  'rna-rna': 'RNA → RNA, across protocols',
  'rna-atac': 'RNA → ATAC, unmatched cells',
  'rna-atac-matched': 'RNA → ATAC, matched cells',
  'atac-atac': 'ATAC → ATAC',
};
