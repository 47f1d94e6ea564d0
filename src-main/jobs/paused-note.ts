import type { ProjectReader } from '#store/project';

/** Name of the note that tells a run that was paused from one that was interrupted. */
export function pausedNote(runId: string): string {
  return `paused/${runId}`;
}

/** Whether a run that counts as interrupted was paused by a person. */
export function isPaused(project: Pick<ProjectReader, 'note'>, runId: string): boolean {
  return project.note(pausedNote(runId)) === true;
}
