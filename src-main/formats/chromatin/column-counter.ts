import type { CancelSignal } from '#core/base/cancel';
import type { CellRows } from '#core/chromatin/cell-rows';
import { requireCommonContig, type ShareUsed } from '#core/chromatin/contig-runs';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { GeneActivityCounter, type LongWork } from '#core/chromatin/gene-activity';
import type { GeneModel } from '#core/chromatin/gene-model';
import { IntervalCounter } from '#core/chromatin/interval-counter';
import type { Interval } from '#core/chromatin/interval-index';
import { peakName } from '#core/chromatin/peak-sets';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import { WindowCounter } from '#core/chromatin/window-counter';
import type { SparseRows } from '#core/data/sparse-rows';
import type { FeatureTable, Modality, ValueKind } from '#core/data/study';
import type { StudyChoice } from '../inspect/repair.ts';
import type { FragmentColumns } from './fragment-columns.ts';
import { readPeaks } from './read-peaks.ts';

/** What was counted, as a study has it. */
export interface Counted {
  readonly modality: Modality;
  readonly valueKind: ValueKind;
  readonly features: FeatureTable;
  /** [cells, features] */
  readonly matrix: SparseRows;
  /** Insertions that were used, and all of them. */
  readonly share: ShareUsed;
  readonly fragments: { readonly ofCells: number; readonly ofOthers: number };
}

/** Takes fragments and gives the columns that were asked for. */
export interface ColumnCounter {
  /** The peaks that are counted in; null for genes and windows. */
  readonly peaks: readonly Interval[] | null;
  add(block: FragmentBlock, cells: CellRows): void;
  /** @throws AppError `chromatin.no-contig-in-common` if genes or peaks lie on none of the contigs of the fragments */
  result(rows: number, work: LongWork): Promise<Counted>;
}

/**
 * The counter for some columns.
 * @param genes those that activity is counted for
 * @throws what `readPeaks` throws for the choice's own peaks
 */
export async function columnCounter(
  columns: FragmentColumns,
  choice: StudyChoice,
  genes: readonly GeneModel[] | null,
  signal: CancelSignal | undefined,
): Promise<ColumnCounter> {
  switch (columns.kind) {
    case 'gene-activity':
      return geneCounter(genes!, columns.weighted);
    case 'windows':
      return windowCounter(columns.width);
    case 'peaks': {
      const peaks = columns.peaks ?? (await readPeaks(choice.chromatin!.peaks!, signal));
      return peakCounter(peaks);
    }
  }
}

function geneCounter(models: readonly GeneModel[], weighted: boolean): ColumnCounter {
  const counter = weighted ? new WeightedActivityCounter(models) : new GeneActivityCounter(models);
  return {
    peaks: null,
    add: (block, cells) => counter.add(block, cells),
    async result(rows, work) {
      const { genes, ...counted } = await counter.result(rows, work);
      return { ...counted, ...geneFeatures(genes), valueKind: weighted ? 'unknown' : 'counts' };
    },
  };
}

/** Genes as the features of gene activity. */
export function geneFeatures(genes: readonly GeneModel[]): Pick<Counted, 'modality' | 'features'> {
  const names = genes.map(({ name }) => name);
  return { modality: 'gene-activity', features: { ids: names, names, idType: 'symbol', columns: new Map() } };
}

function windowCounter(width: number): ColumnCounter {
  const counter = new WindowCounter(width);
  return {
    peaks: null,
    add: (block, cells) => counter.add(block, cells),
    async result(rows, work) {
      const { windows, ...counted } = await counter.result(rows, work);
      return { ...counted, ...placeFeatures(windows), valueKind: 'counts' };
    },
  };
}

function peakCounter(peaks: readonly Interval[]): ColumnCounter {
  const counter = new IntervalCounter(peaks);
  return {
    peaks,
    add: (block, cells) => counter.add(block, cells),
    async result(rows, work) {
      const counts = await counter.result(rows, work);
      requireCommonContig(counts.share, { counted: 'The fragments', intervals: 'the peaks' }, peaks);
      return { ...counts, ...placeFeatures(peaks), valueKind: 'counts' };
    },
  };
}

/** Peaks or windows as the features of open chromatin. */
export function placeFeatures(places: readonly Interval[]): Pick<Counted, 'modality' | 'features'> {
  const names = places.map(peakName);
  return { modality: 'peaks', features: { ids: names, names, idType: 'coordinates', columns: new Map() } };
}
