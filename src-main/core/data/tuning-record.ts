/** The settings that were tried for a pair of studies, and what spoke for them without any label of the query. */
export interface TuningRecord {
  /** The first are the settings that were begun with. */
  readonly trials: readonly TuningTrial[];
  /** What another score must exceed the first one's by to be taken: its standard error. */
  readonly margin: number;
  /** Place of the trial that was taken. */
  readonly chosen: number;
}

/** One trial. */
export interface TuningTrial {
  /** The settings that differ from those begun with. */
  readonly changes: Readonly<Record<string, unknown>>;
  /** How far neighbours in the query share a label, beyond chance: 1 always, 0 as by chance. */
  readonly neighbours: number;
  /** Mean over the reference's labels of the share of cells, 0…1, that the query's predicted labels find again. */
  readonly reverse: number;
  /** What is made as large as possible: the mean of both. */
  readonly score: number;
}
