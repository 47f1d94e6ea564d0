import { existsSync } from 'node:fs';
import { Cancelled, throwIfCancelled } from '#core/base/cancel';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import type { RunSummaryFile } from '#compute/run-record';
import { JobQueue } from '#jobs/queue';
import { createProject } from '#store/project';
import { askWorkProcess } from './ask-work-process.ts';
import { placingResults } from './placing-results.ts';
import { RunFailed } from './run-failed.ts';
import { terminalProgress, type TerminalProgress } from './terminal-progress.ts';

/**
 * Runs a request as a run of a project (made if absent), in a compute process with checkpoints, writes the results
 * into `directory` and gives back the summary. A cancelled run can be resumed from the application.
 */
export async function runInProject(
  projectPath: string,
  request: AnnotationRequest,
  directory: string,
  signal: AbortSignal,
): Promise<RunSummaryFile> {
  if (!existsSync(projectPath)) createProject(projectPath).close();
  const jobs = new JobQueue({ graceMs: 500 });
  const progress = terminalProgress(process.stderr);
  try {
    const runId = await finished(jobs, projectPath, request, progress, signal);
    progress.stage('write', 0, 'Writing the results');
    const { summary } = await placingResults(directory, signal, () =>
      askWorkProcess({ kind: 'export', projectPath, runId, directory }, { signal }),
    );
    return summary;
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
  progress: TerminalProgress,
  signal: AbortSignal,
): Promise<string> {
  throwIfCancelled(signal);
  const end = Promise.withResolvers<void>();
  const stopListening = jobs.onEvent((event) => show(event, progress, end));
  const runId = jobs.start(projectPath, request);
  const stop = (): void => void jobs.cancel(runId);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await end.promise;
    return runId;
  } finally {
    stopListening();
    signal.removeEventListener('abort', stop);
  }
}

function show(event: RunEvent, progress: TerminalProgress, end: PromiseWithResolvers<void>): void {
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
    case 'paused':
    case 'interrupted':
      return end.reject(new Cancelled());
  }
}
