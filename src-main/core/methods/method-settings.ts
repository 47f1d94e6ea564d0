import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import type { Scenario } from '../data/scenario.ts';
import type { Method } from '../train/method.ts';

/** The settings of a method as JSON Schema. */
export function settingsSchema(method: Method): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(method.settings, { io: 'input' });
}

/** The presets of a method: `recommended` and those it names itself. */
export function presetNames(method: Method): readonly string[] {
  return ['recommended', ...Object.keys(method.presets)];
}

/** What a preset sets, before the defaults of the schema fill the rest; refused where the method or scenario has no such preset. */
export function presetSettings(method: Method, scenario: Scenario, preset: string): Readonly<Record<string, unknown>> {
  if (!method.scenarios.includes(scenario)) {
    throw new AppError('training.scenario-not-offered', {
      method: method.title,
      scenario,
      offered: method.scenarios,
      because: method.limits,
    });
  }
  const named = preset === 'recommended' ? method.preset.bind(method) : method.presets[preset];
  if (named === undefined) {
    throw new AppError('training.no-such-preset', { method: method.title, preset, known: presetNames(method) });
  }
  return named(scenario) as Readonly<Record<string, unknown>>;
}
