import { basename } from 'node:path';
import { type CancelSignal } from '#core/base/cancel';
import type { CalledCells } from '#core/chromatin/call-cells';
import { CellQualityCounter } from '#core/chromatin/cell-quality';
import type { CellRows } from '#core/chromatin/cell-rows';
import type { ShareUsed } from '#core/chromatin/contig-runs';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import type { PreparationNote } from '#core/data/aligned-pair';
import type { RowStore } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { FragmentReading, type FragmentReport } from '../fragments/fragment-reading.ts';
import type { StudyChoice } from '../inspect/repair.ts';
import { cellsKept, takeStudyCells } from '../leave-out-cells.ts';
import { renamedLabels } from '../rename-labels.ts';
import { cellsWithQuality } from './cells-with-quality.ts';
import { type Counted, columnCounter } from './column-counter.ts';
import { type FragmentColumns, fragmentColumns } from './fragment-columns.ts';
import { fragmentCells } from './fragment-cells.ts';
import { genomeOfFragments, speciesOf } from './genome-of-fragments.ts';
import { lookAtFragments } from './look-at-fragments.ts';
import { shareNotes } from './share-notes.ts';

export { speciesOf } from './genome-of-fragments.ts';

export interface FragmentStudyOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction done, 0 … 1, rising. */
  readonly progress?: ((fraction: number) => void) | undefined;
  readonly store?: RowStore | undefined;
  /** What is counted, where it is not left to the choice. */
  readonly columns?: FragmentColumns | undefined;
  /** Names of the cells, where they are known from elsewhere. */
  readonly cells?: readonly string[] | undefined;
  /** What the same cells are also counted in, in the same pass, for their neighbour graph: windows or peaks. */
  readonly also?: FragmentColumns | null | undefined;
  /** The column that the repairs `drop-labels` and `rename-labels` look at; without it they are left to the preparation. */
  readonly labelColumn?: string | undefined;
  /** Whether listed cells without a fragment are left out: where one list is for several files. */
  readonly withFragments?: boolean;
}

/** A fragments file as a study. */
export interface FragmentStudy {
  readonly study: Study;
  /** Insertions that were used, and all of them: of all listed cells, before any was left out. */
  readonly share: ShareUsed;
  readonly fragments: Counted['fragments'];
  /** The same cells in the other columns; null where none were asked for. */
  readonly also: Study | null;
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
 * `tss_enrichment` and, with peaks, `frip`: the share of insertions in peaks) and, if asked for, other columns. Then the
 * repairs leave cells out. The file is read once where the cells are listed, else twice. Memory follows the counts that are not 0.
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
  const genome = await genomeOfFragments(choice, columns, look, signal);
  const half = (from: number) => (fraction: number) => progress?.(from + fraction * (1 - splitAt));
  const cells = await fragmentCells(choice, look, {
    cells: options.cells,
    signal,
    progress: (f) => progress?.(splitAt * f),
  });

  const counter = await columnCounter(columns, choice, genome.genes, signal);
  const also = options.also ? await columnCounter(options.also, choice, genome.genes, signal) : null;
  const peaks = counter.peaks ?? also?.peaks ?? null;
  const quality = new CellQualityCounter({
    ...(genome.genes === null ? {} : { genes: genome.genes }),
    ...(peaks === null ? {} : { peaks }),
  });
  const rows = cells.rows();
  const counters: { add(block: FragmentBlock, cells: CellRows): void }[] = [counter, quality];
  if (also !== null) counters.push(also);
  const reading = new FragmentReading(choice.path, { signal, progress: half(splitAt) });
  for await (const block of reading) for (const each of counters) each.add(block, rows);

  const { share, fragments, ...counted } = await counter.result(rows.rows, { store, signal });
  const cellQuality = quality.result(rows.rows);
  const shared = {
    name,
    species: speciesOf(genome.build),
    cells: await cellsWithQuality(cells.table, cellQuality, choice, options.cells === undefined),
    embeddings: new Map(),
  } as const;
  const whole: Study = { ...shared, ...counted };
  const kept = await keptOf(whole, cellQuality.fragments, choice, options);
  const as = (study: Study): Study => renamedLabels(takeStudyCells(study, kept), choice, options.labelColumn);
  const second = also === null ? null : await also.result(rows.rows, { store, signal });
  const kind = columns.kind === 'gene-activity' ? 'genes' : columns.kind;
  const notes = shareNotes(name, { share, columns: kind }, reading.report, cellQuality.fragments);
  return {
    study: as(whole),
    also: second === null ? null : as(otherStudy(shared, options.also!.kind, second)),
    share,
    fragments,
    called: cells.called,
    report: reading.report,
    build: genome.build,
    notes: [...genome.notes, ...cells.notes, ...notes],
  };
}

function otherStudy(
  shared: Pick<Study, 'name' | 'species' | 'cells' | 'embeddings'>,
  kind: FragmentColumns['kind'],
  { modality, valueKind, features, matrix }: Counted,
): Study {
  return { ...shared, name: `${kind} of ${shared.name}`, modality, valueKind, features, matrix };
}

/** Of the progress, what telling the cells and the look take. */
const splitAt = 0.4;

/** The numbers of the cells that stay, where some are left out: those without a fragment, and those that the repairs name. */
async function keptOf(
  study: Study,
  fragments: Float64Array,
  choice: StudyChoice,
  { signal, labelColumn, withFragments = false }: FragmentStudyOptions,
): Promise<Int32Array | null> {
  const kept = await cellsKept(study, choice, labelColumn, signal);
  if (!withFragments || !fragments.includes(0)) return kept;
  return (kept ?? Int32Array.from(fragments.keys())).filter((cell) => fragments[cell]! > 0);
}
