import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import type { EarlyStop } from '../../train/early-stop.ts';
import type { NamedArrays } from '../../train/method.ts';
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
      ...identity(pair, settings, seed),
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
  if (stored.kind !== CHECKPOINT_KIND || !description.success) {
    throw new AppError('training.checkpoint-of-another-run', {
      what: 'kind',
      here: CHECKPOINT_KIND,
      there: stored.kind,
    });
  }
  const here = identity(pair, settings, seed);
  for (const what of Object.keys(here) as (keyof typeof here)[]) {
    if (here[what] !== description.data[what]) {
      throw new AppError('training.checkpoint-of-another-run', {
        what,
        here: String(here[what]),
        there: String(description.data[what]),
      });
    }
  }
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

const Description = z.strictObject({
  settings: z.string(),
  seed: z.int(),
  features: z.int(),
  labels: z.string(),
  referenceCells: z.int(),
  queryCells: z.int(),
  done: z.int().min(1),
  random: z.tuple([word, word, word, word]),
  earlyStop: z.strictObject({ average: z.number().nullable(), quiet: z.int().min(0) }),
});

/** What must agree between the run that wrote a checkpoint and the run that goes on from it. */
function identity(
  pair: AlignedPair,
  settings: CellPredXSettings,
  seed: number,
): Pick<z.input<typeof Description>, 'settings' | 'seed' | 'features' | 'labels' | 'referenceCells' | 'queryCells'> {
  return {
    settings: JSON.stringify(settings),
    seed,
    features: pair.features.length,
    labels: pair.labels.join('\n'),
    referenceCells: pair.reference.input.rows,
    queryCells: pair.query.input.rows,
  };
}
