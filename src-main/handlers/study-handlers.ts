import type { ChromatinChoice, StudyChoice } from '#contract/annotation-request';
import type { Handlers } from '#contract/requests';
import { buildNamed } from '#formats/gene-models/shipped-gene-models';
import type { PathGuard } from './path-guard.ts';
import type { Services } from './services.ts';

type Group =
  | 'study:inspect'
  | 'gene-sets:check'
  | 'match:check'
  | 'match:progress'
  | 'match:stop'
  | 'methods:list'
  | 'engines:list'
  | 'engines:test';

/** Looking into studies, and what can be done with them on this computer. */
export function studyHandlers({ paths, studies, methods }: Services): Pick<Handlers, Group> {
  return {
    'study:inspect': async ({ choice }) => studies.inspect(await allowedChoice(choice, paths)),
    'match:check': async (question) =>
      studies.match({
        ...question,
        reference: await allowedChoices(question.reference, paths),
        query: await allowedChoices(question.query, paths),
        ...(question.chain === undefined ? {} : { chain: await paths.existing(question.chain) }),
      }),
    'gene-sets:check': async (question) =>
      studies.geneSets({
        ...question,
        reference: await allowedChoices(question.reference, paths),
        query: await allowedChoices(question.query, paths),
        ...(question.path === undefined ? {} : { path: await paths.existing(question.path) }),
      }),
    'match:progress': ({ question }) => Promise.resolve(studies.matchProgress(question)),
    'match:stop': ({ question }) => Promise.resolve(studies.stopMatch(question)),
    'methods:list': () => methods.list(),
    'engines:list': () => studies.engines(),
    'engines:test': ({ name }) => studies.testEngine(name),
  };
}

/** The choice with the real paths of its files; throws if one is absent or may not be read. */
export async function allowedChoice(choice: StudyChoice, paths: PathGuard): Promise<StudyChoice> {
  const { labelsFile, chromatin } = choice;
  return {
    ...choice,
    path: await paths.existing(choice.path),
    ...(labelsFile === undefined ? {} : { labelsFile: await paths.existing(labelsFile) }),
    ...(chromatin === undefined ? {} : { chromatin: await allowedChromatin(chromatin, paths) }),
  };
}

/** An annotation that is the name of a build is no path; everything else is. */
async function allowedChromatin(chromatin: ChromatinChoice, paths: PathGuard): Promise<ChromatinChoice> {
  const { barcodes, annotation, peaks } = chromatin;
  const isBuild = annotation !== undefined && !/[\\/]/.test(annotation) && buildNamed(annotation) !== null;
  return {
    ...chromatin,
    ...(barcodes === undefined ? {} : { barcodes: await paths.existing(barcodes) }),
    ...(annotation === undefined || isBuild ? {} : { annotation: await paths.existing(annotation) }),
    ...(peaks === undefined ? {} : { peaks: await paths.existing(peaks) }),
  };
}

/** The same for several files of one study. */
export function allowedChoices(choices: readonly StudyChoice[], paths: PathGuard): Promise<StudyChoice[]> {
  return Promise.all(choices.map((choice) => allowedChoice(choice, paths)));
}
