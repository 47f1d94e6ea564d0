import * as tf from '@tensorflow/tfjs-core';
import type { CsrMatrix } from '../data/csr-matrix.ts';
import type { AffineModel } from '../train/method.ts';
import { integratedGradients } from './integrated-gradients.ts';
import { strongest } from './strongest.ts';

/** Of a label, per feature: in how many cells it is among the strongest, and its summed attribution over all cells. */
export interface Tally {
  /** Cells looked at. */
  readonly looked: number;
  /** [features] */
  readonly cells: ArrayLike<number>;
  /** [features] */
  readonly attribution: ArrayLike<number>;
}

export interface TallyOptions {
  readonly features: number;
  readonly labels: number;
  /** Features of largest attribution that count for each cell. */
  readonly perCell: number;
  /** `signed` counts what speaks for the label, `absolute` what has influence either way. */
  readonly ranking: 'signed' | 'absolute';
}

/** Attributes cell after cell to its features and counts what it finds, label by label. */
export interface AttributionTally {
  /**
   * Looks at the rows from … to−1 of a matrix. Features without a value in a cell never count for it, of equal scores the earlier
   * feature counts. @param label [to − from] label to which each row is attributed, −1 for a row that is left out
   */
  add(matrix: CsrMatrix, from: number, to: number, label: Int32Array): void;
  /** [labels] what was counted so far; undefined for a label of which no cell was looked at. */
  result(): readonly (Tally | undefined)[];
  dispose(): void;
}

export type MakeTally = (model: AffineModel, options: TallyOptions) => AttributionTally;

/** An engine that attributes faster than `plainTally` says so here. Its attributions agree to 10⁻⁵ of the largest. */
export function registerTally(backend: string, make: MakeTally): void {
  registered.set(backend, make);
}

const registered = new Map<string, MakeTally>();

/** The fastest tally of the running engine. */
export function tallyFor(model: AffineModel, options: TallyOptions): AttributionTally {
  const make = registered.get(tf.getBackend()) ?? plainTally;
  return make(model, options);
}

/** Cell by cell in float64; it defines what the others compute. */
export function plainTally(model: AffineModel, { features, labels, perCell, ranking }: TallyOptions): AttributionTally {
  const explain = integratedGradients(model);
  const tallies = new Array<(Tally & { looked: number }) | undefined>(labels).fill(undefined);
  return {
    add(matrix, from, to, label) {
      for (let row = from; row < to; row++) {
        const target = label[row - from]!;
        if (target < 0) continue;
        const tally = (tallies[target] ??= {
          looked: 0,
          cells: new Int32Array(features),
          attribution: new Float64Array(features),
        });
        const [start, end] = [matrix.indptr[row]!, matrix.indptr[row + 1]!];
        const of = matrix.indices.subarray(start, end);
        const { attributions, gap } = explain(of, matrix.values.subarray(start, end), target);
        if (!Number.isFinite(gap)) throw new Error(`plainTally: attributions of row ${row} are not finite`);
        const scores = ranking === 'absolute' ? attributions.map(Math.abs) : attributions;
        const cells = tally.cells as Int32Array;
        const attribution = tally.attribution as Float64Array;
        for (const place of strongest(scores, perCell)) cells[of[place]!]! += 1;
        for (let p = 0; p < of.length; p++) attribution[of[p]!]! += attributions[p]!;
        tally.looked++;
      }
    },
    result: () => tallies,
    dispose: () => undefined,
  };
}
