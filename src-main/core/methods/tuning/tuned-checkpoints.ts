import { z } from 'zod';
import type { TuningRecord } from '../../data/tuning-record.ts';
import type { CheckpointKeeper, NamedArrays } from '../../train/method.ts';

const KIND = 'tuned-checkpoint-1';

const Trial = z.strictObject({
  changes: z.record(z.string(), z.unknown()),
  neighbours: z.number(),
  reverse: z.number(),
  score: z.number(),
});
/** `within` is the checkpoint of the method itself; null before it kept one. */
const Description = z.strictObject({
  record: z.strictObject({ trials: z.array(Trial).min(1), margin: z.number(), chosen: z.int().min(0) }),
  within: z.strictObject({ kind: z.string(), description: z.unknown() }).nullable(),
});

/** What tuning chose in an earlier attempt of the run, so that its trials need not be repeated; null where nothing was kept. */
export async function keptTuning(keeper: CheckpointKeeper | undefined): Promise<TuningRecord | null> {
  const found = described((await keeper?.peek?.()) ?? null);
  return found === null || found.record.chosen >= found.record.trials.length ? null : found.record;
}

/** Keeps what tuning chose before anything of the method itself is kept. */
export async function keepTuning(keeper: CheckpointKeeper | undefined, record: TuningRecord): Promise<void> {
  await keeper?.save({ kind: KIND, description: { record, within: null }, arrays: {} });
}

/** The same keeper for a method that is trained with tuned settings: each of its checkpoints holds what tuning chose beside it. */
export function tunedCheckpoints(keeper: CheckpointKeeper, record: TuningRecord): CheckpointKeeper {
  return {
    get every() {
      return keeper.every;
    },
    async load() {
      const stored = await keeper.load();
      const found = described(stored);
      if (stored === null || found === null) return stored; // of a run that was not tuned: the method says what it is
      return found.within === null ? null : { ...found.within, arrays: stored.arrays };
    },
    save: ({ kind, description, arrays }) =>
      keeper.save({ kind: KIND, description: { record, within: { kind, description } }, arrays }),
  };
}

function described(stored: NamedArrays | null): z.output<typeof Description> | null {
  if (stored === null || stored.kind !== KIND) return null;
  const found = Description.safeParse(stored.description);
  return found.success ? found.data : null;
}
