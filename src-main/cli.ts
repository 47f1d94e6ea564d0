import { commandHelp, parseArguments } from './cli/arguments.ts';
import { RunFailed } from './cli/run-failed.ts';
import { type CommandName, commands } from './cli/commands.ts';
import { AppError, errorCodes } from '#core/base/app-error';
import { Cancelled } from '#core/base/cancel';

/** Command-line entry: finds the command, runs it, and turns its end into an exit code and two readable lines. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader of a pipe has seen enough, as `| head` does
  throw error;
});
const [word = '--help', ...rest] = process.argv.slice(2);
process.exitCode = await main(word, rest);

async function main(command: string, words: readonly string[]): Promise<number> {
  try {
    if (command === '--help' || command === '-h' || command === 'help') return print(overview());
    if (command === '--version') return print(`${(await import('./cli/version.ts')).version}\n`);
    if (!Object.hasOwn(commands, command)) {
      throw new AppError('command.unknown-command', { command, known: Object.keys(commands).join(', ') });
    }
    const spec = commands[command as CommandName];
    if (words.includes('--help') || words.includes('-h')) return print(commandHelp(spec));
    const parsed = parseArguments(spec, words);
    const { run } = await load(command as CommandName);
    return await run(parsed);
  } catch (error) {
    return report(error);
  }
}

/** Each command is loaded only when it is called, so that `--help` answers at once. */
function load(command: CommandName): Promise<{ run: (parsed: ReturnType<typeof parseArguments>) => Promise<number> }> {
  switch (command) {
    case 'annotate':
      return import('./cli/annotate.ts');
    case 'inspect':
      return import('./cli/inspect.ts');
    case 'gene-activity':
      return import('./cli/gene-activity.ts');
    case 'harmonise':
      return import('./cli/harmonise.ts');
    case 'engines':
      return import('./cli/engines.ts');
    case 'evaluate':
      return import('./cli/evaluate.ts');
    case 'benchmark':
      return import('./cli/benchmark.ts');
    case 'methods':
      return import('./cli/methods.ts');
    case 'demo':
      return import('./cli/demo.ts');
  }
}

/** 2 for what the user can mend, 130 for a cancelled run, 1 for a fault of ours, which shows its trace. */
function report(error: unknown): number {
  if (error instanceof AppError) {
    process.stderr.write(`error[${error.code}]: ${error.message}\nremedy: ${error.remedy}\n`);
    return 2;
  }
  if (error instanceof RunFailed) {
    process.stderr.write(`error[${error.wire.code}]: ${error.wire.message}\nremedy: ${error.wire.remedy}\n`);
    return (errorCodes as readonly string[]).includes(error.wire.code) ? 2 : 1;
  }
  if (error instanceof Cancelled) {
    process.stderr.write('cancelled\n');
    return 130;
  }
  process.stderr.write(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    'CellPredX Studio transfers cell labels from a labelled single-cell study to an unlabelled one.',
    '',
    'usage: cellpredx COMMAND [OPTIONS]',
    '',
    ...Object.values(commands).map((spec) => `  ${spec.name.padEnd(width)}  ${spec.summary}`),
    '',
    'cellpredx COMMAND --help explains a command. Ctrl-C cancels: nothing half-written stays.',
    'exit codes: 0 done, 2 something to mend (stderr says what and how), 1 a fault of the program, 130 cancelled',
    '',
  ].join('\n');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
