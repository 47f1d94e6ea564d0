import type { TuningRecord } from './data/tuning-record.ts';
import { tune } from './methods/tuning/tune.ts';
import { keepTuning, keptTuning } from './methods/tuning/tuned-checkpoints.ts';
import type { PipelineInput, PipelineServices } from './pipeline.ts';
import type { PreparedPairs } from './prepared-pairs.ts';

export interface TunedSettings<Settings> {
  readonly settings: Settings;
  readonly record: TuningRecord;
}

/**
 * Tries settings in short trainings and takes the best, by what speaks for them without labels of the query. A run that goes on
 * after an interruption takes what it had chosen, without trying again.
 */
export async function tunedSettings<Settings>(
  { method, scenario, settings, fixed = [], seed, geneSets }: PipelineInput<Settings>,
  { hooks }: PipelineServices,
  prepared: PreparedPairs<Settings>,
): Promise<TunedSettings<Settings>> {
  const kept = await keptTuning(hooks.checkpoints);
  const known = method.settings.safeParse({ ...settings, ...kept?.trials[kept.chosen]!.changes });
  if (kept !== null && known.success) return { settings: known.data, record: kept };
  const found = await tune({
    method,
    scenario,
    settings,
    fixed,
    seed,
    signal: hooks.signal,
    ...(geneSets === undefined ? {} : { geneSets }),
    prepare: (candidate) => prepared.for(candidate, 'train'),
    told: (trial, of, fraction) =>
      hooks.stage('train', (trial - 1 + fraction) / of, `Trying settings ${trial} of ${of}`),
  });
  await keepTuning(hooks.checkpoints, found.record);
  return found;
}
