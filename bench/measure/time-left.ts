import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnnotationRequest, type AnnotationRequestInput } from '#contract/annotation-request';
import type { RunEvent, Stage } from '#contract/run-events';
import { runAnnotation } from '#compute/run-annotation';
import { runJob } from '#compute/run-job';
import type { RunPace } from '#compute/run-pace';
import { laterStages, stageCosts } from '#compute/stage-costs';
import { createProject, openProject } from '#store/project';
import { answer } from '../support/own-process.ts';

export interface FirstRun {
  /** What was told of the time left, and when. */
  readonly told: readonly { readonly elapsedMs: number; readonly remainingMs: number }[];
  readonly totalMs: number;
  readonly cells: number;
  /** Of each stage after training: what it should take, and what its main thread took on the processor. */
  readonly stages: readonly { readonly stage: Stage; readonly expectedMs: number; readonly busyMs: number }[];
}

/** One run in a project of its own, as the compute process does it. */
async function firstRun(request: AnnotationRequestInput): Promise<FirstRun> {
  const folder = mkdtempSync(join(tmpdir(), 'cellpredx-time-left-'));
  try {
    const path = join(folder, 'fresh.cpx');
    const asked = AnnotationRequest.parse(request);
    const project = createProject(path);
    const runId = project.addRun({ request: asked, seed: asked.seed });
    const attempt = project.beginAttempt(runId);
    project.close();
    const told: { elapsedMs: number; remainingMs: number }[] = [];
    const hear = (event: RunEvent): void => {
      if (event.kind !== 'step' && event.kind !== 'stage') return;
      const { elapsedMs, remainingMs = null } = event;
      if (remainingMs !== null) told.push({ elapsedMs, remainingMs });
    };
    const checkpoints = { every: 20, minIntervalMs: 5000 };
    const job = { kind: 'job' as const, runId, projectPath: path, attempt, request: asked, firstSeq: 0, checkpoints };
    const from = performance.now();
    await runJob(job, runAnnotation, new AbortController().signal, hear);
    const totalMs = performance.now() - from;
    const done = openProject(path);
    const { cells, figures, busy, processor } = done.runDocument(runId, 'pace') as RunPace;
    done.close();
    const costs = stageCosts({ cells, figures, threads: availableParallelism() });
    const stages = laterStages.map((stage) => ({
      stage,
      expectedMs: processor * costs[stage],
      busyMs: busy[stage] ?? 0,
    }));
    return { told, totalMs, cells, stages };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

await answer(firstRun);
