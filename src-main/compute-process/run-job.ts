import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import type { TrainProgress } from '#core/train/method';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunEvent } from '#contract/run-events';
import { openProject, type ProjectWriter, type StagedArrays } from '#store/project';
import { RowFiles } from '#store/row-store';
import type { CellColumnsNote } from './cell-columns.ts';
import { Glances } from './glances.ts';
import { hashInputs } from './hash-inputs.ts';
import { PauseWish } from './pause-wish.ts';
import { ProcessorSpeed } from './processor-speed.ts';
import { projectCheckpoints } from './project-checkpoints.ts';
import type { JobMessage } from './protocol.ts';
import { codeVersion, resultKey } from './result-key.ts';
import type { RunHooks, RunOutput } from './run-hooks.ts';
import type { ExplorerNote, RunInput } from './run-record.ts';
import { finishedTimes, type RunPace } from './run-pace.ts';
import { RunReporter } from './run-reporter.ts';
import { type Costs, stageCosts } from './stage-costs.ts';
import { StepWriter } from './step-writer.ts';

export type Runner = (request: AnnotationRequest, hooks: RunHooks) => Promise<RunOutput>;

export interface RunJobOptions {
  /** Called with every report; throws when the process must end. */
  readonly check?: () => void;
  readonly pause?: PauseWish;
}

/**
 * Runs one job against its project: looks for an equal finished run, else computes, and stores steps, checkpoints and the
 * result. When it resolves, the run is stored as finished. Throws what the runner throws, `AttemptOver` when the run was
 * given up meanwhile, and errors of the `project` area.
 */
export async function runJob(
  job: JobMessage,
  runner: Runner,
  signal: AbortSignal,
  send: (event: RunEvent) => void,
  { check = () => undefined, pause = new PauseWish(() => undefined) }: RunJobOptions = {},
): Promise<void> {
  const now = (): number => performance.now();
  const processor = new ProcessorSpeed(now);
  const { figures } = job.request;
  const run = { id: job.runId, attempt: job.attempt };
  const project = openProject(job.projectPath);
  try {
    const reporter = new RunReporter({
      runId: run.id,
      firstSeq: job.firstSeq,
      send,
      finished: finishedTimes(project, job.request.method),
      costs: (cells) => timesAll(processor.factor, stageCosts({ cells, figures, threads: availableParallelism() })),
      now,
      busy: () => busyMs(),
      residentBytes: () => process.memoryUsage.rss(),
    });
    reporter.stage('read', 0, 'Looking for an equal run');
    const inputs = await inputsOf(project, job, signal);
    if (inputs !== null && takeEqualResult(project, job, inputs)) {
      reporter.end();
      return;
    }
    const glances = new Glances(now);
    const steps = new StepWriter(project, run.id, run.attempt, now);
    const checkpoints = projectCheckpoints(project, run, steps, job.checkpoints, now, pause);
    await using rows = new RowFiles(join(project.path, 'arrays'));
    let cells = 0;
    const output = await runner(job.request, {
      signal,
      rows,
      stage(stage, fraction, text) {
        check();
        pause.stage(stage);
        reporter.stage(stage, fraction, text);
      },
      engine(description, card) {
        project.setEngine(run.id, run.attempt, description);
        reporter.engine(description, card);
      },
      beforeSteps(share, text) {
        check();
        reporter.beforeSteps(share, text);
      },
      step(progress) {
        check();
        const { step, steps: planned } = progress;
        if (steps.add(progress) && step > 1)
          reporter.stage('train', (step - 1) / planned, `Going on after step ${step - 1}`);
        reporter.step(progress);
      },
      size({ reference, query }) {
        cells = reference + query;
        reporter.size(cells);
      },
      forming: {
        due: () => glances.due(),
        tell(view) {
          reporter.forming(view);
          glances.told();
        },
      },
      checkpoints,
      ...(inputs === null ? {} : { inputs }),
      stepsBefore: (step) => stepsBefore(project, run.id, step),
    });
    throwIfCancelled(signal);
    reporter.stage('write', 0, 'Storing the result');
    steps.flush();
    const { staged, note, columns } = await stageExplorers(project, output);
    throwIfCancelled(signal);
    const stages = reporter.end();
    const pace: RunPace = { processor: processor.factor, cells, figures, busy: Object.fromEntries(reporter.busy) };
    project.finishRun(run.id, run.attempt, {
      documents: {
        ...output.documents,
        summary: output.summary,
        pace,
        ...(note === null ? {} : { explorers: note }),
        ...(columns === null ? {} : { cellColumns: columns }),
      },
      arrays: output.arrays,
      staged,
      stages: checkpoints.resumed ? [] : stages, // part of a training says nothing about the next run
    });
  } finally {
    project.close();
  }
}

/**
 * Puts on disk what the explorers read. A result is worth more than its explorers: where the disk has no room for them the
 * run is stored without, and says so.
 */
async function stageExplorers(
  project: ProjectWriter,
  output: RunOutput,
): Promise<{ staged: StagedArrays; note: ExplorerNote | null; columns: CellColumnsNote | null }> {
  if (output.explorers === undefined) return { staged: [], note: null, columns: null };
  try {
    const { arrays, features, trained, columns, close } = await output.explorers();
    try {
      return { staged: await project.stageArrays(arrays), note: { features, trained, missing: null }, columns };
    } finally {
      close();
    }
  } catch (error) {
    if (!(error instanceof AppError) || !['project.disk-full', 'writing.failed'].includes(error.code)) throw error;
    return { staged: [], note: { features: [], trained: [], missing: error.message }, columns: null };
  }
}

/** The files of a run with their hashes; null where one cannot be read: the reader says so better, with its remedy. */
async function inputsOf(project: ProjectWriter, job: JobMessage, signal: AbortSignal): Promise<RunInput[] | null> {
  try {
    return await hashInputs(job.request, signal, project);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}

/** Stores the key of the run's result; true if a finished run had the same and its result was taken over. */
function takeEqualResult(project: ProjectWriter, job: JobMessage, inputs: readonly RunInput[]): boolean {
  const key = resultKey(job.request, inputs, codeVersion());
  const rows = inputs.map(({ role, path, sha256, bytes }) => {
    const modifiedAt = Math.round(statSync(path).mtimeMs);
    return { role, path, sha256, sizeBytes: bytes, modifiedAt };
  });
  project.setResultKey(job.runId, job.attempt, key, rows);
  return project.finishFromEqualRun(job.runId, job.attempt, key);
}

function stepsBefore(project: ProjectWriter, runId: string, before: number): TrainProgress[] {
  return project
    .runSteps(runId)
    .filter(({ step }) => step < before)
    .map(({ step, terms }) => ({
      step,
      steps: before,
      terms: Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, value ?? Number.NaN])),
    }));
}

/** How long the main thread of this process was on the processor, in milliseconds. */
function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function timesAll(factor: number, costs: Costs): Costs {
  return Object.fromEntries(Object.entries(costs).map(([stage, ms]) => [stage, factor * ms])) as unknown as Costs;
}
