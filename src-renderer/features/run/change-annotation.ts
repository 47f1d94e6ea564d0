import { projectNameFor } from '../home/project-name.ts';
import type { App } from '../../state/app.svelte.ts';
import type { AnnotateStep } from '../../state/router.svelte.ts';

/**
 * Opens the annotation of a run again, filled in as it was, at the step where what went wrong is chosen. It becomes a project of
 * its own beside the other; the run stays as it is. Rejects as the request does.
 *
 * @param code of the error that ended the run
 * @param subject what the new project is about
 */
export async function changeAnnotation(
  { client, draft, router }: Pick<App, 'client' | 'draft' | 'router'>,
  run: { readonly projectPath: string; readonly runId: string },
  code: string,
  subject: string,
): Promise<void> {
  const request = await client.request('run:request', run);
  draft.fill(request, projectNameFor(subject, new Date()));
  router.go({ screen: 'annotate', step: stepOf(code) });
}

/** Where in the wizard an error is put right. */
function stepOf(code: string): AnnotateStep {
  if (/^(project|training)\./.test(code)) return 'method';
  return /^(preparing|chromatin)\./.test(code) ? 'match' : 'reference';
}
