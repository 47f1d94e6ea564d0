import type { AnnotationRequest } from '#contract/annotation-request';
import type { Handlers } from '#contract/requests';
import type { Services } from './services.ts';
import { allowedChoice, allowedChoices } from './study-handlers.ts';

type Group =
  | 'run:expect'
  | 'run:start'
  | 'run:cancel'
  | 'run:pause'
  | 'run:queue'
  | 'run:resume'
  | 'run:request'
  | 'run:list'
  | 'run:history'
  | 'run:result'
  | 'run:figures'
  | 'run:labels'
  | 'run:cells'
  | 'run:export';

/** Runs: starting them, watching them, and what they gave. */
export function runHandlers({ paths, methods, runs }: Services): Pick<Handlers, Group> {
  return {
    'run:expect': (question) => runs.expect(question),
    'run:start': async ({ projectPath, request }) => {
      const project = await projectOf(projectPath);
      const allowed = await allowedRequest(request);
      await methods.check(allowed);
      return runs.start(project, allowed);
    },
    'run:cancel': ({ runId }) => runs.cancel(runId),
    'run:pause': ({ runId }) => runs.pause(runId),
    'run:queue': () => runs.queue(),
    'run:resume': async ({ projectPath, runId }) => runs.resume(await projectOf(projectPath), runId),
    'run:request': async ({ projectPath, runId }) => runs.request(await projectOf(projectPath), runId),
    'run:list': async ({ projectPath }) => runs.list(await projectOf(projectPath)),
    'run:history': ({ runId, after }) => runs.history(runId, after),
    'run:result': async ({ projectPath, runId }) => runs.result(await projectOf(projectPath), runId),
    'run:figures': async ({ projectPath, runId }) => runs.figures(await projectOf(projectPath), runId),
    'run:labels': async (page) => runs.labels({ ...page, projectPath: await projectOf(page.projectPath) }),
    'run:cells': async (question) => runs.cells({ ...question, projectPath: await projectOf(question.projectPath) }),
    'run:export': async ({ projectPath, runId, directory, threshold }) => {
      const target = await paths.writable(directory);
      return runs.export(await projectOf(projectPath), runId, target, threshold);
    },
  };

  async function projectOf(path: string): Promise<string> {
    await paths.writable(path);
    return paths.existing(path);
  }

  async function allowedRequest(request: AnnotationRequest): Promise<AnnotationRequest> {
    const files = {
      ...request,
      reference: await allowedChoices(request.reference, paths),
      query: await allowedChoices(request.query, paths),
    };
    return {
      ...files,
      ...(request.queryPeaks === undefined ? {} : { queryPeaks: await allowedChoice(request.queryPeaks, paths) }),
      ...(request.chain === undefined ? {} : { chain: await paths.existing(request.chain) }),
      ...(request.geneSets === undefined ? {} : { geneSets: await paths.existing(request.geneSets) }),
    };
  }
}
