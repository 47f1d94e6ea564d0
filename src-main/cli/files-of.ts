import type { AnnotationRequest } from '#contract/annotation-request';
import { chromatinFiles } from '#compute/hash-inputs';

/** Every file that a run reads. */
export function filesOf(
  request: Pick<AnnotationRequest, 'reference' | 'query' | 'queryPeaks' | 'chain' | 'geneSets'>,
): string[] {
  const choices = [...request.reference, ...request.query, ...(request.queryPeaks ? [request.queryPeaks] : [])];
  const files = choices.flatMap((choice) => [
    choice.path,
    ...(choice.labelsFile === undefined ? [] : [choice.labelsFile]),
    ...chromatinFiles(choice).map(([, path]) => path),
  ]);
  const single = [request.chain, request.geneSets].filter((path) => path !== undefined);
  return [...files, ...single];
}
