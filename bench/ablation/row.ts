import type { Scenario } from '#core/data/scenario';
import type { SimulationOptions } from '#core/simulate/simulated-pair';
import type { MeasureName } from './measures.ts';

/** One experiment: a method on a simulated pair, in full and with something removed or changed. */
export interface AblationRow {
  /** Short name by which the row is asked for, unique. */
  readonly id: string;
  readonly method: 'cellpredx' | 'kida' | 'cda-sc' | 'semilt';
  /** What is removed or changed. */
  readonly title: string;
  /** What is particular about the data. */
  readonly twist: string;
  readonly scenario: Scenario;
  readonly simulation: Partial<SimulationOptions>;
  /** Settings of the full method; what is not named has its default. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By name, what is different from `full`. */
  readonly variants: Readonly<Record<string, Variant>>;
  readonly checks: readonly Check[];
}

export interface Variant {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly simulation?: Partial<SimulationOptions>;
}

/** A number of a variant on one seed. */
export type At = (variant: string, measure: MeasureName) => number;

/** Two numbers per seed, and which way the second must lie. */
export interface Check {
  readonly name: string;
  readonly full: (at: At) => number;
  readonly changed: (at: At) => number;
  /** What `changed` must be, compared with `full`. */
  readonly expected: 'lower' | 'higher';
}

/** The variant must make this measure worse. @param higher whether higher is worse */
export function worse(measure: MeasureName, { variant = 'changed', higher = false } = {}): Check {
  return {
    name: variant === 'changed' ? measure : `${measure} (${variant})`,
    full: (at) => at('full', measure),
    changed: (at) => at(variant, measure),
    expected: higher ? 'higher' : 'lower',
  };
}

/** A check on one seed after the other. */
export interface Verdict {
  readonly name: string;
  readonly full: number;
  readonly changed: number;
  /** Mean of changed − full over the seeds. */
  readonly difference: number;
  /** One of + − 0 per seed: the sign of changed − full. */
  readonly signs: string;
  readonly expected: '+' | '−';
  /** Seeds with the expected sign. */
  readonly agreeing: number;
  readonly holds: boolean;
}

/** Share of the seeds that must show the expected sign: 4 of 5. */
export const NEEDED_SHARE = 0.8;

/** What the numbers of all seeds say of a check. A number that is not defined agrees with nothing. @param seeds per seed, its numbers */
export function verdictOf(check: Check, seeds: readonly At[]): Verdict {
  const pairs = seeds.map((at) => ({ full: check.full(at), changed: check.changed(at) }));
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const signs = pairs.map(({ full, changed }) => (changed > full ? '+' : changed < full ? '−' : '0'));
  const expected = check.expected === 'higher' ? '+' : '−';
  const agreeing = signs.filter((sign) => sign === expected).length;
  return {
    name: check.name,
    full: mean(({ full }) => full),
    changed: mean(({ changed }) => changed),
    difference: mean(({ full, changed }) => changed - full),
    signs: signs.join(''),
    expected,
    agreeing,
    holds: agreeing >= Math.ceil(NEEDED_SHARE * seeds.length),
  };
}
