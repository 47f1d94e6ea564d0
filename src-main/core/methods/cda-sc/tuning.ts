import type { TuningChoices } from '../../train/method.ts';
import type { CdaScSettings } from './settings.ts';

/** Steps of a trial at most. */
const TRIAL_STEPS = 600;

/**
 * What tuning tries beside the preset: differences between the studies removed less strongly, as where they hold different cells;
 * a weaker and a stronger contrastive term, the ends of the range in which the paper finds the method stable (β from 0.1 to 1).
 */
export const tuning: TuningChoices<CdaScSettings> = {
  trials: () => [{ adversarialStrength: 0.3 }, { contrastiveWeight: 0.1 }, { contrastiveWeight: 1 }],
  shortened: (settings) => ({ ...settings, maxSteps: Math.min(settings.maxSteps, TRIAL_STEPS) }),
};
