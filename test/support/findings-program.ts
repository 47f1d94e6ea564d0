/**
 * Labels the sample study by one method after the other, and prints the hashes of what each run found: JSON, by method.
 *
 *     node findings-program.ts '{ "cellpredx": { "steps": 20 }, "linear-svm": {} }'
 */
import { join } from 'node:path';
import { AnnotationRequest } from '#contract/annotation-request';
import { runAnnotation } from '#compute/run-annotation';
import { findings, quietHooks } from './findings.ts';

setInterval(() => undefined, 60_000); // helping threads alone do not keep a process
const sample = (name: string): { path: string } => ({ path: join('resources', 'sample-study', name) });
const found: Record<string, unknown> = {};
const asked = JSON.parse(process.argv[2]!) as Record<string, Record<string, unknown>>;
for (const [method, settings] of Object.entries(asked)) {
  const request = AnnotationRequest.parse({
    reference: [sample('reference.h5ad')],
    query: [sample('query.h5ad')],
    label: 'cell_type',
    truth: 'true_label',
    method,
    seed: 5,
    settings,
    figures: false,
  });
  found[method] = findings(await runAnnotation(request, quietHooks()));
}
process.stdout.write(JSON.stringify(found));
process.exit(0); // threads of the engine may still stand
