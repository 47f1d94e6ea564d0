import type { z } from 'zod';
import { AppError } from '#core/base/app-error';
import { methods } from '#core/methods/list';
import { AnnotationRequest } from '#contract/annotation-request';
import { checkResultsFolder, tryFolder } from '#compute/results-folder';
import type { RunSummaryFile } from '#compute/run-record';
import { methodService } from '#handlers/method-service';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { checkColumns } from './check-columns.ts';
import { labelWithModelFile } from './label-with-model-file.ts';
import { filesOf } from './files-of.ts';
import { pathArgument } from './path-argument.ts';
import { placingResults } from './placing-results.ts';
import { allowed, numberFrom, optional } from './option-values.ts';
import { studyChoices } from './study-choices.ts';
import { terminalProgress } from './terminal-progress.ts';
import { resultTable } from './result-table.ts';

/** `cellpredx annotate`: one run from files to a folder of results. */
export async function run(parsed: ParsedArguments): Promise<number> {
  if (parsed.value('model') !== undefined) return labelWithModelFile(parsed);
  const request = requestOf(parsed);
  const directory = pathArgument('--out', parsed.value('out')!);
  const project = optional(parsed.value('project'), (path) => pathArgument('--project', path));
  // what cannot be used is refused before files are read
  await methodService().check(request);
  await checkResultsFolder(directory, filesOf(request));
  if (project !== undefined) await tryFolder(project);
  await checkColumns(request);
  const summary = await cancellable(async (signal) => {
    if (project === undefined) return annotateInto(directory, request, signal);
    const { runInProject } = await import('./run-in-project.ts');
    return runInProject(project, request, directory, signal);
  });
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else process.stdout.write(`${resultTable(summary)}\nResults are in ${directory}\n`);
  return 0;
}

/** Runs a request, shows its progress on stderr, writes the results where a folder is named and gives back the summary. */
export async function annotateInto(
  directory: string | null,
  request: AnnotationRequest,
  signal: AbortSignal,
): Promise<RunSummaryFile> {
  const progress = terminalProgress(process.stderr);
  try {
    const { summary } = await placingResults(directory, signal, () =>
      askWorkProcess({ kind: 'annotate', request, directory }, { signal, progress }),
    );
    return summary;
  } finally {
    progress.end();
  }
}

/** The request that the options describe. Throws `command.bad-value` naming the option that does not fit. */
export function requestOf(parsed: ParsedArguments): AnnotationRequest {
  const candidate = {
    reference: studyChoices(parsed, 'reference'),
    query: studyChoices(parsed, 'query'),
    queryPeaks: optional(parsed.value('query-peaks'), (path) => ({
      path: pathArgument('--query-peaks', path),
      repairs: [],
    })),
    harmonise: parsed.value('harmonise'),
    chain: optional(parsed.value('chain'), (path) => pathArgument('--chain', path)),
    geneSets: optional(parsed.value('gene-sets'), (path) => pathArgument('--gene-sets', path)),
    label: parsed.value('label'),
    truth: parsed.value('truth'),
    scenario: parsed.value('scenario'),
    method: parsed.value('method'),
    preset: parsed.value('preset'),
    settings: Object.fromEntries(parsed.list('set').map(setting)),
    tune: parsed.flag('tune'),
    seed: optional(parsed.value('seed'), numberFrom),
    engine: parsed.value('engine'),
    threshold: optional(parsed.value('threshold'), numberFrom) ?? thresholdOf(parsed.value('method')),
    figures: !parsed.flag('no-figures'),
  };
  const given = Object.fromEntries(Object.entries(candidate).filter(([, value]) => value !== undefined));
  const checked = AnnotationRequest.safeParse(given);
  if (checked.success) return checked.data;
  throw badValue(checked.error.issues[0]!, parsed);
}

/** The confidence that the method names for Unknown, if any; an unknown method is refused later. */
function thresholdOf(id: string | undefined): number | undefined {
  return methods.find((method) => method.id === id)?.threshold;
}

/** `name=value` as two texts; the method's schema reads the value. */
function setting(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new AppError('command.bad-value', { option: '--set', value: text, allowed: 'name=value' });
  return [text.slice(0, at), text.slice(at + 1)];
}

function badValue(issue: z.core.$ZodIssue, parsed: ParsedArguments): AppError {
  const option = String(issue.path[0] ?? 'options');
  return new AppError('command.bad-value', {
    option: `--${option}`,
    value: parsed.value(option) ?? '(nothing)',
    allowed: allowed[option] ?? issue.message.replace(/^Invalid \w+: /, ''),
  });
}
