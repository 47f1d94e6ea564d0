import type { Handlers } from '#contract/requests';
import type { Services } from './services.ts';

type Group =
  | 'run:features'
  | 'run:feature-values'
  | 'run:columns'
  | 'run:column-values'
  | 'run:markers'
  | 'run:heatmap'
  | 'run:label-means'
  | 'run:why';

/** What the explorers of a result ask for. */
export function resultHandlers({ paths, results }: Services): Pick<Handlers, Group> {
  const within = async <Question extends { readonly projectPath: string }>(question: Question): Promise<Question> => ({
    ...question,
    projectPath: await paths.existing(question.projectPath),
  });
  return {
    'run:features': async (question) => results.features(await within(question)),
    'run:feature-values': async (question) => results.featureValues(await within(question)),
    'run:columns': async ({ projectPath, runId }) => results.columns(await paths.existing(projectPath), runId),
    'run:column-values': async (question) => results.columnValues(await within(question)),
    'run:markers': async ({ projectPath, runId }) => results.markers(await paths.existing(projectPath), runId),
    'run:heatmap': async (question) => results.heatmap(await within(question)),
    'run:label-means': async (question) => results.labelMeans(await within(question)),
    'run:why': async (question) => results.why(await within(question)),
  };
}
