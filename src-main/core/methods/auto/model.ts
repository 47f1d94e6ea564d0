import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import type { PreparationNote } from '../../data/aligned-pair.ts';
import type { ConsensusAccount } from '../../data/consensus-account.ts';
import { type Transform, transforms } from '../../data/preparation-choices.ts';
import type { NamedArrays, TrainedModel } from '../../train/method.ts';
import { readSavedModel, savedModelFields } from '../../train/saved-model.ts';
import { heard, members as known, type TrainedMember } from './members.ts';
import { spread, strengths } from './neighbours.ts';

const KIND = 'auto-model-1';

/** Everything a trained consensus is. */
export interface AutoModelData {
  readonly labels: readonly string[];
  readonly features: readonly string[];
  readonly members: readonly TrainedMember[];
  /** How the rows are prepared that `apply` takes. */
  readonly prepared: Transform;
  /** Whether labels settle among neighbours. */
  readonly settle: boolean;
  readonly steps: number;
  readonly account: ConsensusAccount | null;
  readonly notes: readonly PreparationNote[];
  readonly settings: unknown;
}

/**
 * The mean of the members' probabilities. A cell lies where CellPredX puts it, and the features that decided are those of
 * CellPredX, too. How strongly neighbours count (`among`) is told anew by every query.
 */
export function autoModel(data: AutoModelData): TrainedModel {
  const { labels, features, members, prepared, account } = data;
  return {
    methodId: 'auto',
    labels,
    features,
    steps: data.steps,
    ended: 'all-steps',
    notes: data.notes,
    ...(account === null ? {} : { account }),
    affine: members[0]!.model.affine,
    async apply(rows, signal) {
      const { mean, width, embedding } = await heard(members, prepared, rows, signal);
      return { width, embedding, probabilities: mean };
    },
    among(probabilities, neighbours) {
      if (!data.settle) return probabilities;
      const K = labels.length;
      return spread(probabilities, K, neighbours, strengths(probabilities, K, neighbours));
    },
    save: () => saved(data),
    dispose: () => members.forEach(({ model }) => model.dispose()),
  };
}

const Description = z.strictObject({
  ...savedModelFields,
  prepared: z.enum(transforms),
  settle: z.boolean(),
  members: z
    .array(z.strictObject({ id: z.string(), takes: z.enum(transforms), kind: z.string(), description: z.unknown() }))
    .min(1),
});

function saved(data: AutoModelData): NamedArrays {
  const { labels, features, members, prepared, settle, steps, settings } = data;
  const stored = members.map(({ model, takes }) => ({ id: model.methodId, takes, ...model.save() }));
  return {
    kind: KIND,
    description: {
      ...{ labels, features, steps, ended: 'all-steps', settings, prepared, settle },
      members: stored.map(({ id, takes, kind, description }) => ({ id, takes, kind, description })),
    },
    arrays: Object.fromEntries(
      stored.flatMap(({ id, arrays }) => Object.entries(arrays).map(([name, array]) => [`${id}/${name}`, array])),
    ),
  };
}

/** The consensus that `save` wrote; refused where it, or one of its members, is not what was written. */
export function restoreAuto(stored: NamedArrays): TrainedModel {
  const { description } = readSavedModel(stored, KIND, Description);
  const members = description.members.map(({ id, takes, kind, description: own }): TrainedMember => {
    const method = known.find((candidate) => candidate.id === id);
    if (method === undefined) {
      throw new AppError('training.model-unreadable', {
        found: `with the member "${id}"`,
        needed: known.map((candidate) => candidate.id).join(', '),
      });
    }
    const arrays = Object.fromEntries(
      Object.entries(stored.arrays)
        .filter(([name]) => name.startsWith(`${id}/`))
        .map(([name, array]) => [name.slice(id.length + 1), array]),
    );
    return { takes, model: method.restore({ kind, description: own, arrays }) };
  });
  const { labels, features, prepared, settle, steps, settings } = description;
  return autoModel({ labels, features, prepared, settle, steps, settings, members, account: null, notes: [] });
}
