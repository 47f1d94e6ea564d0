import * as tf from '@tensorflow/tfjs-core';
import { type CancelSignal, throwIfCancelled } from '../../base/cancel.ts';
import { Random } from '../../base/random.ts';
import { takeRows } from '../../data/csr-matrix.ts';
import { minimise } from './lbfgs.ts';
import {
  type LabelledRows,
  linearCurvature,
  type LinearLoss,
  linearObjective,
  linearScores,
  linearStart,
} from './linear-fit.ts';
import { referencePart } from './reference-part.ts';

/** Values of C that are tried, from stiff to loose: 0.00001 … 1 in half decades. */
export const triedPenalties: readonly number[] = Array.from({ length: 11 }, (_, i) => 10 ** (i / 2 - 5));
/** So many values without a better one, and looser ones are not tried. */
const PATIENCE = 2;
/** Used where there is nothing to choose by: one label, or fewer than two cells for each fold. */
const UNCHOSEN = 0.01;
const FOLDS = 3;
/** Cells that are looked at; more would cost time and change little. */
const MOST_CELLS = 3000;
const ITERATIONS = 60;
const TOLERANCE = 1e-4;

export interface PenaltyOptions {
  /** Values of C, rising. */
  readonly tried: readonly number[];
  readonly seed: number;
  readonly signal?: CancelSignal | undefined;
  /** Where an interrupted choice goes on. */
  readonly from?: PenaltySearch | null;
  /** Told the share that is done, as far as it can be guessed: nobody knows how many values will be tried. */
  readonly share?: ((share: number) => void) | undefined;
  /** Told, and waited for, after each value of C. */
  readonly kept?: (search: PenaltySearch) => Promise<void>;
}

/** How far the choice of C has come: all that the rest of it depends on. */
export interface PenaltySearch {
  /** Values of C that were tried. */
  readonly tried: number;
  /** Whether no more are tried. */
  readonly ended: boolean;
  /** Place of the best value among those tried, and how many of the cells left out it labels rightly. */
  readonly best: { readonly place: number; readonly right: number };
  /** [cells, labels] scores of the best value for the cells left out */
  readonly heldOut: Float32Array;
  /** Of each fold, where the fit of the next value begins; none where the search has ended. */
  readonly parameters: readonly Float64Array[];
}

export interface PenaltyChoice {
  readonly penalty: number;
  /** [cells, labels] score of each looked-at cell by the classifier that was fitted without it; empty where nothing was chosen. */
  readonly heldOut: Float32Array;
  /** [cells] their labels */
  readonly label: Int32Array;
}

/**
 * C by threefold cross-validation on at most 3000 cells: the one of highest accuracy on the cells left out, of equal ones the
 * smallest. Folds hold equal shares of each label. Each fit starts from that of the stiffer C before it, and where two
 * values in a row were no better the looser ones are not tried. A choice that goes on from what was kept gives the same bits.
 */
export async function choosePenalty(
  rows: LabelledRows,
  labels: number,
  loss: LinearLoss,
  { tried, seed, signal, from, share, kept }: PenaltyOptions,
): Promise<PenaltyChoice> {
  const part = referencePart(rows.label, labels, MOST_CELLS, seed);
  if (labels < 2 || part.length < 2 * FOLDS) {
    return {
      penalty: tried.length === 1 ? tried[0]! : UNCHOSEN,
      heldOut: new Float32Array(0),
      label: new Int32Array(0),
    };
  }
  const some: LabelledRows = {
    matrix: part.length === rows.matrix.rows ? rows.matrix : takeRows(rows.matrix, part),
    shift: rows.shift,
    label: Int32Array.from(part, (cell) => rows.label[cell]!),
  };
  const fold = foldsOf(some.label, labels, seed);
  const folds = Array.from({ length: FOLDS }, (_, out) => {
    const used = Int32Array.from(fold.keys()).filter((cell) => fold[cell] !== out);
    const left = Int32Array.from(fold.keys()).filter((cell) => fold[cell] === out);
    return { used, left, curvature: linearCurvature(some, labels, loss, used) };
  });
  let search: PenaltySearch = from ?? {
    tried: 0,
    ended: false,
    best: { place: 0, right: -1 },
    heldOut: new Float32Array(0),
    parameters: folds.map(({ used }) => linearStart(some, labels, loss, used)),
  };
  while (!search.ended) {
    const place = search.tried;
    const penalty = tried[place]!;
    const heldOut = new Float32Array(part.length * labels);
    const parameters: Float64Array[] = [];
    for (const [f, { used, left, curvature }] of folds.entries()) {
      const found = await minimise(linearObjective(some, labels, loss, penalty, used), search.parameters[f]!, {
        iterations: ITERATIONS,
        tolerance: TOLERANCE,
        curvature: curvature(penalty),
        told: () => {
          throwIfCancelled(signal);
          return tf.nextFrame();
        },
      });
      parameters.push(found.x);
      const scores = await linearScores(some, labels, found.x, left);
      left.forEach((cell, r) => heldOut.set(scores.subarray(r * labels, (r + 1) * labels), cell * labels));
      // one more that is better, and then as many as it takes to end
      const likely = Math.min(tried.length, Math.max(search.best.place, place - 1) + 1 + PATIENCE);
      share?.(Math.min(1, (place + (f + 1) / FOLDS) / likely));
    }
    const right = correct(heldOut, some.label, labels);
    const better = right > search.best.right;
    const best = better ? { place, right } : search.best;
    const ended = place + 1 === tried.length || place - best.place >= PATIENCE;
    search = {
      tried: place + 1,
      ended,
      best,
      heldOut: better ? heldOut : search.heldOut,
      parameters: ended ? [] : parameters,
    };
    await kept?.(search);
    throwIfCancelled(signal);
  }
  return { penalty: tried[search.best.place]!, heldOut: search.heldOut, label: some.label };
}

/** The fold of each cell: of each label equally many cells, at random. */
function foldsOf(label: Int32Array, labels: number, seed: number): Int32Array {
  const random = Random.forPurpose(seed, 'folds');
  const fold = new Int32Array(label.length);
  const order = random.shuffle(Int32Array.from(label.keys()));
  const met = new Int32Array(labels);
  for (const cell of order) {
    const k = label[cell]!;
    fold[cell] = (k + met[k]!++) % FOLDS; // small labels do not all fall into one fold
  }
  return fold;
}

function correct(scores: Float32Array, label: Int32Array, labels: number): number {
  let right = 0;
  label.forEach((own, cell) => {
    const row = scores.subarray(cell * labels, (cell + 1) * labels);
    if (row.indexOf(Math.max(...row)) === own) right++;
  });
  return right;
}
