import { setImmediate } from 'node:timers/promises';
import type { NeighborResults } from 'scran.js';
import { throwIfCancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import type { LayoutEngine, LayoutOptions, TsneOptions, UmapOptions } from '#core/prepare/layout';
import { closeScran, openScran } from '../neighbours/scran-session.ts';
import { sketchedLayout, sketchLimits } from './sketched-layout.ts';

/** Milliseconds of work between two looks at the cancel signal. */
const SLICE_MS = 150;
/** Cells above which the neighbours are searched approximately. */
const EXACT_UP_TO = 20_000;

/**
 * UMAP and t-SNE by scran.js, which is loaded at the first call.
 *
 * scran.js fixes its own random numbers, so the seed acts through the order of the cells: they are shuffled by it before the layout and put
 * back after. Same values, options and seed give the same bits. Fewer than 4 cells have no layout worth the name and are put on a line.
 * Of very many cells a sketch is laid out, see `sketchedLayout`.
 */
export function createScranLayout(limits = sketchLimits): LayoutEngine {
  return {
    umap: (values, width, options) =>
      sketchedLayout(values, width, options, limits, (some, progress) => umap(some, width, { ...options, progress })),
    tsne: (values, width, options) =>
      sketchedLayout(values, width, options, limits, (some, progress) => tsne(some, width, { ...options, progress })),
    close: closeScran,
  };
}

async function umap(values: Float32Array, width: number, options: UmapOptions): Promise<Float32Array> {
  const { minDist = 0.3 } = options;
  return layOut(values, width, options, options.neighbours ?? 30, async (neighbours, cells, step) => {
    const status = (await openScran()).initializeUmap(neighbours, {
      neighbors: neighbours.numberOfNeighbors(),
      epochs: epochsFor(cells, options),
      minDist,
    });
    try {
      while (status.currentEpoch() < status.totalEpochs()) {
        status.run({ runTime: SLICE_MS });
        await step(status.currentEpoch() / status.totalEpochs(), status.extractCoordinates());
      }
      return status.extractCoordinates();
    } finally {
      status.free();
    }
  });
}

async function tsne(values: Float32Array, width: number, options: TsneOptions): Promise<Float32Array> {
  const { iterations = 1000 } = options;
  const perplexity = perplexityFor(values.length / width, options);
  return layOut(values, width, options, Math.ceil(3 * perplexity), async (neighbours, _cells, step) => {
    const status = (await openScran()).initializeTsne(neighbours, {
      perplexity,
      neighbors: neighbours.numberOfNeighbors(),
    });
    try {
      while (status.iterations() < iterations) {
        status.run({ maxIterations: iterations, runTime: SLICE_MS });
        await step(status.iterations() / iterations, status.extractCoordinates());
      }
      return status.extractCoordinates();
    } finally {
      status.free();
    }
  });
}

interface Coordinates {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

type Step = (fraction: number, soFar: Coordinates) => Promise<void>;

/** Shuffles the cells, finds their neighbours, runs the layout and puts the cells back: [cells, 2]. */
async function layOut(
  values: Float32Array,
  width: number,
  options: LayoutOptions,
  wanted: number,
  optimise: (neighbours: NeighborResults, cells: number, step: Step) => Promise<Coordinates>,
): Promise<Float32Array> {
  const cells = values.length / width;
  if (!Number.isInteger(cells)) throw new RangeError(`scran layout: ${values.length} values are no rows of ${width}`);
  if (cells < 4) return Float32Array.from({ length: cells * 2 }, (_, i) => (i % 2 === 0 ? i / 2 : 0));
  throwIfCancelled(options.signal);

  const order = Random.forPurpose(options.seed, 'layout').shuffle(Int32Array.from({ length: cells }, (_, i) => i));
  const shuffled = new Float32Array(cells * width);
  order.forEach((from, to) => shuffled.set(values.subarray(from * width, (from + 1) * width), to * width));
  const inFileOrder = ({ x, y }: Coordinates): Float32Array => {
    const out = new Float32Array(cells * 2);
    order.forEach((cell, i) => {
      out[2 * cell] = x[i]!;
      out[2 * cell + 1] = y[i]!;
    });
    return out;
  };

  const scran = await openScran();
  const index = scran.buildNeighborSearchIndex(shuffled, {
    numberOfDims: width,
    numberOfCells: cells,
    approximate: cells > EXACT_UP_TO,
  });
  let neighbours: NeighborResults;
  try {
    neighbours = scran.findNearestNeighbors(index, Math.min(wanted, cells - 1));
  } finally {
    index.free();
  }
  try {
    const done = await optimise(neighbours, cells, async (fraction, soFar) => {
      options.progress?.(Math.min(fraction, 1), inFileOrder(soFar));
      await setImmediate();
      throwIfCancelled(options.signal);
    });
    return inFileOrder(done);
  } finally {
    neighbours.free();
  }
}

function epochsFor(cells: number, options: UmapOptions): number {
  return options.epochs ?? (cells < 10_000 ? 500 : 200);
}

/** A perplexity needs three times as many neighbours. */
function perplexityFor(cells: number, options: TsneOptions): number {
  return Math.max(1, Math.min(options.perplexity ?? 30, (cells - 1) / 3));
}
