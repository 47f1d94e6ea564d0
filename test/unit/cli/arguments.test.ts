import { expect, test } from 'vitest';
import { commandHelp, parseArguments } from '../../../src-main/cli/arguments.ts';
import { commands } from '../../../src-main/cli/commands.ts';

const minimal = ['--reference', 'a.h5ad', '--query', 'b.h5ad', '--label', 'cell_type', '--out', 'results'];

test('a list takes several words, may be repeated, and ends at the next option', () => {
  const parsed = parseArguments(commands.annotate, [
    ...minimal,
    '--query',
    'c.h5ad',
    'd.h5ad',
    '--set',
    'steps=50',
    'tau=0.4',
  ]);
  expect(parsed.list('query')).toEqual(['b.h5ad', 'c.h5ad', 'd.h5ad']);
  expect(parsed.list('set')).toEqual(['steps=50', 'tau=0.4']);
});

test('an equals sign gives the value, negative numbers are values, flags take none', () => {
  const parsed = parseArguments(commands.annotate, [...minimal, '--seed=7', '--threshold', '-1', '--json']);
  expect(parsed.value('seed')).toBe('7');
  expect(parsed.value('threshold')).toBe('-1');
  expect(parsed.flag('json')).toBe(true);
  expect(parsed.flag('no-figures')).toBe(false);
});

test.each([
  [['--reference', 'a'], 'command.missing-option'],
  [[...minimal, '--sede', '1'], 'command.unknown-option'],
  [[...minimal, '--toString', '1'], 'command.unknown-option'],
  [[...minimal, '--seed'], 'command.missing-value'],
  [[...minimal, 'stray.h5ad'], 'command.unexpected-argument'],
  [[...minimal, '--json=yes'], 'command.bad-value'],
])('%j is refused with %s', (words, code) => {
  expect(() => parseArguments(commands.annotate, words)).toThrow(expect.objectContaining({ code }));
});

test.each(Object.values(commands))('the help of $name names every option', (spec) => {
  const help = commandHelp(spec);
  for (const option of Object.keys(spec.options)) expect(help).toContain(`--${option}`);
});
