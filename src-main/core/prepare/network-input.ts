import { AppError } from '../base/app-error.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { NetworkRows, PreparationNote } from '../data/aligned-pair.ts';
import type { Transform } from '../data/preparation-choices.ts';
import { blocksOf, mapRows, type SparseRows } from '../data/sparse-rows.ts';
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
  readonly values: SparseRows;
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
 * Of stored rows only what scaling needs is computed here; each row is transformed when it is read.
 *
 * @throws AppError if a value is negative and the transform is not `none`
 */
export async function networkInput(
  side: InputSide,
  transform: Transform,
  signal?: CancelSignal,
): Promise<NetworkInput> {
  const { values } = side;
  if (transform === 'none') return { input: values, notes: [] };
  await refuseNegative(side, transform, signal);
  if (transform === 'binarise') return { input: mapRows(values, values.columns, binarise), notes: [] };

  const notes: PreparationNote[] = [];
  let input: SparseRows;
  if (side.valueKind === 'log-normalised') {
    input = values;
    notes.push({
      step: 'transform',
      severity: 'info',
      text: `${side.name} is log-normalised already and was taken as it is.`,
    });
  } else {
    input = mapRows(values, values.columns, (block) => (transform === 'log1p' ? log1p(block) : lognorm(block)));
    if (side.valueKind === 'unknown') {
      notes.push({
        step: 'transform',
        severity: 'warning',
        text: `It could not be told whether the values of ${side.name} are counts; they were treated as counts.`,
      });
    }
  }
  if (transform !== 'lognorm-scaled') return { input, notes };
  const { sparse, shift } = await scale(input, CLIP, signal);
  return { input: sparse, shift: Float32Array.from(shift), notes };
}

async function refuseNegative(side: InputSide, transform: Transform, signal: CancelSignal | undefined): Promise<void> {
  for await (const { from, matrix } of blocksOf(side.values, signal)) {
    const { indptr, indices, values, rows } = matrix;
    const at = values.findIndex((value) => value < 0);
    if (at === -1) continue;
    let row = 0;
    while (row < rows - 1 && indptr[row + 1]! <= at) row++;
    throw new AppError('preparing.values-negative', {
      study: side.name,
      transform,
      value: values[at]!,
      cell: side.cells[from + row]!,
      feature: side.features[indices[at]!]!,
    });
  }
}
