import { AppError } from '#core/base/app-error';
import { cellColumnNames, type CellColumnsNote, type KeptColumn, type StudySide } from '#compute/cell-columns';
import type { ExplorerNote } from '#compute/run-record';
import type { CellColumns, CellColumnValues, ColumnOfStudy } from '#contract/result-data';
import type { ProjectReader } from '#store/project';

/** The columns of its studies that a run kept; one that kept none says why: it is of an earlier version, or the disk was full. */
export function columnsOfRun(project: ProjectReader, runId: string): CellColumns {
  const note = readNote(project, runId);
  if (note === null || note.missing !== undefined) {
    return {
      kept: false,
      reason: note?.missing ?? whyNone(project, runId),
      columns: [],
      leftOut: [],
    };
  }
  const names = { query: namesOf(note, 'query'), reference: namesOf(note, 'reference') };
  return {
    kept: true,
    reason: null,
    columns: [...new Set([...names.query, ...names.reference])].map((name) => ({
      name,
      inReference: names.reference.includes(name),
      inQuery: names.query.includes(name),
    })),
    leftOut: (['query', 'reference'] as const).flatMap((study) =>
      note[study].leftOut.map(({ name, why }) => ({ name, study, why })),
    ),
  };
}

/** One column in the cells of both studies. Reads its values and nothing else. Throws `request.no-such-column`. */
export async function columnValues(project: ProjectReader, runId: string, column: string): Promise<CellColumnValues> {
  const found = readNote(project, runId);
  const note = found?.missing === undefined ? found : null;
  const ofStudy = async (side: StudySide): Promise<ColumnOfStudy | null> => {
    const kept = note?.[side].kept.find(({ name }) => name === column);
    return kept === undefined ? null : readValues(project, runId, side, kept);
  };
  const [reference, query] = [await ofStudy('reference'), await ofStudy('query')];
  if (reference === null && query === null) {
    const known = note === null ? [] : columnsOfRun(project, runId).columns.map(({ name }) => name);
    throw new AppError('request.no-such-column', { column, known });
  }
  return { column, reference, query };
}

function readNote(project: ProjectReader, runId: string): CellColumnsNote | null {
  const { status } = project.run(runId);
  if (status !== 'finished') throw new AppError('request.run-not-finished', { runId, state: status });
  if (!project.runDocuments(runId).includes('cellColumns')) return null;
  return project.runDocument(runId, 'cellColumns') as CellColumnsNote;
}

function whyNone(project: ProjectReader, runId: string): string {
  const earlier = 'This run was made by an earlier version, which kept no columns of the studies.';
  if (!project.runDocuments(runId).includes('explorers')) return earlier;
  return (project.runDocument(runId, 'explorers') as ExplorerNote).missing ?? earlier;
}

function namesOf(note: CellColumnsNote, side: StudySide): readonly string[] {
  return note[side].kept.map(({ name }) => name);
}

async function readValues(
  project: ProjectReader,
  runId: string,
  side: StudySide,
  kept: KeptColumn,
): Promise<ColumnOfStudy> {
  const name = cellColumnNames(side)[kept.kind];
  const cells = project.runArrays(runId).find((array) => array.name === name)!.shape[1]!;
  const values = await project.readRunArrayPart(runId, name, kept.row * cells, (kept.row + 1) * cells);
  if (kept.kind === 'number') return { kind: 'number', values: Float32Array.from(values) };
  return { kind: 'categories', codes: Int16Array.from(values), categories: kept.categories };
}
