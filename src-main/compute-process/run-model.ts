import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { Study } from '#core/data/study';
import { labelWithModel } from '#core/label-with-model';
import { methodById } from '#core/methods/list';
import { kindOfFeatures } from '#core/prepare/match-features';
import type { AnnotationRequest } from '#contract/annotation-request';
import { createScranLayout } from '#engine/layout/scran-layout';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { runningProducts } from '#engine/running-products';
import { startEngine } from '#engine/start-engine';
import { readQuery } from '#formats/pair/read-query';
import { readModelFile } from '#store/model-file';
import { hashInputs } from './hash-inputs.ts';
import { PeakMemory } from './peak-memory.ts';
import { recordOf } from './record-of.ts';
import type { RunHooks } from './run-hooks.ts';
import type { ModelOrigin, RunRecord } from './run-record.ts';
import { StageClock } from './stage-clock.ts';
import { summaryOf } from './summary.ts';

/** What labelling with a saved model is asked for. */
export interface ModelRequest extends Pick<AnnotationRequest, 'query' | 'queryPeaks' | 'truth' | 'engine'> {
  /** Path of the model file. */
  readonly model: string;
  /** Confidence that a cell must exceed to show its label; null for that of the run that trained the model. */
  readonly threshold: number | null;
}

/** Labels with a saved model: as `runAnnotation`, without a reference and without training. */
export async function runModel(request: ModelRequest, hooks: RunHooks): Promise<RunRecord & { readonly query: Study }> {
  const clock = new StageClock(hooks);
  const memory = new PeakMemory();
  try {
    clock.stage('read', 0, 'Reading the model');
    const { card, model: saved } = await readModelFile(request.model);
    const engine = await startEngine(request.engine, { signal: hooks.signal });
    hooks.engine(engine.description, engine.name !== 'wasm');
    const model = methodById(card.method).restore(saved);
    const peaks = kindOfFeatures({ modality: card.reference.modality, features: card.reference }) === 'peaks';
    const { query, queryPeaks, notes } = await readQuery(
      request,
      { peaks: peaks ? model.features : null, graph: model.among !== undefined },
      {
        signal: hooks.signal,
        store: hooks.rows,
        progress: (fraction, text) => clock.stage('read', 0.9 * fraction, text),
      },
    );
    clock.stage('read', 0.9, 'Fingerprinting the files');
    const inputs = await hashInputs({ reference: [], ...request }, hooks.signal);

    const layout = createScranLayout();
    const threshold = request.threshold ?? card.threshold;
    const labelled = await labelWithModel(
      {
        ...{ model, card, query, threshold },
        ...(queryPeaks === undefined ? {} : { queryPeaks }),
        ...(request.truth === undefined ? {} : { truthColumn: request.truth }),
      },
      {
        neighbours: createNeighbourSearch(),
        products: runningProducts(),
        rows: hooks.rows,
        layout,
        hooks: { signal: hooks.signal, stage: clock.stage, step: hooks.step, checkpoints: undefined },
        breathe: () => setImmediate(),
      },
    ).finally(() => layout.close());
    throwIfCancelled(hooks.signal);
    const outcome = { ...labelled, notes: [...notes, ...labelled.notes] };
    const origin: ModelOrigin = {
      ...{ file: basename(request.model), made_by: card.madeBy },
      reference: { name: card.reference.name, cells: card.reference.cells, label: card.label },
      query: { name: card.query.name, cells: card.query.cells },
      ...{ inputs: card.inputs, missing_features: labelled.missing },
    };
    const summary = summaryOf({
      request: { method: card.method, preset: card.preset, seed: card.seed, threshold },
      suggestion: { scenario: card.scenario, reason: 'that of the run that trained the model' },
      ...{ engine, inputs, outcome, model: origin, timings: clock.end(), peakRssBytes: memory.end() },
    });
    return { ...recordOf(summary, outcome, { figures: [], card: null }), query };
  } finally {
    memory.end();
  }
}
