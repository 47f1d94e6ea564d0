import { AppError } from '#core/base/app-error';
import { describeMethods, type MethodDescription as Described, methodById } from '#core/methods/list';
import { resolveSettings } from '#core/methods/resolve-settings';
import { canTune } from '#core/methods/tuning/tune';
import type { MethodDescription, SettingDescription } from '#contract/descriptions';
import type { MethodService } from './services.ts';

/** The methods and their settings. */
export function methodService(): MethodService {
  return {
    list: async () => describeMethods().map(describe),
    async check(request) {
      const method = methodById(request.method);
      const scenario = request.scenario === 'auto' ? method.scenarios[0]! : request.scenario;
      resolveSettings(method, scenario, request.preset, request.settings);
      if (request.tune && !canTune(method)) throw new AppError('training.nothing-to-tune', { method: method.title });
    },
  };
}

/** One setting in JSON Schema, with what the method says of it beside the limits. */
interface Property {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly title?: string;
  readonly group?: string;
  readonly advanced?: boolean;
  readonly source?: string;
}

function describe(method: Described): MethodDescription {
  const properties = method.settings['properties'] as Readonly<Record<string, Property>>;
  return {
    id: method.id,
    group: method.group,
    title: method.title,
    summary: method.summary,
    source: method.source,
    scenarios: method.scenarios,
    limits: method.limits,
    threshold: method.threshold,
    geneSets: method.geneSets,
    presets: Object.keys(method.presets),
    tunable: method.tunable,
    settings: Object.entries(properties).map(([name, property]) => settingOf(name, property, method)),
  };
}

function settingOf(name: string, property: Property, method: Described): SettingDescription {
  const parts = property.anyOf ?? [property];
  const value = parts.find((part) => part.type !== 'null') ?? property;
  return {
    name,
    title: property.title ?? name,
    help: property.description ?? '',
    group: property.group ?? '',
    advanced: property.advanced ?? false,
    source: property.source ?? null,
    kind: kindOf(value),
    nullable: parts.some((part) => part.type === 'null'),
    minimum: limit(value.minimum ?? value.exclusiveMinimum),
    maximum: limit(value.maximum ?? value.exclusiveMaximum),
    choices: value.enum === undefined ? null : value.enum.map(String),
    default: property.default ?? null,
    values: Object.fromEntries(
      method.scenarios.map((scenario) => [
        scenario,
        Object.fromEntries(
          Object.entries(method.presets).map(([preset, settings]) => [
            preset,
            (settings[scenario] as Record<string, unknown>)[name] ?? null,
          ]),
        ),
      ]),
    ),
  };
}

function kindOf({ type, enum: choices }: Property): SettingDescription['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'integer' || type === 'boolean' || type === 'number') return type;
  return 'text';
}

/** A schema writes "any whole number" as the largest safe one; that is no limit. */
function limit(value: number | undefined): number | null {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;
}
