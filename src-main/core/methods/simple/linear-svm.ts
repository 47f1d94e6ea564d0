import type { Method } from '../../train/method.ts';
import { restoreLinear } from './linear-model.ts';
import { type LinearMethodSettings, linearSettings } from './linear-settings.ts';
import { recommendedFeatures, simplePreparation, simpleScenarios } from './simple-settings.ts';
import { trainLinear } from './train-linear.ts';

const id = 'linear-svm';

/**
 * Linear support vector machine, each label against the rest, squared hinge. Scores are margins; confidence is
 * softmax(β·margin) with the β that fits reference cells that were left out.
 */
export const linearSvm: Method<LinearMethodSettings> = {
  id,
  group: 'simple',
  title: 'Linear support vector machine',
  summary: 'Separates each label from the others by the widest margin; often the strongest of the simple methods.',
  source: {
    citation: 'Fan et al. 2008, LIBLINEAR, JMLR 9:1871',
    link: 'https://www.jmlr.org/papers/v9/fan08a.html',
    differences:
      'Solved in its primal form; C by threefold cross-validation in the reference; margins become confidences by the sharpness that fits reference cells left out.',
  },
  scenarios: simpleScenarios,
  settings: linearSettings,
  preset: recommendedFeatures,
  presets: {},
  preparation: simplePreparation,
  train: (pair, settings, context) => trainLinear(id, 'squared-hinge', pair, settings, context),
  restore: (saved) => restoreLinear(id, saved),
};
