import { AppError } from '#core/base/app-error';
import type { Study } from '#core/data/study';
import { stackStudies } from '#core/prepare/stack-studies';
import { AnnotationRequest, type StudyChoice } from '#contract/annotation-request';
import type { ExportedRun } from '#contract/run-result';
import type { NumberArray, RunArrays, RunDocuments, RunRecord, RunSummaryFile } from '#compute/run-record';
import { isExplorerArray } from '#compute/explorer-arrays';
import { placeResults, type StagedResults } from '#compute/results-folder';
import { savedModel, shownLabels, stageResults } from '#compute/write-results';
import { readStudyOnFile } from '#formats/read-study';
import { modelFileName } from '#store/model-file';
import { openProjectReadOnly, type ProjectReader } from '#store/project';
import type { SideQuestion } from './side-questions.ts';

/**
 * Writes the files of a finished run into a folder, from what its project holds. The annotated copy needs the query's
 * own files; where they are gone or no longer hold the same cells it is left out and the reason is given back.
 *
 * @param question `threshold` moves the border of Unknown in every file; left out, it is that of the run
 */
export async function exportRun(question: ExportQuestion): Promise<ExportedRun> {
  const { staged, omitted } = await stageExport(question);
  return { directory: question.directory, files: [...placeResults(staged)], omitted };
}

type ExportQuestion = Extract<SideQuestion, { kind: 'export' }>;

/**
 * Makes the files as `exportRun` does, and leaves it to the caller to put them in their places.
 * @param signal aborted when the writing must stop
 */
export async function stageExport(
  question: ExportQuestion,
  signal?: AbortSignal,
): Promise<{ staged: StagedResults; summary: RunSummaryFile; omitted: ExportedRun['omitted'] }> {
  const { projectPath, runId, directory, threshold } = question;
  const project = openProjectReadOnly(projectPath);
  try {
    const { status, request } = project.run(runId);
    if (status !== 'finished') throw new AppError('request.run-not-finished', { runId, state: status });
    const run = withThreshold(await readRunRecord(project, runId), threshold);
    const choices = AnnotationRequest.parse(request).query;
    const query = await queryAgain(choices, run.documents.cells.query, signal);
    const study = 'reason' in query ? null : query.study;
    const source = choices.length === 1 && choices[0]!.path.endsWith('.h5ad') ? choices[0]!.path : null;
    const staged = await stageResults(run, { directory, query: study, source, signal });
    const omitted = [
      ...('reason' in query ? [{ name: annotatedCopy, reason: query.reason }] : []),
      ...(savedModel(run) === null ? [{ name: modelFileName, reason: noModel }] : []),
    ];
    return { staged, summary: run.summary, omitted };
  } finally {
    project.close();
  }
}

const annotatedCopy = 'query.annotated.h5ad';
const noModel = 'The run was made before models could be exported. Run it again to get one.';

/** Everything that a finished run left in its project, without what only the explorers read. */
export async function readRunRecord(project: ProjectReader, runId: string): Promise<RunRecord> {
  const { summary, ...documents } = Object.fromEntries(
    project.runDocuments(runId).map((name) => [name, project.runDocument(runId, name)]),
  );
  const arrays: Record<string, NumberArray> = {};
  for (const { name } of project.runArrays(runId)) {
    if (isExplorerArray(name)) continue;
    arrays[name] = (await project.readRunArray(runId, name)) as NumberArray;
  }
  return {
    summary: summary as RunSummaryFile,
    documents: documents as unknown as RunDocuments,
    arrays: arrays as RunArrays,
  };
}

/** The run as if it had been made with another threshold. */
function withThreshold(run: RunRecord, threshold: number | undefined): RunRecord {
  if (threshold === undefined || threshold === run.summary.threshold) return run;
  const moved: RunRecord = { ...run, summary: { ...run.summary, threshold } };
  const shown: Record<string, number> = Object.fromEntries(run.documents.cells.labels.map((label) => [label, 0]));
  for (const label of shownLabels(moved)) shown[label] = (shown[label] ?? 0) + 1;
  return { ...moved, summary: { ...moved.summary, label_counts: { ...run.summary.label_counts, shown } } };
}

/** The query as the run read it, or why it cannot be had any more. */
async function queryAgain(
  choices: readonly StudyChoice[],
  cells: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ study: Study } | { reason: string }> {
  try {
    const studies: Study[] = [];
    for (const choice of choices) studies.push(await readStudyOnFile(choice, { signal }));
    const study = stackStudies(studies);
    if (study.cells.ids.length === cells.length && study.cells.ids.every((id, i) => id === cells[i])) return { study };
    return { reason: 'The query holds other cells now than when the run read it.' };
  } catch (error) {
    if (error instanceof AppError) return { reason: error.message };
    throw error;
  }
}
