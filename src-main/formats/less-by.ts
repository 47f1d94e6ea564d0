import { isInMemory, type RowStore, storedIn } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';

/** The store for the next of several files, when those before it take up memory already. */
export function lessBy(rows: RowStore, before: readonly Study[]): RowStore {
  const held = before.reduce((sum, { matrix }) => sum + (isInMemory(matrix) ? storedIn(matrix) : 0), 0);
  return { valuesInMemory: rows.valuesInMemory - held, keep: (...what) => rows.keep(...what) };
}
