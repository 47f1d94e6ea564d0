import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { Random } from '../../base/random.ts';
import type { AlignedPair } from '../../data/aligned-pair.ts';
import type { EarlyStop } from '../../train/early-stop.ts';
import type { NamedArrays } from '../../train/method.ts';
import { type CellPredXState, stateFromTensors, stateTensors } from './network.ts';
import type { CellPredXSettings } from './settings.ts';

export const CHECKPOINT_KIND = 'cellpredx-checkpoint-1';

/** All that the rest of a training run depends on. */
export interface Progress {
  /** Steps done. */
  readonly done: number;
  readonly state: CellPredXState;
  /** Draws the batches; moves on with every step. */
  readonly random: Random;
  readonly earlyStop: EarlyStop;
}

/** The progress as arrays, with what identifies the run. The tensors stay where they are. */
export async function writeCheckpoint(
  progress: Progress,
  pair: AlignedPair,
  settings: CellPredXSettings,
  seed: number,
): Promise<NamedArrays> {
  const arrays: Record<string, { shape: number[]; values: Float32Array }> = {};
  for (const [name, tensor] of Object.entries(stateTensors(progress.state))) {
    arrays[name] = { shape: tensor.shape, values: await tensor.data<'float32'>() };
  }
  return {
    kind: CHECKPOINT_KIND,
    description: {
      ...identity(pair, settings, seed),
      done: progress.done,
      random: [...progress.random.state()],
      earlyStop: progress.earlyStop,
    } satisfies z.input<typeof Description>,
    arrays,
  };
}

/** The progress a checkpoint holds, on the engine; refused where it belongs to other settings, another seed or other data. */
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
  const tensors = Object.fromEntries(
    Object.entries(stored.arrays).map(([name, { shape, values }]) => [
      name,
      tf.tensor(Float32Array.from(values), [...shape]),
    ]),
  );
  return {
    done: description.data.done,
    state: stateFromTensors(tensors),
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
