import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import type { NamedArrays } from './method.ts';

/** What every stored model is described by; a method adds its own fields. */
export const savedModelFields = {
  labels: z.array(z.string()).min(1),
  features: z.array(z.string()).min(1),
  steps: z.int().min(0),
  ended: z.enum(['all-steps', 'early-stop']),
  settings: z.unknown(),
};

/**
 * The description of a stored model, and a way to take its arrays by name.
 * @throws AppError where the kind, the description or an array is not what the method wrote
 */
export function readSavedModel<D>(
  stored: NamedArrays,
  kind: string,
  schema: z.ZodType<D>,
): {
  description: D;
  floats(name: string, size: number): Float32Array;
  integers(name: string, size: number): Int32Array;
} {
  if (stored.kind !== kind) {
    throw new AppError('training.model-unreadable', { found: `of kind "${stored.kind}"`, needed: `"${kind}"` });
  }
  const description = schema.safeParse(stored.description);
  if (!description.success) {
    throw new AppError('training.model-unreadable', {
      found: 'without a readable description',
      needed: 'one with labels, features and sizes',
    });
  }
  const array = <T extends Float32Array | Int32Array>(
    name: string,
    size: number,
    type: { new (length: number): T; readonly name: string },
  ): T => {
    const values = stored.arrays[name]?.values;
    if (!(values instanceof type) || values.length !== size) {
      const found = values === undefined ? 'nothing' : `${values.length} numbers`;
      throw new AppError('training.model-unreadable', {
        found: `holding ${found} for "${name}"`,
        needed: `${size} numbers (${type.name})`,
      });
    }
    return values;
  };
  return {
    description: description.data,
    floats: (name, size) => array(name, size, Float32Array),
    integers: (name, size) => array(name, size, Int32Array),
  };
}
