import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '#core/base/cancel';
import type { Study } from '#core/data/study';
import { barcodeRankFigure, type RankedBarcodes } from '#core/figures/barcode-rank-figure';
import { figuresOf } from '#core/figures/figures-of';
import { sketchNote } from '#core/figures/sketch-note';
import { methodById, resolveSettings } from '#core/methods/list';
import { annotate, type PipelineOutcome } from '#core/pipeline';
import { type ScenarioSuggestion, suggestScenario } from '#core/prepare/suggest-scenario';
import type { Method } from '#core/train/method';
import type { AnnotationRequest } from '#contract/annotation-request';
import { createScranLayout } from '#engine/layout/scran-layout';
import { sketchLimits } from '#engine/layout/sketched-layout';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { runningProducts } from '#engine/running-products';
import { startEngine } from '#engine/start-engine';
import { geneSetsFor } from '#formats/gene-sets/shipped-gene-sets';
import { readPair } from '#formats/pair/read-pair';
import { type ExplorerArrays, explorerArrays } from './explorer-arrays.ts';
import { hashInputs } from './hash-inputs.ts';
import { PeakMemory } from './peak-memory.ts';
import type { RunHooks } from './run-hooks.ts';
import { modelCardOf } from './model-card-of.ts';
import { recordOf } from './record-of.ts';
import type { RunRecord } from './run-record.ts';
import { summaryOf } from './summary.ts';
import { StageClock } from './stage-clock.ts';

/** A finished run with what a caller in the same process may still want: the studies and the trained model. */
export interface FinishedRun extends RunRecord {
  readonly query: Study;
  readonly outcome: PipelineOutcome;
  /** What the explorers of the result read; it goes over the query once more. */
  explorers(): Promise<ExplorerArrays>;
}

/**
 * A whole run: reads the files, prepares, trains, labels, interprets, draws. The one place where the science
 * (`core/pipeline`) meets files and engines; the compute process and the command line both call it.
 *
 * Throws `AppError` for what the user can mend, `Cancelled` when the signal was aborted.
 * @param limits from how many cells on the maps are laid out by a sketch
 */
export async function runAnnotation(
  request: AnnotationRequest,
  hooks: RunHooks,
  limits = sketchLimits,
): Promise<FinishedRun> {
  const clock = new StageClock(hooks);
  const memory = new PeakMemory();
  try {
    const method: Method = methodById(request.method);

    clock.stage('read', 0, 'Reading the reference');
    const called: RankedBarcodes[] = [];
    const pair = await readPair(request, {
      signal: hooks.signal,
      store: hooks.rows,
      progress: (fraction, text) => clock.stage('read', 0.9 * fraction, text),
      called: (file, cells) => called.push({ ...cells, file }),
    });
    const { reference, query, queryPeaks } = pair;
    hooks.size?.({ reference: reference.cells.ids.length, query: query.cells.ids.length });
    clock.stage('read', 0.9, 'Fingerprinting the files');
    const inputs = hooks.inputs ?? (await hashInputs(request, hooks.signal));

    const suggestion = scenarioOf(request, reference, query);
    const settings = resolveSettings(method, suggestion.scenario, request.preset, request.settings);
    const geneSets = method.geneSets === true ? await geneSetsFor(request.geneSets, [reference, query]) : null;
    const engine = await startEngine(request.engine, { signal: hooks.signal });
    hooks.engine(engine.description, engine.name !== 'wasm');

    const layout = createScranLayout(limits);
    const annotated = await annotate(
      {
        reference,
        query,
        ...(queryPeaks === undefined ? {} : { queryPeaks }),
        label: request.label,
        ...(request.truth === undefined ? {} : { truthColumn: request.truth }),
        scenario: suggestion.scenario,
        method,
        settings,
        ...(request.tune ? { fixed: Object.keys(request.settings) } : {}),
        seed: request.seed,
        threshold: request.threshold,
        ...(geneSets === null ? {} : { geneSets }),
        layout: request.figures,
      },
      {
        neighbours: createNeighbourSearch(),
        products: runningProducts(),
        rows: hooks.rows,
        layout,
        hooks: {
          signal: hooks.signal,
          stage: clock.stage,
          step: hooks.step,
          ...(hooks.beforeSteps === undefined ? {} : { beforeSteps: hooks.beforeSteps }),
          forming: hooks.forming,
          checkpoints: hooks.checkpoints,
          ...(hooks.stepsBefore === undefined ? {} : { stepsBefore: hooks.stepsBefore }),
        },
        breathe: () => setImmediate(),
      },
    ).finally(() => layout.close());
    const outcome = { ...annotated, notes: [...pair.notes, ...annotated.notes] };

    throwIfCancelled(hooks.signal);
    clock.stage('figures', 0, 'Drawing the figures');
    const figures = request.figures
      ? [...(await figuresOf(figureInput(outcome, request))), ...called.map(barcodeRankFigure)]
      : [];
    await setImmediate();
    throwIfCancelled(hooks.signal);
    const timings = clock.end();
    const summary = summaryOf({
      request,
      suggestion,
      engine,
      inputs,
      outcome,
      timings,
      peakRssBytes: memory.end(),
    });
    const explorers = (): Promise<ExplorerArrays> =>
      explorerArrays({ reference: { cells: reference.cells }, query }, outcome, hooks.signal);
    const card = modelCardOf({ request, scenario: suggestion.scenario, method, inputs, reference, query, outcome });
    return { ...recordOf(summary, outcome, { figures, card }), query, outcome, explorers };
  } finally {
    memory.end();
  }
}

/** The scenario named, or the one that the files suggest. A named one that contradicts the files is the user's right. */
function scenarioOf(request: AnnotationRequest, reference: Study, query: Study): ScenarioSuggestion {
  if (request.scenario === 'auto') return suggestScenario(reference, query);
  return { scenario: request.scenario, reason: 'chosen by the user' };
}

function figureInput(outcome: PipelineOutcome, request: AnnotationRequest): Parameters<typeof figuresOf>[0] {
  if (outcome.layout === null) throw new Error('figures were asked for, and no layout was made');
  return {
    transfer: outcome.transfer,
    pair: outcome.pair,
    layout: outcome.layout.places,
    layoutNote: sketchNote(outcome.layout),
    views: outcome.views,
    patterns: outcome.patterns?.details ?? null,
    markers: outcome.markers,
    truth: outcome.truth,
    assessment: outcome.assessment,
    losses: outcome.losses,
    threshold: request.threshold,
    seed: request.seed,
  };
}
