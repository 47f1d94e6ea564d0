import { AppError } from './base/app-error.ts';
import type { Study } from './data/study.ts';
import { labelledQuery } from './labelled-query.ts';
import { LossRecord, type PipelineOutcome, type PipelineServices, trueLabels } from './pipeline.ts';
import { alignToModel } from './prepare/align-to-model.ts';
import type { TrainedModel } from './train/method.ts';
import type { ModelCard } from './train/model-card.ts';

export interface ModelLabelling {
  readonly model: TrainedModel;
  readonly card: ModelCard;
  readonly query: Study;
  /** The query's own peaks, for its neighbours. */
  readonly queryPeaks?: Study;
  /** Column of the query's cells with true labels, for scoring only. */
  readonly truthColumn?: string;
  readonly threshold: number;
}

/**
 * The stages of `annotate` that a query goes through whose model is there already: prepare, predict, interpret. The same query
 * as in the run that trained the model gets the same labels.
 * @throws AppError as `alignToModel` does; `command.no-such-column`; `training.model-unreadable` where card and model do not fit
 * @returns what a run gives, without reference cells, losses, and the figures that need both studies; how many features of
 *   the model the query lacks
 */
export async function labelWithModel(
  { model, card, query, queryPeaks, truthColumn, threshold }: ModelLabelling,
  services: PipelineServices,
): Promise<PipelineOutcome & { readonly missing: number }> {
  const { hooks } = services;
  const truth = trueLabels(query, truthColumn);
  const { seed, preparation, results } = card;
  const { space, ...others } = preparation;
  const { pair, missing } = await alignToModel({
    ...{ query, seed, scenario: card.scenario, features: model.features, labels: model.labels },
    ...(queryPeaks === undefined ? {} : { queryPeaks }),
    side: modelSide(model, card),
    trainedFor: card.query.modality,
    choices: space === undefined ? others : { ...others, space },
    graph: model.among !== undefined && preparation.neighbours > 0,
    ...{ neighbours: services.neighbours, products: services.products, store: services.rows, signal: hooks.signal },
    progress: (fraction, text) => {
      hooks.stage('prepare', fraction, text);
      return services.breathe();
    },
  });
  const labelled = await labelledQuery(
    { model, pair, choices: results, truth, valueKind: query.valueKind, threshold, seed },
    services,
  );
  return {
    ...labelled,
    ...{ settings: card.settings, tuning: null, pair, model, truth, missing },
    ...{ layout: null, views: null, losses: new LossRecord() },
    notes: pair.notes,
  };
}

/** The model's features as a study of its own would name them. */
function modelSide(
  { features }: TrainedModel,
  { reference, featureIds }: ModelCard,
): Parameters<typeof alignToModel>[0]['side'] {
  const { modality, species, idType } = reference;
  if (featureIds.length !== features.length) {
    const found = `one with ${featureIds.length} ids of features`;
    throw new AppError('training.model-unreadable', {
      found,
      needed: `one for each of its ${features.length} features`,
    });
  }
  return {
    ...{ name: `the model of ${reference.name}`, modality, species },
    features: { ids: featureIds, names: features, idType, columns: new Map() },
  };
}
