import { setImmediate, setTimeout } from 'node:timers/promises';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import type { AnnotationRequest } from '#contract/annotation-request';
import type { RunHooks, RunOutput } from '#compute/run-hooks';

/** What a test can ask of the tiny runner through the settings of a request. */
interface TinySettings {
  readonly steps?: number;
  readonly stepMs?: number;
  /** At half of the steps: an error of the catalogue, a fault, an exit, a full heap, a loop that hears nothing. */
  readonly trouble?: 'app-error' | 'fault' | 'exit' | 'heap' | 'deaf';
}

const features = 20;

/**
 * A real small training for the tests of the compute process and the queue: logistic regression by stochastic gradient
 * descent on seeded data, with checkpoints that hold weights and random state, through all stages of a run.
 */
export async function runAnnotation(request: AnnotationRequest, hooks: RunHooks): Promise<RunOutput> {
  const { steps = 40, stepMs = 0, trouble } = request.settings as TinySettings;
  hooks.stage('read', 0, 'Reading');
  const truth = Float64Array.from({ length: features }, (_, i) => Math.sin(i + 1));
  await setTimeout(stepMs);
  hooks.stage('prepare', 0, 'Preparing');
  await setTimeout(stepMs);
  hooks.engine('tiny', false);

  hooks.stage('train', 0, 'Training');
  const saved = await hooks.checkpoints?.load();
  const weights = (saved?.arrays['weights']?.values as Float64Array | undefined) ?? new Float64Array(features);
  const state = saved?.description as { step: number; random: [number, number, number, number] } | undefined;
  const random = state === undefined ? new Random(request.seed) : Random.restore(state.random);
  for (let step = (state?.step ?? 0) + 1; step <= steps; step++) {
    throwIfCancelled(hooks.signal);
    const loss = learn(weights, truth, random);
    hooks.step({ step, steps, terms: { loss, total: loss } });
    if (hooks.checkpoints !== undefined && step % hooks.checkpoints.every === 0)
      await hooks.checkpoints.save({
        kind: 'tiny',
        description: { step, random: random.state() },
        arrays: { weights: { shape: [features], values: weights.slice() } },
      });
    if (step === steps >> 1) await cause(trouble);
    await (stepMs > 0 ? setTimeout(stepMs) : setImmediate());
  }

  hooks.stage('predict', 0, 'Labelling');
  await setTimeout(stepMs);
  hooks.stage('write', 0.5, 'Writing');
  return {
    summary: { seed: request.seed, steps, first: weights[0] },
    documents: { markers: Array.from(weights, (weight, i) => ({ feature: `g${i}`, weight })) },
    arrays: {
      weights: { shape: [features], values: weights },
      scores: { shape: [500, features], values: Float32Array.from({ length: 500 * features }, () => random.uniform()) },
    },
  };
}

/** One step on a cell drawn at random; gives its loss. */
function learn(weights: Float64Array, truth: Float64Array, random: Random): number {
  const cell = Float64Array.from(weights, () => random.normal());
  const label = dot(cell, truth) > 0 ? 1 : 0;
  const probability = 1 / (1 + Math.exp(-dot(cell, weights)));
  for (let i = 0; i < weights.length; i++) weights[i]! -= 0.1 * (probability - label) * cell[i]!;
  return -Math.log(Math.max(1e-12, label === 1 ? probability : 1 - probability));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

async function cause(trouble: TinySettings['trouble']): Promise<void> {
  if (trouble === 'app-error') throw new AppError('reading.no-such-file', { path: 'gone.h5ad' });
  if (trouble === 'fault') throw new Error('weights are [20], cells are [19]');
  if (trouble === 'exit') process.exit(9);
  if (trouble === 'heap') for (const kept: number[][] = []; ;) kept.push(new Array<number>(1e6).fill(kept.length));
  if (trouble === 'deaf') for (;;) await Promise.resolve();
}
