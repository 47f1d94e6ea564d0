import { AppError } from '#core/base/app-error';
import type { FeatureTable } from '#core/data/study';
import { repairOf } from './choose-slot.ts';
import { withChr } from './detect/genome-style.ts';
import { mapToSymbols } from './genes/map-to-symbols.ts';
import type { StudyChoice } from './inspect/repair.ts';
import { uniqueNames } from './unique-names.ts';

/**
 * Features with the names that the chosen repairs give them, in the order symbols, chr, unique names. Repeated names
 * stay where no repair was chosen against them. Throws `reading.repair-does-not-fit`.
 *
 * @param name of the file, for messages
 */
export async function renamedFeatures(table: FeatureTable, choice: StudyChoice, name: string): Promise<FeatureTable> {
  const map = repairOf(choice, 'map-ensembl-to-symbols');
  let features = map === undefined ? table : (await mapToSymbols(table, map.column, name)).features;
  if (repairOf(choice, 'add-chr') !== undefined) {
    if (features.idType !== 'coordinates') {
      const reason = `its features are not coordinates (${features.ids[0]})`;
      throw new AppError('reading.repair-does-not-fit', { file: name, repair: 'add-chr', reason });
    }
    features = { ...features, ids: features.ids.map(withChr), names: features.names.map(withChr) };
  }
  const unique = repairOf(choice, 'make-feature-names-unique') !== undefined;
  return unique ? { ...features, ids: uniqueNames(features.ids) } : features;
}
