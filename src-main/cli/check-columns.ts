import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { chromatinFiles } from '#compute/hash-inputs';
import type { AnnotationRequest, StudyChoice } from '#contract/annotation-request';
import { listedCells } from '#formats/chromatin/fragment-cells';
import { areFragments } from '#formats/chromatin/fragment-columns';
import { holdsIntervals } from '#formats/detect/file-kind';
import { checkRegular } from '#formats/detect/folder';
import { openChoice, slotOf } from '#formats/choose-slot';
import { readLabelsFile } from '#formats/labels/read-labels-file';

/** Of a large table only the beginning is read: its columns are named there. */
const budgetMs = 500;

/**
 * Looks whether the columns that a request names are there, before any matrix is read: opening a file reads its names only.
 * Throws `preparing.no-such-label-column` and `command.no-such-column`, and what opening the files throws.
 */
export async function checkColumns(request: AnnotationRequest): Promise<void> {
  const reference = await columnsOf(request.reference);
  if (!reference.columns.includes(request.label)) {
    const { study, columns } = reference;
    throw new AppError('preparing.no-such-label-column', { study, column: request.label, columns });
  }
  await checkQueryColumns(request);
  const { chain, geneSets } = request;
  for (const path of [...countingFiles(request.reference), chain, geneSets]) {
    if (path !== undefined) await checkRegular(path);
  }
}

/** The same for the query alone. Throws `command.no-such-column`, and what opening the files throws. */
export async function checkQueryColumns({
  query: choices,
  queryPeaks,
  truth,
}: Pick<AnnotationRequest, 'query' | 'queryPeaks' | 'truth'>): Promise<void> {
  const query = await columnsOf(choices); // also without truth: what cannot be opened is refused at once
  if (truth !== undefined && !query.columns.includes(truth)) {
    const known = query.columns.join(', ') || 'none';
    throw new AppError('command.no-such-column', { column: truth, file: query.study, known });
  }
  for (const path of countingFiles(choices)) await checkRegular(path);
  if (queryPeaks !== undefined && !(await holdsIntervals(queryPeaks.path))) await columnsOf([queryPeaks]);
}

/** The files that say how fragments and peaks are counted, also those that this run has no use for: they are listed among its inputs. */
function countingFiles(choices: readonly StudyChoice[]): string[] {
  return choices.flatMap((choice) => chromatinFiles(choice)).map(([, file]) => file);
}

/** Names of the columns that the cells of some files have together, once each. */
async function columnsOf(choices: readonly StudyChoice[]): Promise<{ study: string; columns: readonly string[] }> {
  const names = new Set<string>(choices.length > 1 ? ['batch'] : []); // which file a cell comes from
  for (const choice of choices) {
    if (await areFragments([choice])) {
      const cells = await listedCells(choice);
      for (const name of [...(cells?.columns.keys() ?? []), ...(await columnsOfTable(choice.labelsFile))])
        names.add(name);
      continue;
    }
    const file = await openChoice(choice, { budgetMs });
    try {
      const own = [...(await file.readCells(slotOf(file, choice))).columns.keys()];
      const added = await columnsOfTable(choice.labelsFile);
      for (const name of added) names.add(name);
      for (const name of own) names.add(added.includes(name) ? `${name} (study)` : name);
    } finally {
      file.close();
    }
  }
  return { study: choices.map(({ path }) => basename(path)).join(' + '), columns: [...names] };
}

async function columnsOfTable(path: string | undefined): Promise<string[]> {
  if (path === undefined) return [];
  await checkRegular(path);
  return [...(await readLabelsFile(path)).columns.keys()];
}
