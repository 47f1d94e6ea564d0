import type { TuningChoices } from '../../train/method.ts';
import type { CellPredXSettings } from './settings.ts';

/** Steps of a trial at most. */
const TRIAL_STEPS = 300;

/**
 * What tuning tries beside the preset: a strong contrastive term with a soft comparison, as the paper has it for unmatched
 * cells; stronger weight decay; and both.
 */
export const tuning: TuningChoices<CellPredXSettings> = {
  trials: () => {
    const strong = { contrastiveWeight: 1.2, temperature: 0.8 };
    const stiff = { weightDecay: 0.1 };
    return [strong, stiff, { ...strong, ...stiff }];
  },
  shortened: (settings) => ({ ...settings, steps: Math.min(settings.steps, TRIAL_STEPS) }),
};
