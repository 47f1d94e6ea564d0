import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WireError } from '#core/base/app-error';
import { Cancelled, throwIfCancelled } from '#core/base/cancel';
import { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import { JobQueue, type QueueOptions } from '#jobs/queue';
import { createProject, openProjectReadOnly, type ProjectReader } from '#store/project';
import type { RunRow } from '#store/rows';
import type { Combination } from './combinations.ts';

/** How a combination stands: its run has finished (perhaps earlier), or why it failed. */
export type CombinationEnd =
  | { readonly combination: Combination; readonly runId: string; readonly status: 'finished'; readonly kept: boolean }
  | { readonly combination: Combination; readonly runId: string; readonly status: 'failed'; readonly error: WireError };

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Told when a combination begins; `place` counts from 0. */
  readonly begins?: (combination: Combination, place: number) => void;
  readonly event?: (event: RunEvent) => void;
  /** Told when a combination has ended, with its project open for reading. */
  readonly ended?: (end: CombinationEnd, place: number, project: ProjectReader) => void;
  /** Only tests give them. */
  readonly queue?: QueueOptions;
}

/**
 * Carries out the combinations one after the other as runs of a project (made if absent). A run of the same request that has
 * finished is kept, as long as its files are as they were; one that was interrupted, cancelled or failed goes on from its
 * last checkpoint. So a benchmark that was killed at any moment goes on where it was when it is started again. A failed run
 * does not end the others. Ends with `Cancelled` when the signal is aborted; the run that was going on is then interrupted.
 */
export async function runCombinations(
  projectPath: string,
  combinations: readonly Combination[],
  options: RunOptions,
): Promise<CombinationEnd[]> {
  const path = resolve(projectPath);
  if (!existsSync(path)) createProject(path).close();
  const jobs = new JobQueue({ graceMs: 500, ...options.queue });
  try {
    jobs.attach(path);
    const project = openProjectReadOnly(path);
    try {
      const ends: CombinationEnd[] = [];
      for (const [place, combination] of combinations.entries()) {
        throwIfCancelled(options.signal);
        options.begins?.(combination, place);
        const end = await carriedOut(jobs, project, combination, options);
        options.ended?.(end, place, project);
        ends.push(end);
      }
      return ends;
    } finally {
      project.close();
    }
  } finally {
    await jobs.close();
  }
}

async function carriedOut(
  jobs: JobQueue,
  project: ProjectReader,
  combination: Combination,
  { signal, event }: RunOptions,
): Promise<CombinationEnd> {
  const earlier = runOf(project, combination.request);
  if (earlier?.status === 'finished' && filesAreAsTheyWere(project, earlier.id)) {
    return { combination, runId: earlier.id, status: 'finished', kept: true };
  }
  const ended = Promise.withResolvers<Extract<RunEvent, { kind: 'finished' | 'failed' }>>();
  let runId = earlier !== undefined && earlier.status !== 'finished' ? earlier.id : '';
  const stopListening = jobs.onEvent((told) => {
    if (told.runId !== runId) return;
    event?.(told);
    if (told.kind === 'finished' || told.kind === 'failed') ended.resolve(told);
    if (told.kind === 'cancelled' || told.kind === 'interrupted' || told.kind === 'paused')
      ended.reject(new Cancelled());
  });
  const stop = (): void => void jobs.pause(runId);
  try {
    if (runId === '') runId = jobs.start(project.path, combination.request);
    else jobs.resume(project.path, runId);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const last = await ended.promise;
    if (last.kind === 'failed') return { combination, runId, status: 'failed', error: last.error };
    return { combination, runId, status: 'finished', kept: false };
  } finally {
    stopListening();
    signal.removeEventListener('abort', stop);
  }
}

/** The run of a request: a finished one before others, the latest of each. */
function runOf(project: ProjectReader, request: AnnotationRequest): RunRow | undefined {
  const wanted = sameText(request);
  const runs = project.runs().filter((run) => {
    const parsed = AnnotationRequest.safeParse(run.request);
    return parsed.success && sameText(parsed.data) === wanted;
  });
  return runs.find(({ status }) => status === 'finished') ?? runs[0];
}

/** The request as a text that does not depend on the order of keys. */
function sameText(request: AnnotationRequest): string {
  return JSON.stringify(request, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether the files of a run have the size and time of change they had when it read them. */
function filesAreAsTheyWere(project: ProjectReader, runId: string): boolean {
  return project.runInputs(runId).every(({ path, sizeBytes, modifiedAt }) => {
    const now = statSync(path, { throwIfNoEntry: false });
    return now === undefined || (now.size === sizeBytes && Math.round(now.mtimeMs) === modifiedAt);
  });
}
