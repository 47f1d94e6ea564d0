import { fileURLToPath } from 'node:url';
import { AnnotationRequest } from '#contract/annotation-request';
import { checkResultsFolder } from '#compute/results-folder';
import { annotateInto } from './annotate.ts';
import type { ParsedArguments } from './arguments.ts';
import { cancellable } from './cancellable.ts';
import { pathArgument } from './path-argument.ts';
import { resultTable } from './result-table.ts';

/** `cellpredx demo`: the sample study from files to labels, with the scores that its known truth allows. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const out = parsed.value('out');
  const directory = out === undefined ? null : pathArgument('--out', out);
  if (directory !== null) await checkResultsFolder(directory, []);
  const started = performance.now();
  const summary = await cancellable((signal) => annotateInto(directory, sampleRequest(), signal));
  const seconds = (performance.now() - started) / 1000;
  if (parsed.flag('json')) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return 0;
  }
  process.stdout.write(`The sample study is simulated: eight labels, one of them absent from the reference.\n\n`);
  process.stdout.write(`${resultTable(summary)}whole run ${seconds.toFixed(1)} s\n`);
  if (directory !== null) process.stdout.write(`Results are in ${directory}\n`);
  return 0;
}

/** The run that the sample study is made for: RNA reference, gene-activity query with its own peaks, known truth. */
export function sampleRequest(): AnnotationRequest {
  const file = (name: string): string =>
    fileURLToPath(new URL(`../../resources/sample-study/${name}`, import.meta.url));
  return AnnotationRequest.parse({
    reference: [{ path: file('reference.h5ad') }],
    query: [{ path: file('query.h5ad') }],
    queryPeaks: { path: file('query_peaks.h5ad') },
    label: 'cell_type',
    truth: 'true_label',
    scenario: 'rna-atac',
    threshold: 0.5, // across modalities confidences lie lower; 0.95 would show hardly any label
  });
}
