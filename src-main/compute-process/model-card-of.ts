import { basename } from 'node:path';
import type { Scenario } from '#core/data/scenario';
import type { Study } from '#core/data/study';
import type { PipelineOutcome } from '#core/pipeline';
import { defaultResultChoices, type Method } from '#core/train/method';
import type { ModelCard } from '#core/train/model-card';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunInput } from './run-record.ts';
import { version } from './summary.ts';

interface CardInput {
  readonly request: AnnotationRequest;
  readonly scenario: Scenario;
  readonly method: Method;
  readonly inputs: readonly RunInput[];
  readonly reference: Study;
  readonly query: Study;
  readonly outcome: PipelineOutcome;
}

/** What is known of the model that a run has trained, for its file. Files are named without their folders. */
export function modelCardOf({ request, scenario, method, inputs, reference, query, outcome }: CardInput): ModelCard {
  const { pair, settings } = outcome;
  return {
    madeBy: version,
    ...{ method: method.id, preset: request.preset, seed: request.seed, threshold: request.threshold },
    ...{ scenario, label: request.label },
    settings: settings as Record<string, unknown>,
    reference: {
      ...{ name: reference.name, cells: pair.reference.cells.length },
      ...{ modality: reference.modality, species: reference.species, idType: reference.features.idType },
    },
    query: { name: query.name, cells: pair.query.cells.length, modality: query.modality },
    featureIds: [...(pair.featureIds ?? pair.features)],
    preparation: method.preparation(settings, scenario),
    results: method.results?.(settings) ?? defaultResultChoices,
    inputs: inputs.map(({ role, path, sha256 }) => ({ role, name: basename(path), sha256 })),
  };
}
