import type { Scenario } from '#core/data/scenario';

/** A method as the window shows it: the cards, and the form of its settings. */
export interface MethodDescription {
  readonly id: string;
  /** The heading it is shown under; null for the methods that come first, without one. */
  readonly group: 'simple' | null;
  readonly title: string;
  readonly summary: string;
  readonly source: { readonly citation: string; readonly link: string; readonly differences: string };
  readonly scenarios: readonly Scenario[];
  /** Why it is offered for these scenarios only, as the end of a sentence; null or absent where it is offered for all. */
  readonly limits?: string | null;
  /** Confidence that a cell must exceed to show its label; null where the method names none. */
  readonly threshold?: number | null;
  /** Whether it reads cells through gene sets, which a person may choose. */
  readonly geneSets?: boolean;
  /** Names of the presets, `recommended` first. */
  readonly presets: readonly string[];
  /** Whether it has settings that tuning can try. */
  readonly tunable: boolean;
  readonly settings: readonly SettingDescription[];
}

export interface SettingDescription {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly group: string;
  readonly advanced: boolean;
  /** Paper or code the default comes from. */
  readonly source: string | null;
  readonly kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text';
  /** Whether "none" (null) is a value. */
  readonly nullable: boolean;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly choices: readonly string[] | null;
  readonly default: unknown;
  /** Scenario → preset → the value it has there. */
  readonly values: Readonly<Partial<Record<Scenario, Readonly<Record<string, unknown>>>>>;
}
