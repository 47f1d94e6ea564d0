import { Random } from '../base/random.ts';
import type { LabelTransfer } from '../data/label-transfer.ts';
import type { Assessment, EmbeddingScores } from './assessment.ts';
import { distinctNames } from './contingency.ts';
import { evaluateLabels } from './evaluate-labels.ts';
import { silhouettes } from './silhouettes.ts';
import { stratifiedSample } from './stratified-sample.ts';

export interface AssessOptions {
  /** Cells whose confidence does not exceed it are shown as Unknown; used for the rejection scores only. */
  readonly threshold: number;
  /** Seed of the sample on which silhouettes are computed. */
  readonly seed: number;
  /** [reference cells] number of each cell's label, as in the AlignedPair; without it no silhouettes are computed. */
  readonly referenceLabel?: Int32Array;
  /** Most cells for silhouettes, whose time grows with the square of it. */
  readonly silhouetteCells?: number;
}

/**
 * All scores of a label transfer against the true labels of its query cells.
 *
 * @param truth [query cells] null where the true label is not known; such cells count nowhere
 * @throws RangeError when a list does not fit the cells
 */
export function assess(transfer: LabelTransfer, truth: readonly (string | null)[], options: AssessOptions): Assessment {
  const predicted = Array.from(transfer.query.predicted, (label) => transfer.labels[label]!);
  const scores = evaluateLabels(predicted, truth, {
    referenceLabels: transfer.labels,
    confidence: confidenceOf(transfer),
    threshold: options.threshold,
  });
  if (options.referenceLabel === undefined) return scores;
  return { ...scores, embedding: embeddingScores(transfer, truth, options.referenceLabel, options) };
}

/** A cell without any value is the least certain of all: it is shown as Unknown at every threshold. */
function confidenceOf({ query }: LabelTransfer): Float32Array {
  const { confidence, empty } = query;
  return empty ? confidence.map((value, cell) => (empty[cell] === 1 ? 0 : value)) : confidence;
}

/** Silhouettes over all reference cells and the query cells whose label is known; one stratum per study and label. */
function embeddingScores(
  transfer: LabelTransfer,
  truth: readonly (string | null)[],
  referenceLabel: Int32Array,
  { seed, silhouetteCells = 5000 }: AssessOptions,
): EmbeddingScores {
  const { reference, query } = transfer;
  if (referenceLabel.length !== reference.cells.length) {
    throw new RangeError(`assess: ${referenceLabel.length} labels for ${reference.cells.length} reference cells`);
  }
  const known = [
    ...Array.from(referenceLabel, (label, cell) => ({ study: 0, cell, label: transfer.labels[label]! })),
    ...truth.flatMap((label, cell) => (label === null ? [] : [{ study: 1, cell, label }])),
  ];
  const names = distinctNames(known.map(({ label }) => label));
  const place = new Map(names.map((name, i) => [name, i]));
  const strata = known.map(({ study, label }) => place.get(label)! * 2 + study);
  const used = stratifiedSample(strata, silhouetteCells, Random.forPurpose(seed, 'silhouettes'));
  const width = query.width;
  const embedding = new Float32Array(used.length * width);
  used.forEach((entry, row) => {
    const { study, cell } = known[entry]!;
    const from = study === 0 ? reference.embedding : query.embedding;
    embedding.set(from.subarray(cell * width, (cell + 1) * width), row * width);
  });
  const [silhouetteLabel, silhouetteStudy] = silhouettes(embedding, width, [
    used.map((entry) => Math.floor(strata[entry]! / 2)),
    used.map((entry) => strata[entry]! % 2),
  ]);
  return {
    silhouetteLabel: silhouetteLabel ?? null,
    silhouetteStudy: silhouetteStudy ?? null,
    cellsUsed: used.length,
    cellsTotal: known.length,
  };
}
