import type { FoundPatterns, LabelPatterns } from '#core/data/label-patterns';
import type { PipelineOutcome } from '#core/pipeline';
import type { ModelCard } from '#core/train/model-card';
import type { NumberArray, RunRecord } from './run-record.ts';

function tablesOf({ patterns, keyGenes }: FoundPatterns): LabelPatterns {
  return { patterns, keyGenes };
}

/**
 * What a finished run leaves behind, from what the pipeline gave.
 * @param card of the model that it trained; null where it labelled with a saved one
 */
export function recordOf(
  summary: RunRecord['summary'],
  outcome: PipelineOutcome,
  { figures, card }: { readonly figures: RunRecord['documents']['figures']; readonly card: ModelCard | null },
): RunRecord {
  const { pair, model, transfer, layout, views, losses } = outcome;
  const saved = model.save();
  const rows = (values: Float32Array, width: number): NumberArray => ({
    shape: [values.length / width, width],
    values,
  });
  const list = (values: Float32Array | Int32Array): NumberArray => ({ shape: [values.length], values });
  return {
    summary,
    documents: {
      cells: { reference: transfer.reference.cells, query: transfer.query.cells, labels: transfer.labels },
      truth: outcome.truth,
      emptyCells: emptyCells(transfer.query.empty),
      markers: outcome.markers,
      ...(outcome.patterns === null ? {} : { patterns: tablesOf(outcome.patterns) }),
      figures,
      assessment: outcome.assessment,
      keyGenes: outcome.keyGenes,
      notes: outcome.notes,
      losses: { steps: losses.steps, terms: losses.terms },
      model: { kind: saved.kind, description: saved.description },
      ...(card === null ? {} : { modelCard: card }),
      trainedFeatures: pair.features,
      ...(views === null ? {} : { rawMap: { how: views.raw.how } }),
    },
    arrays: {
      'query/embedding': rows(transfer.query.embedding, transfer.query.width),
      'query/probabilities': rows(transfer.query.probabilities, transfer.labels.length),
      'query/predicted': list(transfer.query.predicted),
      'query/confidence': list(transfer.query.confidence),
      'reference/embedding': rows(transfer.reference.embedding, transfer.reference.width),
      'reference/label': list(pair.reference.label),
      ...(layout === null ? {} : { 'layout/umap': rows(layout.places, 2) }),
      ...(layout?.sketch == null ? {} : { 'layout/sketch': list(layout.sketch) }),
      ...(views === null ? {} : { 'layout/raw': rows(views.raw.places, 2), 'layout/raw-cells': list(views.raw.cells) }),
      ...Object.fromEntries(Object.entries(saved.arrays).map(([name, array]) => [`model/${name}`, array])),
    },
  };
}

function emptyCells(flags: Uint8Array | undefined): number[] {
  const cells: number[] = [];
  flags?.forEach((flag, cell) => {
    if (flag === 1) cells.push(cell);
  });
  return cells;
}
