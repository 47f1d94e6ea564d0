import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnnotationRequest } from '#contract/annotation-request';

/** Module that stands in for the run itself in tests of processes: `--runner` of the compute process. */
export const tinyRunner = fileURLToPath(new URL('./tiny-runner.ts', import.meta.url));

/** A request for the tiny runner on two files made in `folder`. */
export function tinyRequest(folder: string, settings: Record<string, unknown> = {}, seed = 1): AnnotationRequest {
  const path = (name: string): string => {
    writeFileSync(join(folder, name), `the content of ${name}`);
    return join(folder, name);
  };
  return AnnotationRequest.parse({
    reference: [{ path: path('reference.txt') }],
    query: [{ path: path('query.txt') }],
    label: 'cell_type',
    settings,
    seed,
  });
}
