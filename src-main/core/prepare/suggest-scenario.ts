import type { Scenario } from '../data/scenario.ts';

export interface ScenarioSuggestion {
  readonly scenario: Scenario;
  /** One sentence a person can check. */
  readonly reason: string;
}
