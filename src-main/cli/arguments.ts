import { AppError } from '#core/base/app-error';

/** What one option of a command takes. `list` takes one value or more and may be repeated. */
export interface OptionSpec {
  readonly takes: 'flag' | 'value' | 'list';
  /** What stands for the value in the help, e.g. `FILE…`. */
  readonly placeholder?: string;
  readonly help: string;
  readonly required?: boolean;
  /** Another option that makes this one needless although it is required. */
  readonly unless?: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments without an option, in order; the last may end in `…`. */
  readonly positional: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly example: string;
}

export interface ParsedArguments {
  readonly positional: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  list(name: string): readonly string[];
}

/**
 * Sorts the words of a command line into the options of `spec`. `--name value`, `--name=value` and, for lists,
 * `--name a b c` are understood; everything after `--` is positional.
 * Throws `command.*` errors that name the word that is wrong.
 */
export function parseArguments(spec: CommandSpec, words: readonly string[]): ParsedArguments {
  const values = new Map<string, string[]>();
  const positional: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      positional.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith('--')) {
      positional.push(word);
      continue;
    }
    const [name, inline] = split(word.slice(2));
    const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
    if (option === undefined) throw unknownOption(spec, name);
    const given = values.get(name) ?? [];
    if (option.takes === 'flag') {
      if (inline !== undefined)
        throw new AppError('command.bad-value', { option: `--${name}`, value: inline, allowed: 'no value' });
      given.push('');
    } else if (inline !== undefined) {
      given.push(inline);
    } else {
      const from = i + 1;
      while (i + 1 < words.length && isValue(words[i + 1]!) && (option.takes === 'list' || i + 1 === from))
        given.push(words[++i]!);
      if (i + 1 === from) throw new AppError('command.missing-value', { option: `--${name}`, command: spec.name });
    }
    values.set(name, given);
  }
  checkPositional(spec, positional);
  for (const [name, option] of Object.entries(spec.options)) {
    if (option.required === true && !values.has(name) && !values.has(option.unless ?? '')) {
      throw new AppError('command.missing-option', {
        option: `--${name} ${option.placeholder ?? ''}`.trim(),
        command: spec.name,
      });
    }
  }
  return {
    positional,
    flag: (name) => values.has(name),
    value: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

/** The help of one command: usage, options with their meaning, an example. */
export function commandHelp(spec: CommandSpec): string {
  const usage = Object.entries(spec.options).map(([name, option]) => {
    const text = `--${name}${option.takes === 'flag' ? '' : ` ${option.placeholder ?? 'VALUE'}`}`;
    return option.required === true ? text : `[${text}]`;
  });
  const width = Math.max(
    ...Object.entries(spec.options).map(([name, o]) => name.length + (o.placeholder?.length ?? 0) + 3),
  );
  const lines = Object.entries(spec.options).map(
    ([name, option]) => `  ${`--${name} ${option.placeholder ?? ''}`.trimEnd().padEnd(width)}  ${option.help}`,
  );
  return [
    `${spec.summary}`,
    '',
    `usage: cellpredx ${[spec.name, ...spec.positional, ...usage].join(' ')}`,
    '',
    ...lines,
    '',
    `example: ${spec.example}`,
    '',
  ].join('\n');
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A single dash and negative numbers are values. */
function isValue(word: string): boolean {
  return !word.startsWith('--');
}

function unknownOption(spec: CommandSpec, name: string): AppError {
  const known = Object.keys(spec.options)
    .map((option) => `--${option}`)
    .join(', ');
  return new AppError('command.unknown-option', { option: `--${name}`, command: spec.name, known: known || 'none' });
}

function checkPositional(spec: CommandSpec, positional: readonly string[]): void {
  const most = spec.positional.at(-1)?.endsWith('…') === true ? Infinity : spec.positional.length;
  if (positional.length > most) {
    throw new AppError('command.unexpected-argument', { argument: positional[most]!, command: spec.name });
  }
  const missing = spec.positional[positional.length];
  if (missing !== undefined) throw new AppError('command.missing-option', { option: missing, command: spec.name });
}
