/** What one finished combination of a benchmark left: a pair, a method with its settings, a seed, and the scores. */
export interface BenchmarkScore {
  readonly pair: string;
  /** Pairs of one study are the directions of one box. */
  readonly study: string;
  /** What the features are, e.g. peaks or gene activity, where representations are compared. */
  readonly representation: string | null;
  /** The name under which the method with these settings is shown. */
  readonly method: string;
  readonly methodId: string;
  readonly seed: number;
  /** Settings that were varied, by name; null for a method as it is. */
  readonly varied: Readonly<Record<string, number | string | boolean | null>> | null;
  /** The method of which this one lacks a part; null for a method of its own. */
  readonly ablates: string | null;
  readonly runId: string;
  readonly engine: string;
  readonly cellsScored: number;
  readonly features: number;
  readonly steps: number;
  readonly measures: Readonly<Record<Measure, number | null>>;
  /** Wall seconds. */
  readonly seconds: {
    readonly prepare: number;
    readonly train: number;
    readonly predict: number;
    readonly total: number;
  };
  readonly peakBytes: number;
  readonly keyGenes: readonly {
    readonly label: string;
    readonly rate: number | null;
    readonly expectedRate: number | null;
  }[];
}

/** Measures in the order of the tables; all of them are better when larger. */
export const measures = [
  'accuracy',
  'macro_f1',
  'macro_f1_union',
  'overall_accuracy',
  'weighted_f1',
  'ari',
  'nmi',
  'ami',
  'novelty_auroc',
  'novelty_aupr',
  'oscr',
  'rare_f1_below_10',
  'rare_f1_below_5',
  'rare_f1_below_3',
  'rare_f1_below_1',
  'key_gene_hit_rate',
] as const;
export type Measure = (typeof measures)[number];

/** What a reader calls each measure. */
export const measureTitles: Readonly<Record<Measure, string>> = {
  accuracy: 'Accuracy',
  macro_f1: 'Macro-F1',
  macro_f1_union: 'Macro-F1 (with labels that are never true)',
  overall_accuracy: 'Accuracy, novel cells as errors',
  weighted_f1: 'Weighted F1',
  ari: 'ARI',
  nmi: 'NMI',
  ami: 'AMI',
  novelty_auroc: 'AUROC of novelty',
  novelty_aupr: 'AUPR of novelty',
  oscr: 'OSCR',
  rare_f1_below_10: 'F1 of labels under 10 %',
  rare_f1_below_5: 'F1 of labels under 5 %',
  rare_f1_below_3: 'F1 of labels under 3 %',
  rare_f1_below_1: 'F1 of labels under 1 %',
  key_gene_hit_rate: 'Key gene hit rate',
};
