import type { TuningChoices } from '../../train/method.ts';
import type { SemiLTSettings } from './settings.ts';

/** Passes and least steps of a trial at most. */
const TRIAL_PASSES = 10;
const TRIAL_STEPS = 150;

/** What tuning tries beside the preset: log-normalised input, scores of neighbours and centres in equal parts, and both. */
export const tuning: TuningChoices<SemiLTSettings> = {
  trials: () => {
    const input = { transform: 'lognorm' } as const;
    const scores = { centroidShare: 0.5 };
    return [input, scores, { ...input, ...scores }];
  },
  shortened: (settings) => ({
    ...settings,
    epochs: Math.min(settings.epochs, TRIAL_PASSES),
    leastSteps: Math.min(settings.leastSteps, TRIAL_STEPS),
  }),
};
