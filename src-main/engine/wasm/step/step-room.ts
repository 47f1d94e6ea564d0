import { type StepMemory, upTo } from './step-memory.ts';

/** Sizes of a step. */
export interface StepSizes {
  /** Cells of each part of a batch. */
  readonly n: number;
  /** Rows of a batch: 2n or 3n. */
  readonly rows: number;
  /** Features, and m, the embedding width. */
  readonly features: number;
  readonly embedding: number;
  /** m up to a multiple of 8, and the hidden width of the attention up to one of 4: what the kernels work with. */
  readonly width: number;
  readonly hidden: number;
  readonly labels: number;
  /** Labels up to a multiple of 4. */
  readonly paddedLabels: number;
}

/** Addresses of working room for one step; what they hold is said in the terms that use them. */
export type StepRoom = ReturnType<typeof makeRoom>;

/** Room for steps of these sizes. */
export function makeRoom(memory: StepMemory, { n, rows, width, hidden, paddedLabels }: StepSizes, partitions: number) {
  const paddedRows = upTo(rows, 8) + 8;
  const paddedPairs = upTo(2 * n, 8);
  const paddedCells = upTo(n, 8);
  const side = () => ({
    x: memory.floats(n * hidden),
    e: memory.floats(n * hidden),
    de: memory.floats(n * hidden),
    attention: memory.floats(n * width),
    dAttention: memory.floats(n * width),
    mean: memory.floats(hidden),
    inverse: memory.floats(hidden),
    centred: memory.floats(n * width),
  });
  return {
    z: memory.floats(paddedRows * width),
    dz: memory.floats(paddedRows * width),
    base: memory.floats(3 * width),
    shiftProducts: memory.floats(3 * width),
    partSums: memory.floats(3 * width),
    rule: memory.floats(8),
    /** which distinct row each row of the batch is */
    places: memory.floats(rows),
    /** sums of the embedding over each partition of the features */
    partitions: memory.floats(partitions * rows * width),
    /** unit rows, their factors, their derivatives */
    unit: memory.floats(paddedRows * width),
    factors: memory.floats(paddedRows),
    du: memory.floats(paddedRows * width),
    /** similarities */
    panels: memory.floats(paddedPairs * width),
    wide: memory.floats(paddedPairs * width),
    raised: memory.floats(Math.max(paddedPairs * paddedPairs, upTo(n, 4) * paddedCells)),
    sums: memory.floats(paddedPairs),
    inverse: memory.floats(paddedPairs),
    own: memory.floats(paddedPairs),
    best: memory.floats(n),
    nearest: memory.floats(n),
    kept: memory.floats(n),
    matched: memory.floats(n),
    pushed: memory.floats(n),
    /** labels */
    wanted: memory.floats(n),
    logits: memory.floats(n * paddedLabels),
    largest: memory.floats(n),
    place: memory.floats(n),
    guessed: memory.floats(n),
    takesPart: memory.floats(n),
    classifierTurned: memory.floats(paddedLabels * width),
    moves: memory.floats(paddedLabels * width),
    counts: memory.floats(paddedLabels),
    /** attention */
    unitTurned: memory.floats(hidden * width),
    heads: memory.floats(hidden * width),
    headsTurned: memory.floats(hidden * width),
    headsBias: memory.floats(width),
    dHeads: memory.floats(hidden * width),
    dHeadsBias: memory.floats(width),
    sides: [side(), side()] as const,
    /** projection */
    columnSums: memory.floats(width),
    products: memory.floats(width * width),
    deviation: memory.floats(2),
    spare: memory.floats(width),
  };
}
