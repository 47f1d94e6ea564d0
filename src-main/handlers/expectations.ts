import { availableParallelism } from 'node:os';
import { AppError } from '#core/base/app-error';
import { bySpeed, type EngineName } from '#engine/engine-report';
import type { RunSummaryFile } from '#compute/run-record';
import { ProcessorSpeed } from '#compute/processor-speed';
import { openProjectReadOnly, type ProjectReader } from '#store/project';
import { expectByRuns, expectByTrial } from './expect-run.ts';
import type { RecentProjects } from './recent-projects.ts';
import type { RunService, StudyService } from './services.ts';

/** Runs looked at of one project, the latest. */
const MOST_RUNS = 10;

/** Tells what runs would take on this computer, by those of the projects opened last and the trials of its engines. */
export function expectations(
  recent: Pick<RecentProjects, 'list'>,
  studies: Pick<StudyService, 'engines'>,
): RunService['expect'] {
  const processor = new ProcessorSpeed(() => performance.now());
  return async (question) => {
    const threads = availableParallelism();
    const able = bySpeed(await studies.engines());
    const engine = question.engine === 'auto' ? able[0] : able.find(({ name }) => name === question.engine);
    const nothing = { engine: engine?.title ?? null, time: null, memory: null, by: null };
    if (engine === undefined) return nothing;
    const projects = (await recent.list()).filter(({ present }) => present);
    const runs = projects.flatMap(({ path }) => finishedRuns(path, question.method, engine.name));
    const known = expectByRuns(question, runs, threads);
    if (known !== null) return { ...nothing, ...known, by: 'run' };
    if (question.method !== 'cellpredx') return nothing;
    const { stepsPerSecond } = engine;
    const time = expectByTrial(question, { stepsPerSecond, processor: processor.factor, threads });
    return time === null ? nothing : { ...nothing, time, by: 'trial' };
  };
}

/** Runs of a project that computed their result themselves by the method on the engine; those that were tuned first took longer and do not count. */
function finishedRuns(path: string, method: string, engine: EngineName): readonly RunSummaryFile[] {
  let project: ProjectReader;
  try {
    project = openProjectReadOnly(path);
  } catch (error) {
    if (error instanceof AppError) return []; // its own screen says what is wrong with it
    throw error;
  }
  try {
    return project
      .runs()
      .filter(({ status, reusedFrom }) => status === 'finished' && reusedFrom === null)
      .slice(0, MOST_RUNS)
      .flatMap(({ id }) => {
        if (!project.runDocuments(id).includes('summary')) return [];
        const summary = project.runDocument(id, 'summary') as RunSummaryFile;
        return summary.method === method && summary.engine === engine && summary.tuning === undefined ? [summary] : [];
      });
  } finally {
    project.close();
  }
}
