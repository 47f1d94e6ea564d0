import { z } from 'zod';
import type { Scenario } from '../../data/scenario.ts';
import { type PreparationChoices, transforms } from '../../train/method.ts';

/** Scenarios of every simple method: none of them looks at where the values come from. */
export const simpleScenarios: readonly Scenario[] = ['rna-rna', 'rna-atac', 'rna-atac-matched', 'atac-atac'];

/** What a form shows beside a setting. */
export function meta(title: string, group: string, advanced = true): Record<string, unknown> {
  return { title, group, advanced, source: 'ours' };
}

/** How counts become input. */
export const transformSetting = z
  .enum(transforms)
  .default('lognorm-scaled')
  .describe(
    'How counts become input: present or absent, log-normalised per cell, log only, log-normalised and scaled per feature within each study, or unchanged.',
  )
  .meta(meta('Input', 'Input'));

/** How many features are looked at. */
export const variableFeaturesSetting = z
  .int()
  .min(10)
  .max(1_000_000)
  .nullable()
  .default(3000)
  .describe(
    'Shared features that are looked at: those of largest variance in the log-normalised reference; none for all.',
  )
  .meta(meta('Variable features', 'Input', false));

/** How many reference cells take part, where the time grows with them. */
export const referenceCellsSetting = z
  .int()
  .min(100)
  .max(1_000_000)
  .default(20_000)
  .describe('Reference cells that are used at most; of a larger reference a random part, small labels whole.')
  .meta(meta('Reference cells', 'Reference'));

/** The settings of a method that looks at features, and no others. */
export interface FeatureSettings {
  readonly variableFeatures: number | null;
}

/** Peaks are many and each says little, so more of them are looked at. */
export function recommendedFeatures(scenario: Scenario): { variableFeatures?: number } {
  return scenario === 'atac-atac' ? { variableFeatures: 5000 } : {};
}

/** Values as set, all shared features, and no neighbour graph, since none of these methods looks at one. */
export function simplePreparation(settings: {
  readonly transform: PreparationChoices['transform'];
}): PreparationChoices {
  return { transform: settings.transform, topFeatures: null, neighbours: 0, distance: 'euclidean' };
}
