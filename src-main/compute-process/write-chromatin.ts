import { basename } from 'node:path';
import type { CancelSignal } from '#core/base/cancel';
import type { ShareUsed } from '#core/chromatin/contig-runs';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { barcodeRankFigure } from '#core/figures/barcode-rank-figure';
import { figureSvg } from '#charts/figure-svg';
import { geneActivityStudy } from '#formats/chromatin/gene-activity-study';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import type { StudyChoice } from '#formats/inspect/repair';
import { requireChromatin } from '#formats/pair/plan-pair';
import { type PairChoice, readPair } from '#formats/pair/read-pair';
import { writeWhole } from './write-results.ts';

export interface ChromatinWork {
  readonly signal: CancelSignal;
  readonly store: RowStore;
  readonly progress: (fraction: number, text: string) => void;
}

/** How large a study was that was written. */
export interface WrittenStudy {
  readonly cells: number;
  readonly features: number;
}

export interface WrittenActivity extends WrittenStudy {
  /** Insertions or counts, and those in genes. */
  readonly share: ShareUsed;
  readonly fragments: { readonly ofCells: number; readonly ofOthers: number } | null;
  readonly build: string | null;
  /** The fewest fragments of a cell, where cells were told by them. */
  readonly threshold: number | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * Writes the gene activity of fragments or peaks as an .h5ad, and the curve of fragments per barcode as an SVG where one is
 * asked for and cells were told by it. Throws what `geneActivityStudy` and the writers throw, and `Cancelled`.
 */
export async function writeGeneActivity(
  ask: {
    readonly choice: StudyChoice;
    readonly weighted: boolean;
    readonly target: string;
    readonly plot: string | null;
  },
  { signal, store, progress }: ChromatinWork,
): Promise<WrittenActivity> {
  const counting = `Counting ${basename(ask.choice.path)}`;
  const made = await geneActivityStudy(ask.choice, ask.weighted, {
    ...{ signal, store },
    progress: (fraction) => progress(0.9 * fraction, counting),
  });
  progress(0.9, 'Writing the file');
  const written = await writeStudy(made.study, ask.target);
  const { share, fragments, build, called, notes } = made;
  if (ask.plot !== null && called !== null) await writeWhole(ask.plot, figureSvg(barcodeRankFigure(called)));
  return { ...written, share, fragments, build, threshold: called?.threshold ?? null, notes };
}

export interface WrittenPair {
  readonly reference: WrittenStudy;
  readonly query: WrittenStudy;
  readonly notes: readonly PreparationNote[];
}

/** Writes reference and query on the same features, each as an .h5ad. Throws what `readPair` and the writer throw. */
export async function writeHarmonised(
  pair: PairChoice,
  targets: { readonly reference: string; readonly query: string },
  { signal, store, progress }: ChromatinWork,
): Promise<WrittenPair> {
  await requireChromatin(pair.reference, pair.query, signal);
  const { reference, query, notes } = await readPair(pair, {
    ...{ signal, store },
    progress: (fraction, text) => progress(0.9 * fraction, text),
  });
  progress(0.9, 'Writing the files');
  return {
    reference: await writeStudy(reference, targets.reference),
    query: await writeStudy(query, targets.query),
    notes,
  };
}

async function writeStudy(study: Study, target: string): Promise<WrittenStudy> {
  await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
  return { cells: study.matrix.rows, features: study.matrix.columns };
}
