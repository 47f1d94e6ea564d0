import { AppError } from '../base/app-error.ts';
import type { Scenario } from '../data/scenario.ts';
import type { Method, MethodGroup } from '../train/method.ts';
import { auto } from './auto/index.ts';
import { cdaSc } from './cda-sc/index.ts';
import { cellPredX } from './cellpredx/index.ts';
import { kida } from './kida/index.ts';
import { semiLT } from './semilt/index.ts';
import { simpleMethods } from './simple/index.ts';
import { presetNames, presetSettings, settingsSchema } from './method-settings.ts';

export { resolveSettings } from './resolve-settings.ts';

/** Every method the application offers, the first one being the default. */
export const methods: readonly Method[] = [cellPredX, auto, cdaSc, semiLT, kida, ...simpleMethods];

/** The method of that id; refused, naming those that exist, where there is none. */
export function methodById(id: string): Method {
  const method = methods.find((candidate) => candidate.id === id);
  if (method === undefined) {
    throw new AppError('training.no-such-method', { method: id, known: methods.map((known) => known.id) });
  }
  return method;
}

/** A method as plain JSON, for the command line and the settings form. */
export interface MethodDescription {
  readonly id: string;
  readonly group: MethodGroup | null;
  readonly title: string;
  readonly summary: string;
  readonly source: Method['source'];
  readonly scenarios: readonly Scenario[];
  /** Why it is offered for these scenarios only: completes "… is not made for …, because"; null where it is offered for all. */
  readonly limits: string | null;
  /** Confidence that a cell must exceed to show its label; null where the method names none. */
  readonly threshold: number | null;
  /** Whether it needs a library of gene sets. */
  readonly geneSets: boolean;
  /** Whether it has settings that tuning can try. */
  readonly tunable: boolean;
  /** JSON Schema of the settings: type, limits, default, description, and `title`, `group`, `advanced`, `source`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Preset → scenario → all settings as that preset has them. */
  readonly presets: Readonly<Record<string, Readonly<Partial<Record<Scenario, unknown>>>>>;
}

/** All methods with their settings, limits and presets per scenario. */
export function describeMethods(): readonly MethodDescription[] {
  return methods.map((method) => ({
    id: method.id,
    group: method.group ?? null,
    title: method.title,
    summary: method.summary,
    source: method.source,
    scenarios: method.scenarios,
    limits: method.limits ?? null,
    threshold: method.threshold ?? null,
    geneSets: method.geneSets === true,
    tunable: method.tuning !== undefined,
    settings: settingsSchema(method),
    presets: Object.fromEntries(
      presetNames(method).map((preset) => [
        preset,
        Object.fromEntries(
          method.scenarios.map((scenario) => [
            scenario,
            method.settings.parse(presetSettings(method, scenario, preset)),
          ]),
        ),
      ]),
    ),
  }));
}
