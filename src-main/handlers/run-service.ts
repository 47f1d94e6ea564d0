import { AnnotationRequest } from '#contract/annotation-request';
import type { ExportedRun } from '#contract/run-result';
import type { FigureData } from '#core/figures/figure-data';
import type { Jobs } from '#jobs/queue-types';
import { openProjectReadOnly, type ProjectReader } from '#store/project';
import { summaryOf } from './run-summary.ts';
import { labelPage } from './label-page.ts';
import { labelRows, readRunTable, runResult, type RunTable } from './run-table.ts';
import type { RunService } from './services.ts';
import type { SideProcess } from './side-process.ts';
import { takeUpQueue } from './take-up-queue.ts';

/** Results kept in memory, so that scrolling through the table of cells reads nothing. */
const mostTables = 2;
/** An export reads the query again and writes a copy of it. */
const exportSeconds = 3600;

/** Runs of all projects: the queue does them, their projects hold what they left. */
export function runService(jobs: Jobs, side: SideProcess, expect: RunService['expect']): RunService {
  const tables = new Map<string, Promise<RunTable>>();

  /** A finished result never changes, so it is read once. */
  function tableOf(projectPath: string, runId: string): Promise<RunTable> {
    const key = JSON.stringify([projectPath, runId]);
    const known = tables.get(key);
    const table = known ?? look(projectPath, (project) => readRunTable(project, runId));
    tables.delete(key);
    tables.set(key, table);
    for (const old of [...tables.keys()].slice(0, -mostTables)) tables.delete(old);
    if (known === undefined) table.catch(() => tables.delete(key));
    return table;
  }

  return {
    expect,
    start: (projectPath, request) => Promise.resolve({ runId: jobs.start(projectPath, request) }),
    cancel: (runId) => jobs.cancel(runId),
    pause: (runId) => jobs.pause(runId),
    queue: () =>
      Promise.all(
        jobs.queue().map(({ projectPath, runId }) =>
          look(projectPath, async (project) => ({
            projectPath,
            projectName: project.info().name,
            run: summaryOf(project.run(runId), project),
          })),
        ),
      ),
    async resume(projectPath, runId) {
      jobs.resume(projectPath, runId);
      return { runId };
    },
    request: (projectPath, runId) =>
      look(projectPath, async (project) => AnnotationRequest.parse(project.run(runId).request)),
    list: async (projectPath) => {
      takeUpQueue(jobs, projectPath); // the address of a run may be all that a person opened
      return look(projectPath, async (project) => project.runs().map((row) => summaryOf(row, project)));
    },
    history: async (runId, after) => jobs.history(runId).filter((event) => event.seq > after),
    result: async (projectPath, runId) => runResult(runId, await tableOf(projectPath, runId)),
    figures: (projectPath, runId) =>
      look(projectPath, async (project) => project.runDocument(runId, 'figures') as readonly FigureData[]),
    cells: async ({ projectPath, runId, cells, threshold }) =>
      labelRows(await tableOf(projectPath, runId), cells, threshold),
    labels: async (page) => labelPage(await tableOf(page.projectPath, page.runId), page),
    export: async (projectPath, runId, directory, threshold) =>
      (await side.ask(
        { kind: 'export', projectPath, runId, directory, threshold },
        { about: directory, seconds: exportSeconds },
      )) as ExportedRun,
    subscribe: (listener) => jobs.onEvent(listener),
  };
}

async function look<T>(projectPath: string, question: (project: ProjectReader) => Promise<T>): Promise<T> {
  const project = openProjectReadOnly(projectPath);
  try {
    return await question(project);
  } finally {
    project.close();
  }
}
