import { resolve } from 'node:path';
import type { z } from 'zod';
import { AppError } from '#core/base/app-error';
import { AnnotationRequest, StudyChoice } from '#contract/annotation-request';
import { type FinishedRun, runAnnotation } from '#compute/run-annotation';
import type { RunHooks } from '#compute/run-hooks';
import { checkResultsFolder, writeResults } from '#compute/write-results';
import { methodService } from '#handlers/method-service';
import { spillFolder } from '#formats/spill/spill-file';
import { parseRepair } from '#formats/inspect/parse-repair';
import type { Repair } from '#formats/inspect/repair';
import { RowFiles } from '#store/row-store';
import type { ParsedArguments } from './arguments.ts';
import { runInProject } from './run-in-project.ts';
import { terminalProgress } from './terminal-progress.ts';
import { resultTable } from './result-table.ts';

/** `cellpredx annotate`: one run from files to a folder of results. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const directory = resolve(parsed.value('out')!);
  const request = requestOf(parsed);
  await checkResultsFolder(
    directory,
    [...request.reference, ...request.query, ...(request.queryPeaks ? [request.queryPeaks] : [])].flatMap(
      ({ path, labelsFile }) => [path, ...(labelsFile === undefined ? [] : [labelsFile])],
    ),
  );
  await methodService().check(request); // settings that cannot be used are refused before files are read
  const project = parsed.value('project');
  const summary =
    project === undefined
      ? (await annotateHere(request, directory)).summary
      : await runInProject(resolve(project), request, directory);
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else process.stdout.write(`${resultTable(summary)}\nResults are in ${directory}\n`);
  return 0;
}

/** Runs a request in this process, shows its progress on stderr, writes the results and gives back the run. */
export async function annotateHere(request: AnnotationRequest, directory: string | null): Promise<FinishedRun> {
  await using rows = new RowFiles(spillFolder());
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const progress = terminalProgress(process.stderr);
  const hooks: RunHooks = { signal: cancel.signal, checkpoints: undefined, rows, ...progress };
  try {
    const finished = await runAnnotation(request, hooks);
    if (directory !== null) {
      progress.stage('write', 0, 'Writing the results');
      const [only, second] = request.query;
      const source = second === undefined && only!.path.endsWith('.h5ad') ? only!.path : null;
      await writeResults(finished, { directory, query: finished.query, source, signal: cancel.signal });
    }
    return finished;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** The request that the options describe. Throws `command.bad-value` naming the option that does not fit. */
export function requestOf(parsed: ParsedArguments): AnnotationRequest {
  const candidate = {
    reference: choices(parsed, 'reference'),
    query: choices(parsed, 'query'),
    queryPeaks: optional(parsed.value('query-peaks'), (path) => ({ path: resolve(path), repairs: [] })),
    label: parsed.value('label'),
    truth: parsed.value('truth'),
    scenario: parsed.value('scenario'),
    method: parsed.value('method'),
    preset: parsed.value('preset'),
    settings: Object.fromEntries(parsed.list('set').map(setting)),
    seed: optional(parsed.value('seed'), numberFrom),
    engine: parsed.value('engine'),
    threshold: optional(parsed.value('threshold'), numberFrom),
    figures: !parsed.flag('no-figures'),
  };
  const given = Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined));
  const checked = AnnotationRequest.safeParse(given);
  if (checked.success) return checked.data;
  throw badValue(checked.error.issues[0]!, parsed);
}

function choices(parsed: ParsedArguments, side: 'reference' | 'query'): StudyChoice[] {
  const labels = parsed.value(`${side}-labels`);
  const slot = parsed.value(`${side}-matrix`);
  const repairs = parsed.list(`${side}-repair`).map(parseRepair);
  const chosen: Repair[] = slot === undefined ? repairs : [{ kind: 'use-matrix', slot }, ...repairs];
  return parsed.list(side).map((path) =>
    StudyChoice.parse({
      path: resolve(path),
      repairs: chosen,
      ...(labels === undefined ? {} : { labelsFile: resolve(labels) }),
    }),
  );
}

/** `name=value` as two texts; the method's schema reads the value. */
function setting(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new AppError('command.bad-value', { option: '--set', value: text, allowed: 'name=value' });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What the options of numbers and names take, in words. */
const allowed: Readonly<Record<string, string>> = {
  seed: 'a whole number from 0 to 2147483647',
  threshold: 'a number from 0 to 1',
  label: 'the name of a column',
};

function badValue(issue: z.core.$ZodIssue, parsed: ParsedArguments): AppError {
  const option = String(issue.path[0] ?? 'options');
  return new AppError('command.bad-value', {
    option: `--${option}`,
    value: parsed.value(option) ?? '(nothing)',
    allowed: allowed[option] ?? issue.message.replace(/^Invalid \w+: /, ''),
  });
}

/** The number that a text spells; NaN, which no option takes, for an empty one. */
function numberFrom(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

function optional<T>(value: string | undefined, read: (text: string) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
