import type { StudyChoice } from '#contract/annotation-request';
import type { Handlers } from '#contract/requests';
import type { PathGuard } from './path-guard.ts';
import type { Services } from './services.ts';

type Group = 'study:inspect' | 'match:check' | 'methods:list' | 'engines:list';

/** Looking into studies, and what can be done with them on this computer. */
export function studyHandlers({ paths, studies, methods }: Services): Pick<Handlers, Group> {
  return {
    'study:inspect': async ({ choice }) => studies.inspect(await allowedChoice(choice, paths)),
    'match:check': async (question) =>
      studies.match({
        ...question,
        reference: await allowedChoices(question.reference, paths),
        query: await allowedChoices(question.query, paths),
      }),
    'methods:list': () => methods.list(),
    'engines:list': () => studies.engines(),
  };
}

/** The choice with the real paths of its files; throws if one is absent or may not be read. */
export async function allowedChoice(choice: StudyChoice, paths: PathGuard): Promise<StudyChoice> {
  const path = await paths.existing(choice.path);
  if (choice.labelsFile === undefined) return { ...choice, path };
  return { ...choice, path, labelsFile: await paths.existing(choice.labelsFile) };
}

/** The same for several files of one study. */
export function allowedChoices(choices: readonly StudyChoice[], paths: PathGuard): Promise<StudyChoice[]> {
  return Promise.all(choices.map((choice) => allowedChoice(choice, paths)));
}
