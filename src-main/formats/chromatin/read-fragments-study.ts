import { basename } from 'node:path';
import { type CancelSignal } from '#core/base/cancel';
import type { CalledCells } from '#core/chromatin/call-cells';
import { CellQualityCounter } from '#core/chromatin/cell-quality';
import type { CellRows } from '#core/chromatin/cell-rows';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { WindowCounter } from '#core/chromatin/window-counter';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { Column } from '#core/data/column';
import type { RowStore } from '#core/data/sparse-rows';
import type { CellTable, Species, Study } from '#core/data/study';
import { FragmentReading, type FragmentReport } from '../fragments/fragment-reading.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { joinLabels } from '../labels/join-labels.ts';
import { readLabelsFile } from '../labels/read-labels-file.ts';
import { type ChosenGenes, chosenGenes, sureBuild } from './chosen-genes.ts';
import { type Counted, columnCounter, windowsOf } from './column-counter.ts';
import { type FragmentColumns, fragmentColumns, windowWidth } from './fragment-columns.ts';
import { type FragmentCells, fragmentCells } from './fragment-cells.ts';
import { type FragmentLook, lookAtFragments } from './look-at-fragments.ts';
import { shareNotes } from './share-notes.ts';

export interface FragmentStudyOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1, rising. */
  readonly progress?: ((fraction: number) => void) | undefined;
  readonly store?: RowStore | undefined;
  /** What is counted, where it is not left to the choice. */
  readonly columns?: FragmentColumns | undefined;
  /** Names of the cells, where they are known from elsewhere. */
  readonly cells?: readonly string[] | undefined;
  /** Whether the same cells are also counted in windows of 5 000 bases, for their neighbour graph. */
  readonly alsoWindows?: boolean;
}

/** A fragments file as a study. */
export interface FragmentStudy extends Counted {
  readonly study: Study;
  /** The same cells counted in windows; null where they were not asked for. */
  readonly windows: Study | null;
  /** How cells were told; null where they were listed. */
  readonly called: CalledCells | null;
  readonly report: FragmentReport;
  /** hg38, mm10, …; null where it is not known. */
  readonly build: string | null;
  readonly notes: readonly PreparationNote[];
}

/**
 * Counts a fragments file into a study: which barcodes are cells (`fragmentCells`), which genes (`chosenGenes`), then one
 * pass in which everything is counted: the columns (`fragmentColumns`), the quality of the cells (columns `n_fragments`,
 * `tss_enrichment` and, with peaks, `frip`: the share of insertions in peaks) and, if asked for, windows. The file is
 * read once where the cells are listed, else twice. Memory follows the counts that are not 0.
 *
 * Throws what these throw, what `FragmentReading` throws, and `Cancelled`.
 */
export async function readFragmentsStudy(
  choice: StudyChoice,
  options: FragmentStudyOptions = {},
): Promise<FragmentStudy> {
  const { signal, store, progress } = options;
  const columns = options.columns ?? fragmentColumns(choice);
  const name = basename(choice.path);
  const look = await lookAtFragments(choice.path, { signal });
  const genome = await genomeOf(choice, columns, look, signal);
  const half = (from: number) => (fraction: number) => progress?.(from + fraction * (1 - splitAt));
  const cells = await fragmentCells(choice, look, {
    cells: options.cells,
    signal,
    progress: (f) => progress?.(splitAt * f),
  });

  const counter = await columnCounter(columns, choice, genome.genes, signal);
  const windows = options.alsoWindows === true && columns.kind !== 'windows' ? new WindowCounter(windowWidth) : null;
  const quality = new CellQualityCounter({
    ...(genome.genes === null ? {} : { genes: genome.genes }),
    ...(counter.peaks === null ? {} : { peaks: counter.peaks }),
  });
  const rows = cells.rows();
  const counters: { add(block: FragmentBlock, cells: CellRows): void }[] = [counter, quality];
  if (windows !== null) counters.push(windows);
  const reading = new FragmentReading(choice.path, { signal, progress: half(splitAt) });
  for await (const block of reading) for (const each of counters) each.add(block, rows);

  const counted = await counter.result(rows.rows, { store, signal });
  const table = await withColumns(cells, quality, choice, options.cells === undefined);
  const shared = {
    name,
    valueKind: 'counts',
    species: speciesOf(genome.build),
    cells: table,
    embeddings: new Map(),
  } as const;
  const study: Study = { ...shared, ...counted };
  const inWindows = windows === null ? null : windowsOf(await windows.result(rows.rows, { store, signal }));
  return {
    ...counted,
    study,
    windows: inWindows === null ? null : { ...shared, ...inWindows, name: `windows of ${name}` },
    called: cells.called,
    report: reading.report,
    build: genome.build,
    notes: [...genome.notes, ...cells.notes, ...shareNotes(name, counted, reading.report, table)],
  };
}

/** Of the progress, what telling the cells and the look take. */
const splitAt = 0.4;

interface Genome extends Omit<ChosenGenes, 'genes'> {
  readonly genes: ChosenGenes['genes'] | null;
}

/** Genes are needed for gene activity; for other columns they are taken where they can be had, to tell the quality of cells. */
async function genomeOf(
  { path, chromatin }: StudyChoice,
  columns: FragmentColumns,
  { places, report }: FragmentLook,
  signal: CancelSignal | undefined,
): Promise<Genome> {
  const signs = { name: basename(path), places, headers: report.headers };
  if (columns.kind === 'gene-activity' || chromatin?.annotation !== undefined) {
    return chosenGenes(chromatin?.annotation, signs, signal);
  }
  const build = await sureBuild(signs);
  if (build === null) return { genes: null, build, notes: [] };
  const { genes } = await chosenGenes(build, signs, signal);
  return { genes, build, notes: [] };
}

/** The cells with the columns of their list, those of the labels file and their quality. */
async function withColumns(
  cells: FragmentCells,
  counter: CellQualityCounter,
  choice: StudyChoice,
  join: boolean,
): Promise<CellTable> {
  const { ids } = cells.table;
  const { fragments, tssEnrichment, shareInPeaks } = counter.result(ids.length);
  const number = (values: Float64Array): Column => ({ kind: 'number', values });
  const quality = new Map<string, Column>([['n_fragments', number(fragments)]]);
  if (tssEnrichment !== null) quality.set('tss_enrichment', number(tssEnrichment));
  if (shareInPeaks !== null) quality.set('frip', number(shareInPeaks));
  const own: CellTable = { ids, columns: new Map([...quality, ...cells.table.columns]) };
  const path = choice.labelsFile;
  if (!join || path === undefined || choice.chromatin?.barcodes === undefined) return own;
  return joinLabels(own, await readLabelsFile(path), { path, study: basename(choice.path) }).cells;
}

/** The species of a genome build. */
export function speciesOf(build: string | null): Species {
  if (build === null) return 'unknown';
  return /^hg|^hs/.test(build) ? 'human' : /^mm/.test(build) ? 'mouse' : 'unknown';
}
