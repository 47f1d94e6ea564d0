import { z } from 'zod';
import type { PreparationNote } from '../../data/aligned-pair.ts';
import type { CheckpointKeeper, NamedArrays, TrainedModel } from '../../train/method.ts';
import { ofAnotherKind, requireSameRun, type RunIdentity, runIdentitySchema } from '../../train/run-checkpoint.ts';

const KIND = 'auto-checkpoint-1';

/** A member that has been trained: its model as it is stored, and the notes that are not stored with a model. */
export interface FinishedMember {
  readonly model: NamedArrays;
  readonly notes: readonly PreparationNote[];
}

/**
 * The checkpoints of a consensus: the models of the members that have been trained, and the last checkpoint of the one that
 * is being trained. Without a keeper nothing is kept.
 */
export class MemberCheckpoints {
  readonly #keeper: CheckpointKeeper | undefined;
  readonly #identity: RunIdentity;
  readonly #finished: FinishedMember[];
  #current: NamedArrays | null;

  private constructor(keeper: CheckpointKeeper | undefined, identity: RunIdentity, { finished, current }: Parts) {
    this.#keeper = keeper;
    this.#identity = identity;
    this.#finished = [...finished];
    this.#current = current;
  }

  /** Begins with what an earlier attempt left. @throws AppError where that belongs to another run */
  static async begin(keeper: CheckpointKeeper | undefined, identity: RunIdentity): Promise<MemberCheckpoints> {
    const stored = (await keeper?.load()) ?? null;
    return new MemberCheckpoints(keeper, identity, stored === null ? nothing : read(identity, stored));
  }

  /** The member at this place, if it has been trained already. */
  finished(place: number): FinishedMember | undefined {
    return this.#finished[place];
  }

  /** Takes the checkpoints of the member that is trained next. */
  get ofNext(): CheckpointKeeper | undefined {
    const keeper = this.#keeper;
    if (keeper === undefined) return undefined;
    return {
      get every() {
        return keeper.every;
      },
      load: () => Promise.resolve(this.#current),
      save: (current) => keeper.save(written(this.#identity, { finished: this.#finished, current })),
    };
  }

  /** The member that was being trained is done. */
  async ended(model: TrainedModel): Promise<void> {
    this.#current = null;
    if (this.#keeper === undefined) return;
    this.#finished.push({ model: model.save(), notes: model.notes ?? [] });
    await this.#keeper.save(written(this.#identity, { finished: this.#finished, current: null }));
  }
}

interface Parts {
  readonly finished: readonly FinishedMember[];
  readonly current: NamedArrays | null;
}

const nothing: Parts = { finished: [], current: null };
const CURRENT = 'current';

const Part = z.strictObject({ kind: z.string(), description: z.unknown() });
const Note = z.custom<PreparationNote>((value) => typeof value === 'object' && value !== null && 'text' in value);
const Description = z.strictObject({
  identity: runIdentitySchema,
  finished: z.array(z.strictObject({ ...Part.shape, notes: z.array(Note) })),
  current: Part.nullable(),
});

function written(identity: RunIdentity, { finished, current }: Parts): NamedArrays {
  const under = (folder: string, { arrays }: NamedArrays): [string, NamedArrays['arrays'][string]][] =>
    Object.entries(arrays).map(([name, array]) => [`${folder}/${name}`, array]);
  return {
    kind: KIND,
    description: {
      identity,
      finished: finished.map(({ model, notes }) => ({ kind: model.kind, description: model.description, notes })),
      current: current === null ? null : { kind: current.kind, description: current.description },
    },
    arrays: Object.fromEntries([
      ...finished.flatMap(({ model }, place) => under(String(place), model)),
      ...(current === null ? [] : under(CURRENT, current)),
    ]),
  };
}

function read(identity: RunIdentity, stored: NamedArrays): Parts {
  const found = Description.safeParse(stored.description);
  if (stored.kind !== KIND || !found.success) throw ofAnotherKind(KIND, stored.kind);
  requireSameRun(identity, found.data.identity);
  const part = (folder: string, { kind, description }: { kind: string; description?: unknown }): NamedArrays => ({
    ...{ kind, description },
    arrays: Object.fromEntries(
      Object.entries(stored.arrays)
        .filter(([name]) => name.startsWith(`${folder}/`))
        .map(([name, array]) => [name.slice(folder.length + 1), array]),
    ),
  });
  const { finished, current } = found.data;
  return {
    finished: finished.map((one, place) => ({ model: part(String(place), one), notes: one.notes })),
    current: current === null ? null : part(CURRENT, current),
  };
}
