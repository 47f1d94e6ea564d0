import type { CancelSignal } from '../base/cancel.ts';
import type { PreparationChoices } from '../data/preparation-choices.ts';
import type { Scenario } from '../data/scenario.ts';
import type { Study } from '../data/study.ts';
import type { NeighbourSearch } from './neighbour-search.ts';

export interface PairInput {
  readonly reference: Study;
  readonly query: Study;
  /** The query's own peaks (same cells, matched by name): its neighbour graph is made from them. */
  readonly queryPeaks?: Study;
  /** Column of the reference's cells that holds the labels. */
  readonly labelColumn: string;
  readonly scenario: Scenario;
  readonly choices: PreparationChoices;
  readonly seed: number;
  readonly neighbours: NeighbourSearch;
  readonly signal?: CancelSignal;
  /** Fraction done, 0…1, and what is being done. Work waits for a promise given back. */
  readonly progress?: (fraction: number, text: string) => void | Promise<void>;
}
