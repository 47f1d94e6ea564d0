import type { Scenario } from '../../data/scenario.ts';
import type { CdaScSettings } from './settings.ts';

type Preset = Partial<CdaScSettings>;

/** The recommended settings: the defaults. */
export function recommended(_scenario: Scenario): Preset {
  return {};
}

/** As the paper prints the method; where it gives no number, the default stays. */
export function paper(_scenario: Scenario): Preset {
  return { contrastiveReduction: 'sum', calibration: false };
}
