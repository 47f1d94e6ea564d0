import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import type { AlignedPair } from '../data/aligned-pair.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';
import { blocksOf } from '../data/sparse-rows.ts';
import type { AffineModel, TrainedModel } from '../train/method.ts';
import { type Tally, tallyFor } from './attribution-tally.ts';
import type { DeterminantFeature } from './determinant-feature.ts';
import { labelExpression } from './label-expression.ts';

export type { DeterminantFeature } from './determinant-feature.ts';

export interface DeterminantOptions {
  /** Features of largest attribution that count for each cell; 50 without it. */
  readonly perCell?: number;
  /** Features kept for each label; 50 without it. */
  readonly perLabel?: number;
  /** `signed` (without it) counts what speaks for the label, `absolute` what has influence either way. */
  readonly ranking?: 'signed' | 'absolute';
  /** [query cells] true labels; given, only cells whose label agrees with them are looked at. */
  readonly truth?: readonly (string | null)[];
  readonly signal?: CancelSignal;
}

/**
 * The model as it looks from a query cell without counts. Where the input was centred such a cell is not all zero
 * but the shift; taking it as the baseline, z = x·W + (b + shiftᵀ·W), keeps the attribution of absent features at 0.
 */
export function fromEmptyCell(model: AffineModel, shift: Float32Array | undefined): AffineModel {
  if (shift === undefined) return model;
  const encoderBias = Float64Array.from(model.encoderBias);
  shift.forEach((by, feature) => {
    for (let j = 0; j < model.width; j++) encoderBias[j]! += by * model.encoder[feature * model.width + j]!;
  });
  return { ...model, encoderBias: Float32Array.from(encoderBias) };
}

/** Cells between two turns of the event loop. */
const CELLS_PER_TURN = 512;

/**
 * The features that decided for each label. For every query cell the features of largest attribution (Integrated Gradients of
 * the probability of its label) are taken; a label keeps the features that are among them in most of its cells. Of features in
 * equally many cells the one with the larger summed attribution comes first, then the earlier one. Labels in their order, ranks rising.
 *
 * Features without a value in a cell never count for it. A label that no cell received has no rows, and a method without an
 * affine model (`model.affine` null) gives none at all.
 *
 * Source: CellPredX (PLoS Comput Biol 2026), interpreter: 100 features per cell, 50 per label. Here 50 per cell unless said
 * otherwise: a cell seldom expresses 100 genes of its label's own, and the places left over go to genes that every cell
 * has (docs/ablation.md). The released code ranks absolute attributions over correctly labelled cells only: options
 * `ranking` and `truth`.
 */
export async function determinantFeatures(
  model: TrainedModel,
  pair: AlignedPair,
  transfer: LabelTransfer,
  options: DeterminantOptions = {},
): Promise<readonly DeterminantFeature[]> {
  if (model.affine === null) return [];
  const { predicted } = transfer.query;
  const expression = await labelExpression(pair.query.counts, predicted, transfer.labels.length, options.signal);
  const tallies = await talliesOf(fromEmptyCell(model.affine, pair.query.shift), pair, transfer, options);
  const out: DeterminantFeature[] = [];
  tallies.forEach((tally, label) => {
    if (tally === undefined) return;
    const shown = expression[label]!;
    mostFrequent(tally, options).forEach((feature, i) => {
      out.push({
        label: transfer.labels[label]!,
        rank: i + 1,
        feature: pair.features[feature]!,
        cells: tally.cells[feature]!,
        fraction: tally.cells[feature]! / tally.looked,
        meanAttribution: tally.attribution[feature]! / tally.looked,
        logFoldChange: shown.logFoldChange(feature),
        detectionRate: shown.detectionRate(feature),
      });
    });
  });
  return out;
}

/** One tally per label, in one pass over the cells; none for a label of which no cell was looked at. */
async function talliesOf(
  model: AffineModel,
  pair: AlignedPair,
  transfer: LabelTransfer,
  { truth, ranking = 'signed', perCell = 50, signal }: DeterminantOptions,
): Promise<readonly (Tally | undefined)[]> {
  const { labels } = transfer;
  const { predicted } = transfer.query;
  const sizes = { features: pair.features.length, labels: labels.length };
  const counted = (cell: number): number =>
    truth !== undefined && truth[cell] !== labels[predicted[cell]!] ? -1 : predicted[cell]!;
  const tally = tallyFor(model, { ...sizes, perCell, ranking });
  try {
    for await (const { from, matrix } of blocksOf(pair.query.input, signal)) {
      for (let row = 0; row < matrix.rows; row += CELLS_PER_TURN) {
        const end = Math.min(matrix.rows, row + CELLS_PER_TURN);
        const label = new Int32Array(end - row);
        for (let i = 0; i < label.length; i++) label[i] = counted(from + row + i);
        tally.add(matrix, row, end, label);
        throwIfCancelled(signal);
        await tf.nextFrame();
      }
    }
    return tally.result();
  } finally {
    tally.dispose();
  }
}

/** Features by falling number of cells, of equals the larger attribution first, then the earlier feature. */
function mostFrequent(tally: Tally, { ranking, perLabel = 50 }: DeterminantOptions): readonly number[] {
  const size = (feature: number): number =>
    ranking === 'absolute' ? Math.abs(tally.attribution[feature]!) : tally.attribution[feature]!;
  const least = leastOfMost(tally.cells, perLabel);
  const found: number[] = [];
  for (let feature = 0; feature < tally.cells.length; feature++)
    if (tally.cells[feature]! >= least) found.push(feature);
  found.sort((a, b) => tally.cells[b]! - tally.cells[a]! || size(b) - size(a) || a - b);
  return found.slice(0, perLabel);
}

/** The `count`-th largest of the whole numbers; 1 where fewer are above 0. */
function leastOfMost(numbers: ArrayLike<number>, count: number): number {
  let largest = 0;
  for (let i = 0; i < numbers.length; i++) largest = Math.max(largest, numbers[i]!);
  const having = new Uint32Array(largest + 1);
  for (let i = 0; i < numbers.length; i++) having[numbers[i]!]!++;
  let [least, found] = [largest, 0];
  while (least > 1 && (found += having[least]!) < count) least--;
  return Math.max(1, least);
}
