import { z } from 'zod';
import type { NamedArrays } from '../../train/method.ts';
import { ofAnotherKind, requireSameRun, type RunIdentity, runIdentitySchema } from '../../train/run-checkpoint.ts';
import type { PenaltySearch } from './choose-penalty.ts';

const Description = z.strictObject({
  identity: runIdentitySchema,
  tried: z.int().min(0),
  ended: z.boolean(),
  best: z.strictObject({ place: z.int().min(0), right: z.int().min(-1) }),
});

function kindOf(methodId: string): string {
  return `${methodId}-checkpoint-1`;
}

/** How far the choice of C has come, with what identifies the run; null where nothing was tried. The fit itself begins anew. */
export function writeSearch(methodId: string, identity: RunIdentity, search: PenaltySearch | null): NamedArrays {
  const { tried, ended, best, heldOut, parameters } = search ?? nothingTried;
  const list = <V extends Float32Array | Float64Array>(values: V) => ({ shape: [values.length], values });
  return {
    kind: kindOf(methodId),
    description: { identity, tried, ended, best },
    arrays: {
      heldOut: list(heldOut),
      ...Object.fromEntries(parameters.map((values, fold) => [`parameters/${fold}`, list(values)])),
    },
  };
}

/**
 * The choice of C that a checkpoint holds; null where nothing was tried.
 * @throws AppError where it is of another kind, or belongs to other settings, another seed or other data
 */
export function readSearch(methodId: string, identity: RunIdentity, stored: NamedArrays): PenaltySearch | null {
  const found = Description.safeParse(stored.description);
  if (stored.kind !== kindOf(methodId) || !found.success) throw ofAnotherKind(kindOf(methodId), stored.kind);
  requireSameRun(identity, found.data.identity);
  const { tried, ended, best } = found.data;
  if (tried === 0) return null;
  const parameters: Float64Array[] = [];
  for (let fold = 0; ; fold++) {
    const array = stored.arrays[`parameters/${fold}`];
    if (array === undefined) break;
    parameters.push(Float64Array.from(array.values));
  }
  return { tried, ended, best, heldOut: Float32Array.from(stored.arrays['heldOut']?.values ?? []), parameters };
}

const nothingTried: PenaltySearch = {
  ...{ tried: 0, ended: false, best: { place: 0, right: -1 } },
  ...{ heldOut: new Float32Array(0), parameters: [] },
};
