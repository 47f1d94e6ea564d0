import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '#core/base/random';
import type { AnnotationRequest } from '#contract/annotation-request';
import { RunEvent, type Stage, stages } from '#contract/run-events';
import { createProject, openProject, openProjectReadOnly, type ProjectWriter } from '#store/project';
import type { RunRow } from '#store/rows';

const hostPath = fileURLToPath(new URL('./kill-host.ts', import.meta.url));

/** Who is killed. A compute process whose application was killed alone is still there when the run is taken up. */
const victims = ['application and compute process', 'application', 'compute process'] as const;

export interface KillCase {
  readonly project: string;
  readonly request: AnnotationRequest;
  /** Path of the runner's module; '' takes the product's own. */
  readonly runner: string;
  readonly every: number;
}

/** What one kill did, a row of the table. */
export interface KillRecord {
  readonly kill: number;
  readonly victim: (typeof victims)[number];
  /** What was waited for, and the milliseconds after it. */
  readonly moment: string;
  /** The stage that was told last. */
  readonly stage: string;
  readonly step: number;
  /** How the project has the run after it was opened again. */
  readonly status: string;
  /** Code of the error of a failed run; '' for any other. */
  readonly error: string;
  readonly damaged: number;
}

export interface Storm {
  readonly records: readonly KillRecord[];
  /** Runs that were killed and resumed until they finished, and how many of them are equal to the run nobody killed. */
  readonly finished: number;
  readonly equal: number;
  /** Finished runs that were there before a kill and could not be read whole after it. */
  readonly lost: number;
}

/**
 * Kills runs at `kills` moments drawn from the seed: each run until it finishes in spite of the kills, then the next. The
 * projects lie in `folder` and hold a finished run each before the storm begins.
 * @param startMs kills at the beginning come within this time after the process was started
 */
export async function storm(
  folder: string,
  run: Omit<KillCase, 'project'>,
  { kills, seed, startMs }: { kills: number; seed: number; startMs: number },
): Promise<Storm> {
  const calm = { ...run, project: join(folder, 'calm.cpx') };
  createProject(calm.project).close();
  await runToEnd(calm, '');
  const [calmRun] = finishedRuns(calm.project);
  if (calmRun === undefined) throw new Error('the run that nobody killed did not finish');
  const expected = contentOf(calm.project, calmRun);
  const steps = expected.curve.length;

  const random = new Random(seed);
  const records: KillRecord[] = [];
  const counts = { finished: 0, equal: 0, lost: 0 };
  for (let round = 0; records.length < kills; round++) {
    const project = join(folder, `stormy-${round}.cpx`);
    const stormy = { ...run, project };
    createProject(project).close();
    await runToEnd({ ...stormy, request: { ...run.request, seed: run.request.seed + 1 } }, '');
    const [before] = finishedRuns(project);
    const kept = contentOf(project, before!);

    let runId = '';
    do {
      const killed = await killOnce(stormy, records.length + 1, runId, random, { startMs, steps });
      records.push(killed.record);
      runId = killed.runId;
      if (!isDeepStrictEqual(contentOf(project, before!), kept)) counts.lost++;
    } while (records.at(-1)!.status !== 'finished' && records.length < kills);
    if (records.at(-1)!.status !== 'finished') await runToEnd(stormy, runId);
    counts.finished++;
    if (isDeepStrictEqual(contentOf(project, runId), expected)) counts.equal++;
  }
  return { records, ...counts };
}

/**
 * Starts or resumes a run in an application of its own and kills it at a moment drawn at random: some time after its
 * process was started, after a step, or after a later stage began. Then takes the project up as the application would on
 * its next start, and says what it found.
 */
async function killOnce(
  { project, request, runner, every }: KillCase,
  kill: number,
  resumed: string,
  random: Random,
  { startMs, steps }: { startMs: number; steps: number },
): Promise<{ record: KillRecord; runId: string }> {
  const victim = victims[random.below(victims.length)]!;
  const moment = momentOf(random, startMs, steps);
  const host = startHost(project, request, resumed, runner, every);
  const seen: Seen = { stage: 'start', step: 0, compute: null };
  let reached = (): void => undefined;
  const thereNow = new Promise<void>((done) => (reached = done));
  const ended = watch(host, seen, () => moment.isReached(seen) && reached());
  await Promise.race([ended, thereNow]);
  await Promise.race([ended, new Promise((wake) => setTimeout(wake, moment.thenMs))]);
  if (host.exitCode === null) {
    if (victim === 'application and compute process') kill9(-host.pid!);
    else if (victim === 'application') kill9(host.pid!);
    else if (seen.compute !== null) kill9(seen.compute);
  }
  await ended;
  const { run, damaged } = await takeUp(project);
  return {
    record: {
      kill,
      victim,
      moment: moment.says,
      stage: seen.stage,
      step: seen.step,
      status: run.status,
      error: run.error?.code ?? '',
      damaged,
    },
    runId: run.id,
  };
}

/** Runs or resumes a run to its end. */
async function runToEnd({ project, request, runner, every }: KillCase, resumed: string): Promise<void> {
  const host = startHost(project, request, resumed, runner, every);
  await watch(host, { stage: '', step: 0, compute: null });
}

function finishedRuns(path: string): string[] {
  const project = openProjectReadOnly(path);
  const ids = project
    .runs()
    .filter(({ status }) => status === 'finished')
    .map(({ id }) => id);
  project.close();
  return ids;
}

/** All of a run that does not depend on the clock or on the memory of the computer, which only the summary and the pace hold. */
function contentOf(path: string, runId: string): { curve: readonly unknown[]; [part: string]: unknown } {
  const project = openProjectReadOnly(path);
  const names = project.runDocuments(runId).filter((name) => !['summary', 'pace'].includes(name));
  const content = {
    status: project.run(runId).status,
    arrays: project.runArrays(runId), // with the hashes of their content
    documents: names.map((name) => [name, project.runDocument(runId, name)]),
    curve: project.runSteps(runId),
  };
  project.close();
  return content;
}

/** The latest run of a project after whoever had it is gone, and the number of its arrays that cannot be read. */
async function takeUp(path: string): Promise<{ run: RunRow; damaged: number }> {
  const project: ProjectWriter = openProject(path);
  try {
    for (const { id, status } of project.runs())
      if (status === 'running') project.endRun(id, { status: 'interrupted' });
    return { run: project.runs()[0]!, damaged: (await project.verifyArrays()).length };
  } finally {
    project.close();
  }
}

function startHost(
  project: string,
  request: AnnotationRequest,
  resumed: string,
  runner: string,
  every: number,
): ChildProcess {
  const args = [hostPath, project, JSON.stringify(request), resumed, runner, String(every)];
  // its own process group, so that the kill reaches all of it at once as a power cut does
  return spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Seen {
  stage: string;
  step: number;
  /** Number of the compute process. */
  compute: number | null;
}

/** Follows what the application prints; resolves when it has ended and all is read. */
function watch(host: ChildProcess, seen: Seen, look: () => void = () => undefined): Promise<void> {
  let rest = '';
  host.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const told of lines.map((line) => JSON.parse(line) as { pid: number } | RunEvent)) {
      if ('pid' in told) {
        seen.compute = told.pid;
        look();
        continue;
      }
      const event = RunEvent.parse(told);
      if (event.kind === 'stage') seen.stage = event.stage;
      if (event.kind === 'step') seen.step = event.step;
      look();
    }
  });
  return new Promise((done) => host.on('close', () => done()));
}

interface Moment {
  readonly says: string;
  isReached(seen: Seen): boolean;
  /** Milliseconds to wait after it was reached. */
  readonly thenMs: number;
}

/** One in four moments lies in the start of the process and the reading, two in the training, one in the stages after it. */
function momentOf(random: Random, startMs: number, steps: number): Moment {
  const kind = random.below(4);
  const thenMs = Math.round(random.uniform() * (kind === 0 ? startMs : 20));
  if (kind === 0) return { says: `start + ${thenMs}`, isReached: ({ compute }) => compute !== null, thenMs };
  const later = stages.slice(stages.indexOf('predict'));
  const stage = later[random.below(later.length)]!;
  if (kind === 1)
    return {
      says: `${stage} + ${thenMs}`,
      isReached: (seen) => later.indexOf(stage) <= later.indexOf(seen.stage as Stage),
      thenMs,
    };
  const step = 1 + random.below(steps);
  return { says: `step ${step} + ${thenMs}`, isReached: (seen) => seen.step >= step, thenMs };
}

/** Kills a process, or with a negative number its group; one that has just ended is as good. */
function kill9(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
