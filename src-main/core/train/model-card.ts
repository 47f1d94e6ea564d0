import { z } from 'zod';
import { transforms } from '../data/preparation-choices.ts';
import { scenarios } from '../data/scenario.ts';
import { idTypes, modalities, speciesNames } from '../data/study.ts';

/**
 * What is known of a trained model beside its arrays: how it came about, and all that labelling a further query needs, since
 * its cells must enter as those of the run's query did.
 */
export const ModelCard = z.strictObject({
  /** Version of the application that trained it. */
  madeBy: z.string(),
  method: z.string(),
  preset: z.string(),
  /** All settings as trained with. */
  settings: z.record(z.string(), z.unknown()),
  seed: z.int().min(0),
  scenario: z.enum(scenarios),
  /** Confidence that a cell of the run had to exceed to show its label. */
  threshold: z.number().min(0).max(1),
  /** Column of the reference that held the labels. */
  label: z.string(),
  reference: z.strictObject({
    name: z.string(),
    cells: z.int().min(0),
    modality: z.enum(modalities),
    species: z.enum(speciesNames),
    idType: z.enum(idTypes),
  }),
  query: z.strictObject({ name: z.string(), cells: z.int().min(0), modality: z.enum(modalities) }),
  /** [features] ids in the reference, in the order of the model's features. */
  featureIds: z.array(z.string()).min(1),
  preparation: z.strictObject({
    transform: z.enum(transforms),
    topFeatures: z.int().nullable(),
    neighbours: z.int().min(0),
    distance: z.enum(['manhattan', 'euclidean']),
    space: z.boolean().optional(),
  }),
  results: z.strictObject({
    smoothing: z.boolean(),
    attributionRanking: z.enum(['signed', 'absolute']),
    featuresPerCell: z.int().min(1),
    determinantCells: z.enum(['annotated', 'correct']),
  }),
  /** The files that it was trained on, by name. */
  inputs: z.array(z.strictObject({ role: z.string(), name: z.string(), sha256: z.string() })),
});
export type ModelCard = z.output<typeof ModelCard>;
