import { AppError } from '#core/base/app-error';
import { describeType, isNumeric } from './element-type.ts';
import type { Hdf5Dataset } from './hdf5-dataset.ts';
import type { Hdf5File } from './hdf5-file.ts';

/** Where a matrix lies, for messages. */
export interface MatrixPlace {
  readonly file: Hdf5File;
  readonly place: string;
}

/** The dataset at a place if it holds numbers in a list of the wanted length; refused otherwise. @param length null: any */
export function numberList(file: Hdf5File, place: string, needed: string, length: number | null): Hdf5Dataset {
  const list = file.dataset(place, needed);
  checkNumeric(list);
  if (list.shape.length !== 1 || (length !== null && list.shape[0] !== length)) {
    throw new AppError('reading.wrong-shape', {
      file: file.name,
      place,
      expected: length === null ? 'a single list' : `${length} values`,
      found: `shape ${list.shape.join(' × ') || 'of a single value'}`,
    });
  }
  return list;
}

/** Refuses a dataset that does not hold numbers. */
export function checkNumeric(list: Hdf5Dataset): void {
  if (isNumeric(list.type)) return;
  const found = describeType(list.type);
  throw new AppError('reading.wrong-type', { file: list.file.name, place: list.place, expected: 'numbers', found });
}

/** Refuses a value that is not finite, naming its row and column. */
export function notFinite({ file, place }: MatrixPlace, row: number, column: number, value: number): AppError {
  const text = Number.isNaN(value) ? 'a missing value (NaN)' : 'an infinite value';
  return new AppError('reading.value-not-finite', { file: file.name, place, row, column, value: text });
}
