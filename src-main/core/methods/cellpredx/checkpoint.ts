import { z } from 'zod';
import { Random } from '../../base/random.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import type { EarlyStop } from '../../train/early-stop.ts';
import type { NamedArrays } from '../../train/method.ts';
import { ofAnotherKind, requireSameRun, runIdentity, runIdentitySchema } from '../../train/run-checkpoint.ts';
import type { StateArrays } from './network.ts';
import type { CellPredXSettings } from './settings.ts';

export const CHECKPOINT_KIND = 'cellpredx-checkpoint-1';

/** All that the rest of a training run depends on. */
export interface Progress {
  /** Steps done. */
  readonly done: number;
  readonly state: StateArrays;
  /** Draws the batches; moves on with every step. */
  readonly random: Random;
  readonly earlyStop: EarlyStop;
}

/** The progress with what identifies the run. */
export function writeCheckpoint(
  progress: Progress,
  pair: AlignedPair,
  settings: CellPredXSettings,
  seed: number,
): NamedArrays {
  return {
    kind: CHECKPOINT_KIND,
    description: {
      ...runIdentity(pair, settings, seed),
      done: progress.done,
      random: [...progress.random.state()],
      earlyStop: progress.earlyStop,
    } satisfies z.input<typeof Description>,
    arrays: progress.state,
  };
}

/** The progress a checkpoint holds; refused where it belongs to other settings, another seed or other data. */
export function readCheckpoint(
  stored: NamedArrays,
  pair: AlignedPair,
  settings: CellPredXSettings,
  seed: number,
): Progress {
  const description = Description.safeParse(stored.description);
  if (stored.kind !== CHECKPOINT_KIND || !description.success) throw ofAnotherKind(CHECKPOINT_KIND, stored.kind);
  requireSameRun(runIdentity(pair, settings, seed), description.data);
  const state = Object.fromEntries(
    Object.entries(stored.arrays).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float32Array.from(values) },
    ]),
  );
  return {
    done: description.data.done,
    state,
    random: Random.restore(description.data.random),
    earlyStop: description.data.earlyStop,
  };
}

const word = z.int().min(0).max(0xffffffff);

const Description = runIdentitySchema.extend({
  done: z.int().min(1),
  random: z.tuple([word, word, word, word]),
  earlyStop: z.strictObject({ average: z.number().nullable(), quiet: z.int().min(0) }),
});
