import { AppError } from '../../base/app-error.ts';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import type { GeneSetLibrary } from '../../data/gene-sets.ts';
import type { Scenario } from '../../data/scenario.ts';
import type { TuningRecord, TuningTrial } from '../../data/tuning-record.ts';
import { likeliest } from '../../train/hold-out.ts';
import type { Method } from '../../train/method.ts';
import { agreementError, neighbourAgreement } from '../auto/neighbours.ts';
import { reverseTransfer } from './reverse-transfer.ts';

export interface TuneInput<Settings> {
  readonly method: Method<Settings>;
  readonly scenario: Scenario;
  /** The settings to begin with; they are the first trial. */
  readonly settings: Settings;
  /** Names of settings that a person chose, which stay. */
  readonly fixed: readonly string[];
  readonly seed: number;
  readonly signal?: CancelSignal;
  /** For methods that read cells through gene sets. */
  readonly geneSets?: GeneSetLibrary;
  /** The pair as it is prepared for some settings. */
  prepare(settings: Settings): Promise<AlignedPair>;
  /** Told before each trial and while it goes on: 1 … of, and the fraction of it that is done. */
  told(trial: number, of: number, fraction: number): void;
}

/** Whether a method has settings that tuning can try. */
export function canTune(method: Method): boolean {
  return method.tuning !== undefined;
}

/**
 * Tries the settings that the method names for tuning, each in a short training on the pair, and takes those of the largest
 * score, where it exceeds that of the settings begun with by more than its standard error, else these (the rule of one standard
 * error, Breiman et al. 1984): a few cells more or less are no reason. No label of the query is looked at. The score is the mean of
 *
 * - the agreement of neighbours: how far cells that are near in the query's own, untrained space share a predicted label,
 *   beyond chance (`neighbourAgreement`), which falls where training breaks up what lies together;
 * - reverse transfer: how much of each label of the reference is found again from the query's predicted labels, in the learned
 *   space (`reverseTransfer`), which falls where labels are mixed up or rare ones forgotten.
 *
 * @throws AppError where the method has nothing to tune
 */
export async function tune<Settings>(
  input: TuneInput<Settings>,
): Promise<{ readonly settings: Settings; readonly record: TuningRecord }> {
  const { method, fixed, told } = input;
  if (method.tuning === undefined) throw new AppError('training.nothing-to-tune', { method: method.title });
  const candidates = [input.settings];
  for (const changes of method.tuning.trials(input.scenario)) {
    const free = Object.fromEntries(Object.entries(changes).filter(([name]) => !fixed.includes(name)));
    const candidate: Settings = { ...input.settings, ...free };
    if (!candidates.some((known) => JSON.stringify(known) === JSON.stringify(candidate))) candidates.push(candidate);
  }
  const trials: TuningTrial[] = [];
  let margin = 0;
  for (const [place, settings] of candidates.entries()) {
    throwIfCancelled(input.signal);
    told(place + 1, candidates.length, 0);
    const { error, ...measured } = await trial(input, settings, (fraction) =>
      told(place + 1, candidates.length, fraction),
    );
    if (place === 0) margin = error / 2; // the score is a mean of two
    trials.push({
      changes: changesOf(input.settings, settings),
      ...measured,
      score: (measured.neighbours + measured.reverse) / 2,
    });
  }
  const best = Math.max(...trials.map(({ score }) => score));
  const chosen = best > trials[0]!.score + margin ? trials.findIndex(({ score }) => score === best) : 0;
  return { settings: candidates[chosen]!, record: { trials, margin, chosen } };
}

async function trial<Settings>(
  { method, seed, signal, geneSets, prepare }: TuneInput<Settings>,
  settings: Settings,
  told: (fraction: number) => void,
): Promise<{ neighbours: number; reverse: number; error: number }> {
  const pair = await prepare(settings);
  const K = pair.labels.length;
  const model = await method.train(pair, method.tuning!.shortened(settings), {
    seed,
    ...(signal === undefined ? {} : { signal }),
    ...(geneSets === undefined ? {} : { geneSets }),
    report: (progress) => told(progress.step / progress.steps),
  });
  try {
    const query = await model.apply(pair.query, signal);
    const reference = await model.apply(pair.reference, signal);
    const label = likeliest(query.probabilities, K);
    return {
      neighbours: neighbourAgreement(label, K, pair.query.neighbours),
      error: agreementError(label, K, pair.query.neighbours),
      reverse: reverseTransfer(
        { embedding: query.embedding, label },
        { embedding: reference.embedding, label: pair.reference.label },
        query.width,
        K,
      ),
    };
  } finally {
    model.dispose();
  }
}

/** What differs of the settings, by name. */
function changesOf<Settings>(from: Settings, to: Settings): Record<string, unknown> {
  const before = from as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(to as Record<string, unknown>).filter(
      ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value),
    ),
  );
}
