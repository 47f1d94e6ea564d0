import type { Scenario } from '#core/data/scenario';

/** A method as the window shows it: the cards, and the form of its settings. */
export interface MethodDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly source: { readonly citation: string; readonly link: string; readonly differences: string };
  readonly scenarios: readonly Scenario[];
  /** Names of the presets, `recommended` first. */
  readonly presets: readonly string[];
  readonly settings: readonly SettingDescription[];
}

export interface SettingDescription {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly group: string;
  readonly advanced: boolean;
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly choices: readonly string[] | null;
  readonly default: unknown;
  /** Scenario → preset → value, where it differs from the default. */
  readonly values: Readonly<Partial<Record<Scenario, Readonly<Record<string, unknown>>>>>;
}
