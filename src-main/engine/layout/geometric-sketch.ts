import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';

export interface SketchOptions {
  readonly seed: number;
  readonly signal?: CancelSignal | undefined;
  /** Called between two looks over all cells, so that messages can be seen to. */
  readonly breathe?: () => Promise<void>;
}

/** Share of the sketch that goes to the boxes; the rest is drawn at random. */
const GEOMETRIC_SHARE = 0.5;
/** The search for the side of the boxes ends when so much of their share is used … */
const ENOUGH = 0.9;
/** … or after so many looks; each halves what is left between too many boxes and too few. */
const MOST_LOOKS = 30;

/**
 * Chooses `size` cells that stand for all of them, rare states included: the space is cut into equal boxes, so small that
 * half of the sketch just suffices for one cell, drawn at random, from each box that holds any (geometric sketching, Hie
 * et al. 2019, doi:10.1016/j.cels.2019.05.003). The other half is drawn at random from all that are left.
 *
 * Differs from the paper in that half: boxes alone would take as many cells from a thin fringe as from a crowd, and what
 * lies in a crowd would then be placed by very few. Whatever the crowds, every cell has a cell of the sketch in its own
 * box. Same values and seed, same cells.
 *
 * @param values [cells, width] row by row, finite
 * @param size 1 … cells
 * @returns `size` different cell numbers, rising
 */
export async function geometricSketch(
  values: Float32Array,
  width: number,
  size: number,
  options: SketchOptions,
): Promise<Int32Array> {
  const cells = values.length / width;
  if (!Number.isInteger(cells)) throw new RangeError(`geometricSketch: ${values.length} values, width ${width}`);
  if (!(size >= 1 && size <= cells)) throw new RangeError(`geometricSketch: ${size} of ${cells} cells`);
  if (size === cells) return Int32Array.from({ length: cells }, (_, cell) => cell);

  const random = Random.forPurpose(options.seed, 'sketch');
  const order = random.shuffle(Int32Array.from({ length: cells }, (_, cell) => cell));
  const boxes = await boxesFor(values, width, Math.max(1, Math.floor(size * GEOMETRIC_SHARE)), options);
  const chosen = new Uint8Array(cells);
  const met = new Set<number>();
  let count = 0;
  for (const cell of order) {
    if (met.has(boxes[cell]!)) continue; // the order is random, so the first of a box is one drawn at random
    met.add(boxes[cell]!);
    chosen[cell] = 1;
    count++;
  }
  for (let i = 0; count < size; i++) {
    const cell = order[i]!;
    if (chosen[cell] === 1) continue;
    chosen[cell] = 1;
    count++;
  }
  const sketch = new Int32Array(size);
  let place = 0;
  for (let cell = 0; cell < cells; cell++) if (chosen[cell] === 1) sketch[place++] = cell;
  return sketch;
}

/** The box of each cell, as a number: boxes as small as they can be while at most `most` of them hold a cell. */
async function boxesFor(
  values: Float32Array,
  width: number,
  most: number,
  { signal, breathe }: SketchOptions,
): Promise<Float64Array> {
  const { low, extent } = corner(values, width);
  let tooSmall = 0; // sides between which the answer lies; one box of the whole extent holds everything
  let side = extent * 2 + 1;
  let best = boxNumbers(values, width, low, side);
  let bestSide = side;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await breathe?.();
    throwIfCancelled(signal);
    side = (tooSmall + bestSide) / 2;
    if (side === tooSmall || side === bestSide) break;
    const boxes = boxNumbers(values, width, low, side);
    const occupied = different(boxes);
    if (occupied > most) {
      tooSmall = side;
      continue;
    }
    best = boxes;
    bestSide = side;
    if (occupied >= most * ENOUGH) break;
  }
  return best;
}

/** The lowest value of each dimension and the longest extent. */
function corner(values: Float32Array, width: number): { low: Float64Array; extent: number } {
  const low = new Float64Array(width).fill(Infinity);
  const high = new Float64Array(width).fill(-Infinity);
  for (let i = 0, d = 0; i < values.length; i++, d = d + 1 === width ? 0 : d + 1) {
    if (values[i]! < low[d]!) low[d] = values[i]!;
    if (values[i]! > high[d]!) high[d] = values[i]!;
  }
  return { low, extent: Math.max(...high.map((value, d) => value - low[d]!)) };
}

/** A number for the box of each cell: 53 bits of a hash of its places along all dimensions. */
function boxNumbers(values: Float32Array, width: number, low: Float64Array, side: number): Float64Array {
  const boxes = new Float64Array(values.length / width);
  for (let cell = 0; cell < boxes.length; cell++) {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9;
    for (let d = 0; d < width; d++) {
      const place = Math.floor((values[cell * width + d]! - low[d]!) / side);
      a = Math.imul(a ^ place, 0x01000193);
      b = Math.imul(b ^ place, 0x85ebca6b);
      b ^= b >>> 13;
    }
    boxes[cell] = (a >>> 0) * 0x200000 + (b >>> 11);
  }
  return boxes;
}

function different(numbers: Float64Array): number {
  const sorted = numbers.slice().sort();
  let count = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) count++;
  return count;
}
