import { Cancelled } from '#core/base/cancel';
import type { StudyChoice } from '#contract/annotation-request';
import { runError } from '#compute/run-error';
import type { RunHooks } from '#compute/run-hooks';
import { spillFolder } from '#formats/spill/spill-file';
import { RowFiles } from '#store/row-store';
import type { FromWork, TaskKind, ToWork, WorkTask, WorkTasks } from './work-messages.ts';

/*
 * The work process of the command line: started by `askWorkProcess`, it does one task and ends. The process that started it
 * keeps listening meanwhile, so that Ctrl-C is heard whatever this one is busy with. Files are made beside their places;
 * putting them there is left to the one that asked, so that this process may be killed at any moment.
 */

const cancel = new AbortController();
process.on('SIGINT', () => undefined); // Ctrl-C reaches every process of a terminal; the one that asked cancels
process.on('disconnect', () => process.exit(1)); // nobody waits for the answer any more
process.on('message', (message: ToWork) => {
  if (message.kind === 'cancel') cancel.abort();
  else void end(message.task);
});

async function end(task: WorkTask): Promise<void> {
  let last: FromWork;
  try {
    last = { kind: 'done', answer: await work(task) };
  } catch (error) {
    last = ending(error);
  }
  if (!process.connected) process.exit(1);
  process.send!(last, () => process.exit(0)); // threads of an engine may still stand
}

async function work(task: WorkTask): Promise<WorkTasks[TaskKind]['answer']> {
  switch (task.kind) {
    case 'annotate':
      return annotate(task);
    case 'label':
      return label(task);
    case 'export':
      return exportResults(task);
    case 'copy':
      return copy(task);
    case 'plan':
      return plan(task);
    case 'gene-activity':
    case 'harmonise':
      return writeChromatin(task);
  }
}

async function annotate({
  request,
  directory,
}: WorkTasks['annotate']['ask']): Promise<WorkTasks['annotate']['answer']> {
  const { runAnnotation } = await import('#compute/run-annotation');
  const { stageResults } = await import('#compute/write-results');
  await using rows = new RowFiles(spillFolder());
  const finished = await runAnnotation(request, { ...hooks, rows });
  if (directory === null) return { summary: finished.summary, staged: null };
  tell({ kind: 'stage', stage: 'write', fraction: 0, text: 'Writing the results' });
  const target = { directory, query: finished.query, source: sourceOf(request.query), signal: cancel.signal };
  return { summary: finished.summary, staged: await stageResults(finished, target) };
}

async function label({ request, directory }: WorkTasks['label']['ask']): Promise<WorkTasks['label']['answer']> {
  const { runModel } = await import('#compute/run-model');
  const { stageResults } = await import('#compute/write-results');
  await using rows = new RowFiles(spillFolder());
  const finished = await runModel(request, { ...hooks, rows });
  tell({ kind: 'stage', stage: 'write', fraction: 0, text: 'Writing the results' });
  const target = { directory, query: finished.query, source: sourceOf(request.query), signal: cancel.signal };
  return { summary: finished.summary, staged: await stageResults(finished, target) };
}

/** How a run of this process tells what it does. */
const hooks: RunHooks = {
  signal: cancel.signal,
  checkpoints: undefined,
  engine: (name) => tell({ kind: 'engine', name }),
  stage: (stage, fraction, text) => tell({ kind: 'stage', stage, fraction, text }),
  step: (progress) => tell({ kind: 'step', progress }),
};

/** The file that the annotated copy is made from, where the query is one that can be copied. */
function sourceOf([only, second]: readonly StudyChoice[]): string | null {
  return second === undefined && only!.path.endsWith('.h5ad') ? only!.path : null;
}

async function exportResults(ask: WorkTasks['export']['ask']): Promise<WorkTasks['export']['answer']> {
  const { stageExport } = await import('#handlers/export-run');
  const { staged, summary } = await stageExport({ kind: 'export', ...ask, threshold: undefined }, cancel.signal);
  return { summary, staged };
}

async function copy({ choice, target }: WorkTasks['copy']['ask']): Promise<WorkTasks['copy']['answer']> {
  const { readStudyOnFile } = await import('#formats/read-study');
  const { writeAnnotatedH5ad } = await import('#formats/h5ad/write-annotated-h5ad');
  const study = await readStudyOnFile(choice, { signal: cancel.signal });
  await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
  return { cells: study.matrix.rows, features: study.matrix.columns };
}

async function plan({ pair }: WorkTasks['plan']['ask']): Promise<WorkTasks['plan']['answer']> {
  const { planPair } = await import('#formats/pair/plan-pair');
  return planPair(pair, cancel.signal);
}

async function writeChromatin(
  task: Extract<WorkTask, { kind: 'gene-activity' | 'harmonise' }>,
): Promise<WorkTasks['gene-activity' | 'harmonise']['answer']> {
  const { writeGeneActivity, writeHarmonised } = await import('#compute/write-chromatin');
  await using rows = new RowFiles(spillFolder());
  const work = {
    signal: cancel.signal,
    store: rows,
    progress: (fraction: number, text: string) => tell({ kind: 'stage', stage: 'read', fraction, text }),
  };
  if (task.kind === 'gene-activity') return writeGeneActivity(task, work);
  return writeHarmonised(task.pair, task.targets, work);
}

function ending(error: unknown): FromWork {
  if (error instanceof Cancelled) return { kind: 'cancelled' };
  const wire = runError(error);
  if (wire.code !== 'internal.fault') return { kind: 'failed', error: wire };
  return { kind: 'fault', trace: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function tell(message: FromWork): void {
  if (process.connected) process.send!(message);
}
