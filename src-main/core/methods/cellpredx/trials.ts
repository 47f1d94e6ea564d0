import type { CellPredXSettings } from './settings.ts';

/**
 * What tuning tries beside the preset: a strong contrastive term with a soft comparison, as the paper has it for unmatched
 * cells; stronger weight decay; and both.
 */
export function trials(): readonly Partial<CellPredXSettings>[] {
  const strong = { contrastiveWeight: 1.2, temperature: 0.8 };
  const stiff = { weightDecay: 0.1 };
  return [strong, stiff, { ...strong, ...stiff }];
}
