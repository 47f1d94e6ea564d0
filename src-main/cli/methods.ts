import { describeMethods } from '#core/methods/list';
import type { ParsedArguments } from './arguments.ts';

/** `cellpredx methods`: what each method is, its settings with range, default and meaning, its presets per scenario. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const methods = describeMethods();
  if (parsed.flag('json')) {
    process.stdout.write(`${JSON.stringify(methods, null, 2)}\n`);
    return 0;
  }
  for (const [place, method] of methods.entries()) {
    if (method.group === 'simple' && methods[place - 1]?.group !== 'simple') {
      process.stdout.write('\nSimple methods: well-known classifiers that any other method must beat.\n\n');
    }
    process.stdout.write(
      `${method.id}: ${method.title}\n${method.summary}\n${method.source.citation} ${method.source.link}\n\n`,
    );
    process.stdout.write(`${settingLines(method.settings)}\n`);
    for (const [preset, byScenario] of Object.entries(method.presets)) {
      for (const [scenario, values] of Object.entries(byScenario)) {
        const text = differences(method.settings, values as Record<string, unknown>);
        process.stdout.write(`preset ${preset}, ${scenario}: ${text.join(' ') || 'the defaults'}\n`);
      }
    }
  }
  return 0;
}

/** The settings of a preset that are not the default of the schema. */
function differences(schema: unknown, values: Readonly<Record<string, unknown>>): string[] {
  const { properties = {} } = schema as { properties?: Record<string, SettingSchema> };
  return Object.entries(values)
    .filter(([name, value]) => properties[name]?.default !== value)
    .map(([name, value]) => `${name}=${String(value)}`);
}

interface SettingSchema {
  readonly anyOf?: readonly SettingSchema[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** One line per setting of a JSON Schema. */
function settingLines(schema: unknown): string {
  const { properties = {} } = schema as { properties?: Record<string, SettingSchema> };
  const width = Math.max(...Object.keys(properties).map((name) => name.length));
  return Object.entries(properties)
    .map(([name, s]) => `  ${name.padEnd(width)}  ${rangeOf(s)}, default ${String(s.default)}: ${s.description ?? ''}`)
    .join('\n');
}

function rangeOf(schema: SettingSchema): string {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((part) => (part.type === 'null' ? 'null' : rangeOf(part))).join(' | ');
  }
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if (schema.minimum === undefined && schema.maximum === undefined) return schema.type ?? 'value';
  return `${schema.minimum ?? ''}…${schema.maximum !== undefined && schema.maximum < 2 ** 31 ? schema.maximum : ''}`;
}
