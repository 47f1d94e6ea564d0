import type { Method } from '../../train/method.ts';
import { restoreLinear } from './linear-model.ts';
import { type LinearMethodSettings, linearSettings } from './linear-settings.ts';
import { recommendedFeatures, simplePreparation, simpleScenarios } from './simple-settings.ts';
import { trainLinear } from './train-linear.ts';

const id = 'logistic-regression';

/** Multinomial logistic regression with a ridge penalty. Confidence is its probability, as it is. */
export const logisticRegression: Method<LinearMethodSettings> = {
  id,
  group: 'simple',
  title: 'Logistic regression',
  summary: 'Weighs all features at once to tell the labels apart; its confidence is a probability.',
  source: {
    citation: 'Cox 1958, J R Stat Soc B; as in Pedregosa et al. 2011, scikit-learn',
    link: 'https://doi.org/10.1111/j.2517-6161.1958.tb00292.x',
    differences: 'Ridge penalty on the weights alone; C by threefold cross-validation in the reference.',
  },
  scenarios: simpleScenarios,
  settings: linearSettings,
  preset: recommendedFeatures,
  presets: {},
  preparation: simplePreparation,
  train: (pair, settings, context) => trainLinear(id, 'softmax', pair, settings, context),
  restore: (saved) => restoreLinear(id, saved),
};
