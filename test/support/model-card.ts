import type { ModelCard } from '#core/train/model-card';

/** The card of a model on these features, as a run on two small RNA studies would leave it. */
export function modelCard(features: readonly string[], more: Partial<ModelCard> = {}): ModelCard {
  return {
    ...{ madeBy: '0.1.0', method: 'cellpredx', preset: 'recommended', settings: {}, seed: 7 },
    ...{ scenario: 'rna-rna', threshold: 0.5, label: 'cell_type' },
    reference: { name: 'reference.h5ad', cells: 60, modality: 'rna', species: 'human', idType: 'symbol' },
    query: { name: 'query.h5ad', cells: 45, modality: 'rna' },
    featureIds: [...features],
    preparation: { transform: 'lognorm', topFeatures: null, neighbours: 5, distance: 'manhattan' },
    results: { smoothing: false, attributionRanking: 'signed', featuresPerCell: 50, determinantCells: 'annotated' },
    inputs: [{ role: 'reference', name: 'reference.h5ad', sha256: 'a1' }],
    ...more,
  };
}
