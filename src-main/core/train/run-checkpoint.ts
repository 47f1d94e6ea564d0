import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { Random } from '../base/random.ts';
import type { AlignedPair } from '../data/aligned-pair.ts';
import type { NamedArrays } from './method.ts';
import type { NetworkArrays } from './network-arrays.ts';

/** All that the rest of a training run depends on. `More` is what a method keeps besides, as plain JSON. */
export interface RunProgress<More> {
  /** Steps done. */
  readonly done: number;
  readonly state: NetworkArrays;
  /** Draws the batches; moves on with every step. */
  readonly random: Random;
  readonly more: More;
}

/** What must agree between the run that wrote a checkpoint and the run that goes on from it. */
export interface RunIdentity {
  readonly settings: string;
  readonly seed: number;
  readonly features: number;
  readonly labels: string;
  readonly referenceCells: number;
  readonly queryCells: number;
}

/** Identity of a run of these settings and this seed on this pair. */
export function runIdentity(pair: AlignedPair, settings: unknown, seed: number): RunIdentity {
  return {
    settings: JSON.stringify(settings),
    seed,
    features: pair.features.length,
    labels: pair.labels.join('\n'),
    referenceCells: pair.reference.input.rows,
    queryCells: pair.query.input.rows,
  };
}

/** The progress with what identifies the run. @param kind of the method's checkpoints, with their version */
export function writeRunCheckpoint<More>(
  kind: string,
  identity: RunIdentity,
  progress: RunProgress<More>,
): NamedArrays {
  const { done, random, more, state } = progress;
  return { kind, description: { identity, done, random: [...random.state()], more }, arrays: state };
}

/**
 * The progress a checkpoint holds.
 * @throws AppError where it is of another kind, or belongs to other settings, another seed or other data
 */
export function readRunCheckpoint<More>(
  kind: string,
  identity: RunIdentity,
  stored: NamedArrays,
  more: z.ZodType<More>,
): RunProgress<More> {
  const found = descriptionWith(more).safeParse(stored.description);
  if (stored.kind !== kind || !found.success) throw ofAnotherKind(kind, stored.kind);
  requireSameRun(identity, found.data.identity);
  const state = Object.entries(stored.arrays).map(
    ([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }] as const,
  );
  return {
    done: found.data.done,
    state: Object.fromEntries(state),
    random: Random.restore(found.data.random),
    more: found.data.more as More,
  };
}

/** For a checkpoint that is of another kind, or cannot be read as one of this kind. */
export function ofAnotherKind(here: string, there: string): AppError {
  return new AppError('training.checkpoint-of-another-run', { what: 'kind', here, there });
}

/** @throws AppError where a checkpoint belongs to other settings, another seed or other data */
export function requireSameRun(identity: RunIdentity, stored: RunIdentity): void {
  for (const what of Object.keys(identity) as (keyof RunIdentity)[]) {
    const [here, there] = [identity[what], stored[what]];
    if (here !== there) {
      throw new AppError('training.checkpoint-of-another-run', { what, here: String(here), there: String(there) });
    }
  }
}

/** How a `RunIdentity` is stored. */
export const runIdentitySchema = z.strictObject({
  settings: z.string(),
  seed: z.int(),
  features: z.int(),
  labels: z.string(),
  referenceCells: z.int(),
  queryCells: z.int(),
});

const word = z.int().min(0).max(0xffffffff);

function descriptionWith<More>(more: z.ZodType<More>) {
  return z.strictObject({
    identity: runIdentitySchema,
    done: z.int().min(1),
    random: z.tuple([word, word, word, word]),
    more,
  });
}
