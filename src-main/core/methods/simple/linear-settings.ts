import { z } from 'zod';
import { meta, referenceCellsSetting, transformSetting, variableFeaturesSetting } from './simple-settings.ts';

/** Settings of both linear classifiers. */
export const linearSettings = z.strictObject({
  transform: transformSetting,
  variableFeatures: variableFeaturesSetting,
  referenceCells: referenceCellsSetting,
  penalty: z
    .number()
    .min(0.000001)
    .max(1000)
    .nullable()
    .default(null)
    .describe(
      'C, how closely the reference is fitted; none chooses among 0.00001 … 1 by cross-validation in the reference.',
    )
    .meta(meta('C', 'Fit', false)),
});
export type LinearMethodSettings = z.output<typeof linearSettings>;
