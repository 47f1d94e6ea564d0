import { basename } from 'node:path';
import { AnnotationRequest, type StudyChoice } from '#contract/annotation-request';
import type { RunSummary } from '#contract/run-result';
import { isPaused } from '#jobs/paused-note';
import type { ProjectReader } from '#store/project';
import type { RunRow } from '#store/rows';

/** A stored run as one line of a list. @param project that holds it */
export function summaryOf(row: RunRow, project: Pick<ProjectReader, 'note'>): RunSummary {
  const request = AnnotationRequest.parse(row.request);
  return {
    runId: row.id,
    state: row.status === 'interrupted' && isPaused(project, row.id) ? 'paused' : row.status,
    method: request.method,
    label: request.label,
    reference: namesOf(request.reference),
    query: namesOf(request.query),
    createdAt: new Date(row.createdAt).toISOString(),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt).toISOString(),
    ...(row.error === null ? {} : { error: row.error }),
  };
}

/** `pbmc.h5ad`, or `pbmc.h5ad and 2 more`. */
function namesOf(choices: readonly StudyChoice[]): string {
  const first = basename(choices[0]!.path);
  return choices.length === 1 ? first : `${first} and ${choices.length - 1} more`;
}
