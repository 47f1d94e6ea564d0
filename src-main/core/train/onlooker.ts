import type { CancelSignal } from '../base/cancel.ts';
import type { NetworkRows } from '../data/aligned-pair.ts';
import { Random } from '../base/random.ts';
import { rowsAt } from '../data/sparse-rows.ts';
import { alignedPlane, planeOf } from './plane.ts';
import type { TrainedModel } from './method.ts';

/** Looks at a network while it learns. A look changes nothing of the training: neither its numbers nor its random draws. */
export interface Onlooker {
  /** Whether a look is due; asked after every step. */
  due(): boolean;
  /** @param model the network as it is after `step` steps */
  look(model: NetworkNow, step: number): Promise<void>;
}

/** A network as it is in the middle of its training. */
export interface NetworkNow extends Pick<TrainedModel, 'labels' | 'apply'> {
  /** Cells that may be looked at where looking is dear: the same at every look of a training. Absent where all may. */
  readonly cells?: number;
}

/**
 * Cells of which one look costs about a hundredth of a training of so many steps, by a network whose steps cost three times
 * what applying it costs, for each cell: forward, and twice that backward. At least 100, below which nothing is seen.
 */
export function affordableCells(steps: number, batchSize: number): number {
  return Math.max(LEAST_CELLS, Math.floor(0.01 * 3 * batchSize * steps));
}
const LEAST_CELLS = 100;

/** A sample of the query as the network sees it now. */
export interface FormingView {
  readonly step: number;
  readonly labels: readonly string[];
  /** [cells, 2] row by row, −1 … 1: the two main directions of the embedding, turned to lie like the view before. */
  readonly places: Float32Array;
  /** [cells] number of the most probable label. */
  readonly predicted: Int32Array;
  /** [cells] its probability, before calibration. */
  readonly confidence: Float32Array;
}

/** Cells that are looked at: enough to see groups, few enough to cost next to nothing. */
const SAMPLE = 1000;

/**
 * Looks at a fixed sample of cells, drawn by the seed, whenever `due` says so, and tells what it sees.
 *
 * @param rows the network's input of the cells to draw from
 */
export async function sampleOnlooker(
  rows: NetworkRows,
  { seed, signal }: { readonly seed: number; readonly signal: CancelSignal },
  due: () => boolean,
  tell: (view: FormingView) => void,
): Promise<Onlooker> {
  const cells = rows.input.rows;
  const which = Random.forPurpose(seed, 'forming').sample(cells, Math.min(SAMPLE, cells));
  const sample = { ...rows, input: await rowsAt(rows.input, which) };
  /** The sample is drawn in random order, so its beginning is one too. */
  const beginning = async (count: number): Promise<NetworkRows> => {
    shorter ??= {
      ...sample,
      input: await rowsAt(
        sample.input,
        Int32Array.from({ length: count }, (_, row) => row),
      ),
    };
    return shorter;
  };
  let shorter: NetworkRows | null = null;
  let before: Float32Array | null = null;
  return {
    due,
    async look(model, step) {
      const few = model.cells === undefined || model.cells >= sample.input.rows ? sample : await beginning(model.cells);
      const { embedding, width, probabilities } = await model.apply(few, signal);
      const plane = planeOf(embedding, width);
      const places = before === null ? plane : alignedPlane(plane, before);
      before = places;
      tell({ step, labels: model.labels, places, ...surest(probabilities, model.labels.length) });
    },
  };
}

/** The most probable label of each row, the first of equals, and its probability. */
function surest(probabilities: Float32Array, labels: number): Pick<FormingView, 'predicted' | 'confidence'> {
  const cells = probabilities.length / labels;
  const predicted = new Int32Array(cells);
  const confidence = new Float32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    for (let label = 0; label < labels; label++) {
      const value = probabilities[cell * labels + label]!;
      if (label > 0 && value <= confidence[cell]!) continue;
      predicted[cell] = label;
      confidence[cell] = value;
    }
  }
  return { predicted, confidence };
}
