/** A feature that decided for a label, with how often and how strongly. Plain data. */
export interface DeterminantFeature {
  readonly label: string;
  /** 1 is the feature found in most cells of the label. */
  readonly rank: number;
  readonly feature: string;
  /** Cells of the label that have the feature among their strongest. */
  readonly cells: number;
  /** `cells` divided by the cells of the label that were looked at, 0…1. */
  readonly fraction: number;
  /** Mean attribution over all cells of the label that were looked at (probability; zero where the feature is absent). */
  readonly meanAttribution: number;
  /** log₂ of (1 + mean counts per 10⁴) in the label over the same in all other query cells; null if there are no others. */
  readonly logFoldChange: number | null;
  /** Fraction of the cells of the label with a count above zero, 0…1. */
  readonly detectionRate: number;
}
