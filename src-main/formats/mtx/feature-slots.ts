import type { FeatureTable } from '#core/data/study';
import type { Column } from '#core/data/column';
import { detectIdType } from '../detect/id-type.ts';
import type { MatrixSlot } from '../study-file.ts';
import { takeFromColumn } from '../take-rows.ts';
import { modalityOf, type MtxFeatures } from './read-names.ts';

/** One slot of a folder: its features, and where each feature of the file goes. */
export interface FeatureSlot {
  readonly slot: MatrixSlot;
  readonly table: FeatureTable;
  /** [features of the file] column in the slot, −1 for features of another slot. */
  readonly columnOf: Int32Array;
}

/**
 * The slots of a matrix folder: one for each feature type, genes first, then peaks, then the rest in the order of the
 * file; a single one where the list has no types or one type.
 *
 * @param entries stored values of the whole file
 */
export function featureSlots(features: MtxFeatures, cells: number, entries: number): FeatureSlot[] {
  const types = [...new Set(features.types ?? [])];
  const count = features.table.ids.length;
  if (types.length <= 1) {
    const declared = types[0] === undefined || types[0] === '' ? null : modalityOf(types[0]);
    const modality = features.layout === 'peaks' ? 'peaks' : declared;
    const name = types[0] === undefined || types[0] === '' ? null : types[0];
    const slot: MatrixSlot = {
      id: 'matrix',
      modalityName: name,
      modality,
      cells,
      features: count,
      storage: 'coordinates',
      stored: entries,
    };
    return [{ slot, table: features.table, columnOf: Int32Array.from({ length: count }, (_, i) => i) }];
  }
  const rank = (type: string): number => ['Gene Expression', 'Peaks'].indexOf(type) & 3; // −1 comes last, as 3
  return types
    .sort((a, b) => rank(a) - rank(b))
    .map((type) => {
      const which = features.types!.flatMap((t, i) => (t === type ? [i] : []));
      const columnOf = new Int32Array(count).fill(-1);
      which.forEach((feature, column) => {
        columnOf[feature] = column;
      });
      const table = takeFeatures(features.table, which);
      const slot: MatrixSlot = {
        id: `matrix (${type})`,
        modalityName: type,
        modality: modalityOf(type),
        cells,
        features: which.length,
        storage: 'coordinates',
        stored: null,
      };
      return { slot, table, columnOf };
    });
}

/** Some features of a table, in the order named. */
function takeFeatures(table: FeatureTable, which: readonly number[]): FeatureTable {
  const ids = which.map((i) => table.ids[i]!);
  const columns = new Map<string, Column>();
  for (const [name, column] of table.columns) columns.set(name, takeFromColumn(column, which));
  return { ids, names: which.map((i) => table.names[i]!), idType: detectIdType(ids).idType, columns };
}
