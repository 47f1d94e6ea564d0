import { AppError } from '#core/base/app-error';
import type { Jobs } from '#jobs/queue-types';

/**
 * Takes over the queue of a project: what waited goes on, and a run whose program ended meanwhile is `interrupted`.
 * False if another program has the queue: the project can still be looked at.
 */
export function takeUpQueue(jobs: Pick<Jobs, 'attach'>, projectPath: string): boolean {
  try {
    jobs.attach(projectPath);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'project.in-use') return false;
    throw error;
  }
}
