import { AppError } from '../base/app-error.ts';
import type { Scenario } from '../data/scenario.ts';
import type { Method } from '../train/method.ts';
import { presetSettings, settingsSchema } from './method-settings.ts';

/**
 * All settings of a run: the defaults of the method, over them the preset for the scenario, over that the overrides.
 *
 * A text given for a setting that is no text (as on a command line, `steps=200`) is read as the number, `true`, `false`
 * or `null` it spells. An unknown name or a value outside the limits is refused with the name, the value and what is allowed.
 */
export function resolveSettings<Settings>(
  method: Method<Settings>,
  scenario: Scenario,
  preset: string,
  overrides: Readonly<Record<string, unknown>>,
): Settings {
  const schema = propertiesOf(method as Method);
  const chosen: Record<string, unknown> = { ...presetSettings(method as Method, scenario, preset) };
  for (const [name, value] of Object.entries(overrides)) {
    const property = schema[name];
    if (property === undefined) {
      throw new AppError('training.no-such-setting', {
        method: method.title,
        setting: name,
        known: Object.keys(schema),
      });
    }
    chosen[name] = typeof value === 'string' && !takesText(property) ? fromText(value) : value;
  }
  const checked = method.settings.safeParse(chosen);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  const name = String(issue.path[0] ?? '');
  throw new AppError('training.setting-out-of-range', {
    method: method.title,
    setting: name,
    value: JSON.stringify(overrides[name] ?? chosen[name]) ?? 'missing',
    allowed: schema[name] === undefined ? issue.message : allowedValues(schema[name]),
  });
}

/** One setting in JSON Schema, as far as limits go. */
interface Property {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly anyOf?: readonly Property[];
}

function propertiesOf(method: Method): Readonly<Record<string, Property>> {
  return settingsSchema(method)['properties'] as Readonly<Record<string, Property>>;
}

function takesText(property: Property): boolean {
  return property.type === 'string' || property.enum !== undefined || (property.anyOf ?? []).some(takesText);
}

function fromText(text: string): unknown {
  if (text === 'true' || text === 'false' || text === 'null') return JSON.parse(text);
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The limits in words, e.g. "a whole number from 8 to 512, or none". */
export function allowedValues(property: Property): string {
  if (property.anyOf !== undefined) return property.anyOf.map(allowedValues).join(', or ');
  if (property.enum !== undefined) return `one of ${property.enum.join(', ')}`;
  if (property.type === 'boolean') return 'true or false';
  if (property.type === 'null') return 'none (null)';
  const kind = property.type === 'integer' ? 'a whole number' : 'a number';
  const low = property.minimum ?? property.exclusiveMinimum;
  const high = property.maximum ?? property.exclusiveMaximum;
  const from = low === undefined ? '' : property.minimum === undefined ? ` above ${low}` : ` from ${low}`;
  const to = high === undefined ? '' : property.maximum === undefined ? ` below ${high}` : ` to ${high}`;
  return kind + from + to;
}
