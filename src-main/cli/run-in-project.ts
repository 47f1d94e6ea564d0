import { existsSync } from 'node:fs';
import { Cancelled } from '#core/base/cancel';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import type { RunSummaryFile } from '#compute/run-record';
import { exportRun } from '#handlers/export-run';
import { JobQueue } from '#jobs/queue';
import { createProject, openProjectReadOnly } from '#store/project';
import { RunFailed } from './run-failed.ts';
import { terminalProgress } from './terminal-progress.ts';

/**
 * Runs a request as a run of a project (made if absent), in a compute process with checkpoints, writes the results
 * into `directory` and gives back the summary. Ctrl-C cancels; the run can then be resumed from the application.
 */
export async function runInProject(
  projectPath: string,
  request: AnnotationRequest,
  directory: string,
): Promise<RunSummaryFile> {
  if (!existsSync(projectPath)) createProject(projectPath).close();
  const jobs = new JobQueue();
  const progress = terminalProgress(process.stderr);
  try {
    const runId = await finished(jobs, projectPath, request, progress);
    progress.stage('write', 0, 'Writing the results');
    await exportRun({ kind: 'export', projectPath, runId, directory, threshold: undefined });
    const project = openProjectReadOnly(projectPath);
    try {
      return project.runDocument(runId, 'summary') as RunSummaryFile;
    } finally {
      project.close();
    }
  } finally {
    progress.end();
    await jobs.close();
  }
}

/** Starts the run and resolves to its id when it has finished; rejects when it ended otherwise. */
async function finished(
  jobs: JobQueue,
  projectPath: string,
  request: AnnotationRequest,
  progress: ReturnType<typeof terminalProgress>,
): Promise<string> {
  const end = Promise.withResolvers<void>();
  const stopListening = jobs.onEvent((event) => show(event, progress, end));
  const runId = jobs.start(projectPath, request);
  const stop = (): void => void jobs.cancel(runId);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await end.promise;
    return runId;
  } finally {
    stopListening();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function show(event: RunEvent, progress: ReturnType<typeof terminalProgress>, end: PromiseWithResolvers<void>): void {
  switch (event.kind) {
    case 'queued':
      return;
    case 'started':
      return progress.engine(event.engine);
    case 'stage':
      return progress.stage(event.stage, event.fraction, event.text);
    case 'step':
      return progress.step(event);
    case 'finished':
      return end.resolve();
    case 'failed':
      return end.reject(new RunFailed(event.error));
    case 'cancelled':
    case 'interrupted':
      return end.reject(new Cancelled());
  }
}
