import { AppError } from '../base/app-error.ts';
import type { NetworkRows, PreparationNote } from '../data/aligned-pair.ts';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { Transform } from '../data/preparation-choices.ts';
import type { ValueKind } from '../data/study.ts';
import { binarise } from './binarise.ts';
import { log1p } from './log1p.ts';
import { lognorm } from './lognorm.ts';
import { scale } from './scale.ts';

/** Standard deviations at which scaled input is cut off (CellPredX). */
const CLIP = 10;

export interface InputSide {
  /** For messages. */
  readonly name: string;
  readonly cells: readonly string[];
  readonly features: readonly string[];
  readonly valueKind: ValueKind;
  /** [cells, features] */
  readonly values: CsrMatrix;
}

/** [cells, features] and, where features were centred, the number added to each of them (see `AlignedSide`). */
export interface NetworkInput extends NetworkRows {
  readonly notes: PreparationNote[];
}

/**
 * What the network sees of one side: [cells, features].
 *
 * Values that are log-normalised already are not put on a log scale again: `lognorm` and `log1p` take them as they are,
 * `lognorm-scaled` brings each feature to mean 0 and standard deviation 1 within its own study, cut off at ±10. `binarise` takes anything not negative. `none` takes anything.
 *
 * @throws AppError if a value is negative and the transform is not `none`
 */
export function networkInput(side: InputSide, transform: Transform): NetworkInput {
  if (transform === 'none') return { input: side.values, notes: [] };
  refuseNegative(side, transform);
  if (transform === 'binarise') return { input: binarise(side.values), notes: [] };

  const notes: PreparationNote[] = [];
  let input: CsrMatrix;
  if (side.valueKind === 'log-normalised') {
    input = side.values;
    notes.push({
      step: 'transform',
      severity: 'info',
      text: `${side.name} is log-normalised already and was taken as it is.`,
    });
  } else {
    input = transform === 'log1p' ? log1p(side.values) : lognorm(side.values);
    if (side.valueKind === 'unknown') {
      notes.push({
        step: 'transform',
        severity: 'warning',
        text: `It could not be told whether the values of ${side.name} are counts; they were treated as counts.`,
      });
    }
  }
  if (transform !== 'lognorm-scaled') return { input, notes };
  const { sparse, shift } = scale(input, CLIP);
  return { input: sparse, shift: Float32Array.from(shift), notes };
}

function refuseNegative(side: InputSide, transform: Transform): void {
  const { indptr, indices, values, rows } = side.values;
  const at = values.findIndex((value) => value < 0);
  if (at === -1) return;
  let row = 0;
  while (row < rows - 1 && indptr[row + 1]! <= at) row++;
  throw new AppError('preparing.values-negative', {
    study: side.name,
    transform,
    value: values[at]!,
    cell: side.cells[row]!,
    feature: side.features[indices[at]!]!,
  });
}
