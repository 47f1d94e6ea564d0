import type { Result } from '#contract/requests';
import type { Scenario } from '#core/data/scenario';
import { choiceTitle } from './choice-titles.ts';

export type Setting = Result<'methods:list'>[number]['settings'][number];

/** The value a setting has when nobody changes it. Before the scenario is known only the method's default can be told. */
export function presetValue(setting: Setting, scenario: 'auto' | Scenario, preset: string): unknown {
  if (scenario === 'auto') return setting.default;
  const values = setting.values[scenario];
  return values !== undefined && preset in values ? values[preset] : setting.default;
}

/** What is wrong with a typed number, or null. The services check it again. */
export function numberProblem(setting: Setting, text: string): string | null {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'This must be a number.';
  if (setting.kind === 'integer' && !Number.isInteger(value)) return 'This must be a whole number.';
  if (setting.minimum !== null && value < setting.minimum) return `This must be at least ${plain(setting.minimum)}.`;
  if (setting.maximum !== null && value > setting.maximum) return `This must be at most ${plain(setting.maximum)}.`;
  return null;
}

/** What may be typed: "1 to 100,000"; empty without bounds. */
export function rangeOf({ minimum, maximum }: Pick<Setting, 'minimum' | 'maximum'>): string {
  if (minimum !== null && maximum !== null) return `${plain(minimum)} to ${plain(maximum)}`;
  if (minimum !== null) return `from ${plain(minimum)}`;
  return maximum !== null ? `up to ${plain(maximum)}` : '';
}

/** All digits, thousands parted. */
function plain(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 15 });
}

/** Settings by group, groups in order of appearance. */
export function byGroup(settings: readonly Setting[]): readonly (readonly [string, readonly Setting[]])[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  return [...groups];
}

export function written(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

/** A value of a setting in words: a choice by its title. */
export function valueText({ kind }: Pick<Setting, 'kind'>, value: unknown): string {
  return kind === 'choice' && typeof value === 'string' ? choiceTitle(value) : written(value);
}

/** Where a setting and its default come from; what the application decided itself is said so. */
export function sourceText({ source }: Pick<Setting, 'source'>): string | null {
  if (source === null) return null;
  return source === 'ours' ? 'Source: chosen for this application' : `Source: ${source}`;
}
