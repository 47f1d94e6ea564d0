import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import type { LabelTransfer } from '#core/data/label-transfer';
import { tallyFor } from '#core/interpret/attribution-tally';
import { determinantFeatures } from '#core/interpret/determinant-features';
import type { AffineModel, TrainedModel } from '#core/train/method';
import { startEngine } from '#engine/start-engine';
import { answer } from '../support/own-process.ts';
import { randomPair } from '../support/random-pair.ts';

export interface InterpreterCase {
  readonly genes: number;
  readonly density: number;
  readonly cells: number;
}

export interface InterpreterSpeed {
  /** The engine in its own words. */
  readonly engine: string;
  /** Attributions of all features of a cell and its 100 largest: what the generic loop does too. */
  readonly attributedPerSecond: number;
  /** The whole stage of the application: beside those, fold changes, detection rates and the features of each label. */
  readonly cellsPerSecond: number;
  /** Determinant features that were found, over all labels. */
  readonly found: number;
}

const LABELS = 15;
const WIDTH = 64;
const PER_CELL = 100;
const ROUNDS = 8;

/**
 * Cells a second through the attributions with the 100 largest of each cell, counted per label, and through the whole
 * interpreter stage, with fold changes. The fastest of a few rounds; the first, which compiles, does not count.
 * WebAssembly is running, as in the application.
 */
export async function interpreterSpeed({ genes, density, cells }: InterpreterCase): Promise<InterpreterSpeed> {
  const { description } = await startEngine('wasm');
  const pair = randomPair(1234, { genes, density, cells, labels: LABELS });
  const random = new Random(5);
  const values = (length: number, scale: number): Float32Array =>
    Float32Array.from({ length }, () => scale * random.normal());
  const affine: AffineModel = {
    width: WIDTH,
    encoder: values(genes * WIDTH, 1 / Math.sqrt(genes * density)),
    encoderBias: values(WIDTH, 0.1),
    classifier: values(WIDTH * LABELS, 0.5),
    classifierBias: values(LABELS, 0.1),
  };
  const model: TrainedModel = {
    ...{ methodId: 'cellpredx', labels: pair.labels, features: pair.features, steps: 1, ended: 'all-steps' as const },
    affine,
    apply: () => Promise.reject(new Error('the interpreter does not label')),
    save: () => ({ kind: 'none', description: null, arrays: {} }),
    dispose: () => undefined,
  };
  const transfer = labelled(random, pair.labels, pair.query.cells);
  let found = 0;
  const whole = await fastest(async () => {
    found = (await determinantFeatures(model, pair, transfer, { perCell: PER_CELL, ranking: 'absolute' })).length;
  });
  const rows = pair.query.counts as CsrMatrix;
  const attributed = await fastest(() => {
    const sizes = { features: genes, labels: LABELS, perCell: PER_CELL };
    const tally = tallyFor(affine, { ...sizes, ranking: 'absolute' });
    tally.add(rows, 0, cells, transfer.query.predicted);
    tally.result();
    tally.dispose();
  });
  const perSecond = (ms: number): number => (1000 * cells) / ms;
  return {
    engine: description,
    attributedPerSecond: perSecond(attributed),
    cellsPerSecond: perSecond(whole),
    found,
  };
}

async function fastest(work: () => void | Promise<void>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await work();
    if (round > 0) least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Random labels: what the interpreter costs does not depend on them. */
function labelled(random: Random, labels: readonly string[], cells: readonly string[]): LabelTransfer {
  const none = { cells, width: 0, embedding: new Float32Array(0), probabilities: new Float32Array(0) };
  const predicted = Int32Array.from(cells, () => random.below(labels.length));
  return {
    labels,
    reference: none,
    query: { ...none, predicted, confidence: new Float32Array(cells.length).fill(1) },
  };
}

if (import.meta.main) await answer(interpreterSpeed);
