import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a command a person typed. */
export const commandErrors = {
  'command.unknown-command': {
    says: (d: { command: string; known: string }) => `There is no command ${d.command}; there are ${d.known}.`,
    remedy: 'Run `cellpredx --help` to see what each of them does.',
  },
  'command.unknown-option': {
    says: (d: { option: string; command: string; known: string }) =>
      `${d.command} knows no option ${d.option}; it knows ${d.known}.`,
    remedy: 'Correct the spelling, or run the command with --help.',
  },
  'command.missing-value': {
    says: (d: { option: string; command: string }) => `${d.command} needs a value for ${d.option}.`,
    remedy: 'Write the value behind the option.',
  },
  'command.missing-option': {
    says: (d: { option: string; command: string }) => `${d.command} needs ${d.option}.`,
    remedy: 'Add it, or run the command with --help to see an example.',
  },
  'command.not-with-model': {
    says: (d: { option: string }) =>
      `${d.option} cannot be given with --model: a model file holds the method and its settings, and labels without a reference.`,
    remedy: 'Leave it out, or leave out --model to train anew.',
  },
  'command.unexpected-argument': {
    says: (d: { argument: string; command: string }) => `${d.command} does not know what to do with ${d.argument}.`,
    remedy: 'Put paths that belong together behind their option, e.g. `--query a.h5ad b.h5ad`.',
  },
  'command.bad-value': {
    says: (d: { option: string; value: string; allowed: string }) =>
      `${d.option} cannot be ${d.value}; it takes ${d.allowed}.`,
    remedy: 'Choose one of the allowed values.',
  },
  'command.out-is-a-file': {
    says: (d: { path: string }) => `${d.path} is a file, and results need a folder.`,
    remedy: 'Name a folder that is empty or does not exist yet.',
  },
  'command.out-holds-other-files': {
    says: (d: { path: string; example: string }) =>
      `${d.path} holds ${d.example}, which is not a result of an earlier run.`,
    remedy: 'Name a folder that is empty, does not exist yet, or holds only earlier results.',
  },
  'command.out-holds-an-input': {
    says: (d: { path: string; input: string }) =>
      `${d.input} is read by this run and lies in ${d.path}, where results of an earlier run are replaced.`,
    remedy: 'Name another folder for the results.',
  },
  'command.cannot-write': {
    says: (d: { path: string; reason: string }) => `${d.path} could not be written: ${d.reason}.`,
    remedy: 'Check that the folder can be written to and the disk has room, then run again.',
  },
  'command.bad-benchmark-file': {
    says: (d: { file: string; key: string; reason: string }) => `${d.file}, ${d.key}: ${d.reason}.`,
    remedy: 'Correct it there and run the command again; runs that are finished are kept.',
  },
  'command.no-truth-for-labels': {
    says: (d: { labels: string; truth: string }) => `No cell of ${d.labels} is found by name in ${d.truth}.`,
    remedy: 'Check that both files name the cells in the same way.',
  },
  'command.no-such-column': {
    says: (d: { column: string; file: string; known: string }) =>
      `${d.file} has no column ${d.column}; it has ${d.known}.`,
    remedy: 'Name one of the columns that exist.',
  },
} as const satisfies ErrorEntries;
