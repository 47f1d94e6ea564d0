import { AppError } from '../base/app-error.ts';
import type { CancelSignal } from '../base/cancel.ts';
import type { NeighbourGraph, PreparationNote } from '../data/aligned-pair.ts';
import { settledRows } from '../data/collect-rows.ts';
import { takeColumns } from '../data/csr-matrix.ts';
import type { SparseProducts } from '../data/sparse-products.ts';
import { blocksOf, mapRows, type RowStore, selectRows, type SparseRows } from '../data/sparse-rows.ts';
import type { CellEmbedding, Study } from '../data/study.ts';
import { featureMoments } from './feature-moments.ts';
import { lognorm } from './lognorm.ts';
import { lsi } from './lsi.ts';
import type { NeighbourDistance, NeighbourSearch } from './neighbour-search.ts';
import { pca, type ReductionOptions } from './pca.ts';
import { mostVariable, normalisedVariances } from './variable-features.ts';
import { Watch } from './watch.ts';

/** Principal components of a query with genes; most variable features they are made from; last LSI component of peaks. */
const COMPONENTS = 50;
const VARIABLE_FEATURES = 2000;
const LAST_LSI_COMPONENT = 30;
/** How often a reduction goes over the rows of a query, about. */
const PASSES = 6;

export interface QueryGraphOptions {
  readonly neighbours: number;
  readonly distance: NeighbourDistance;
  readonly search: NeighbourSearch;
  readonly products?: SparseProducts | undefined;
  /** Where the rows of the chosen features go of a query that does not lie in memory; without it they are made anew for each pass. */
  readonly store?: RowStore | undefined;
  readonly seed: number;
  readonly signal?: CancelSignal;
  readonly progress?: (fraction: number, text: string) => void | Promise<void>;
}

/** Numbers per cell in which near cells are alike: [cells, width] row by row. */
export interface RawEmbedding {
  readonly width: number;
  readonly values: Float32Array;
  /** For the Methods text. */
  readonly how: string;
}

/**
 * The k nearest cells of each query cell in its own, untrained space (see `rawEmbedding`), from its peaks where they are given.
 * A query with k cells or fewer gets a smaller k, which is noted. The space comes with them.
 *
 * @throws AppError if a query cell is not among the cells of `peaks`
 */
export async function queryGraph(
  query: Study,
  peaks: Study | undefined,
  options: QueryGraphOptions,
): Promise<{ graph: NeighbourGraph; space: CellEmbedding; notes: PreparationNote[] }> {
  const { seed, signal, progress, search, distance } = options;
  const notes: PreparationNote[] = [];
  await progress?.(0, 'Reducing the query');
  const source = peaks === undefined ? query : peaksOfCells(peaks, query);
  const watch = new Watch(PASSES * source.matrix.rows, (done) => progress?.(0.3 * done, 'Reducing the query'));
  const { width, values, how } = await rawEmbedding(
    { ...source, matrix: watch.rows(source.matrix) },
    {
      seed,
      ...(signal === undefined ? {} : { signal }),
      pause: () => watch.tell(),
      products: options.products,
      store: options.store,
    },
  );

  const cells = query.matrix.rows;
  const k = Math.min(options.neighbours, cells - 1);
  if (k < options.neighbours) {
    notes.push({
      step: 'neighbours',
      severity: 'warning',
      text: `${query.name} has ${cells} cells, so each has ${k} neighbours instead of ${options.neighbours}.`,
    });
  }
  const { indices } = await search.search(values, width, k, distance, {
    seed,
    ...(signal === undefined ? {} : { signal }),
    progress: (fraction) => progress?.(0.3 + 0.7 * fraction, 'Finding neighbours in the query'),
  });
  notes.push({
    step: 'neighbours',
    severity: 'info',
    text: `${k} nearest cells by ${distance === 'manhattan' ? 'Manhattan' : 'Euclidean'} distance on ${how}${
      peaks === undefined ? '' : ` of ${peaks.name}`
    }, ${search.describe(cells)}.`,
  });
  return { graph: { k, indices }, space: { width, values }, notes };
}

/**
 * Peaks: TF-IDF and LSI, components 2–30. All else: 50 principal components of the 2 000 most variable features, log-normalised
 * unless the values are on a log scale or scaled already. The order in which the file lists its features does not matter.
 */
export async function rawEmbedding(
  study: Study,
  options: ReductionOptions & { readonly store?: RowStore | undefined },
): Promise<RawEmbedding> {
  const ids = study.features.ids;
  const order = Uint32Array.from(ids.keys()).sort((a, b) => (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b));
  const { matrix } = study;
  const { signal } = options;
  const positive = await nothingNegative(matrix, signal);
  const cells = matrix.rows;

  if (study.modality === 'peaks' && positive && Math.min(cells, matrix.columns) > 1) {
    const { width, scores } = await lsi(matrix, LAST_LSI_COMPONENT, options, order);
    return { width, values: scores, how: `LSI components 2–${width + 1}` };
  }
  const asIs = !positive || study.valueKind === 'log-normalised' || study.valueKind === 'scaled';
  const level = asIs ? matrix : mapRows(matrix, matrix.columns, (block) => lognorm(block));
  const variability =
    study.valueKind === 'counts' && positive
      ? await normalisedVariances(matrix, { order, signal })
      : (await featureMoments(level, signal)).variance;
  const inOrder = Float64Array.from(order, (column) => variability[column]!);
  const variable = mostVariable(inOrder, VARIABLE_FEATURES)
    .sort()
    .map((place) => order[place]!);
  const chosen = mapRows(level, variable.length, (block) => takeColumns(block, variable));
  const { rank, scores } = await pca(
    await settledRows(chosen, options.store, signal),
    Math.min(COMPONENTS, Math.max(cells - 1, 1)),
    options,
  );
  return { width: rank, values: Float32Array.from(scores), how: `${rank} principal components` };
}

async function nothingNegative(matrix: SparseRows, signal: CancelSignal | undefined): Promise<boolean> {
  for await (const { matrix: block } of blocksOf(matrix, signal)) {
    if (!block.values.every((value) => value >= 0)) return false;
  }
  return true;
}

/** The peaks of the query's cells, in the query's order. Cells are matched by name, or else without a suffix such as `-1`. */
function peaksOfCells(peaks: Study, query: Study): Study {
  const exact = rowsByName(peaks.cells.ids, query.cells.ids);
  const rows = exact.includes(-1) ? rowsByName(peaks.cells.ids.map(barcode), query.cells.ids.map(barcode)) : exact;
  const best = missingIn(rows) < missingIn(exact) ? rows : exact;
  const missing = missingIn(best);
  if (missing > 0) {
    throw new AppError('preparing.cells-without-peaks', {
      peaks: peaks.name,
      query: query.name,
      missing,
      cells: query.cells.ids.length,
      example: query.cells.ids[best.indexOf(-1)]!,
    });
  }
  return { ...peaks, modality: 'peaks', matrix: selectRows(peaks.matrix, best) };
}

/** The row of each name, −1 where it is missing or stands for more than one row. */
function rowsByName(names: readonly string[], wanted: readonly string[]): number[] {
  const rows = new Map<string, number>();
  names.forEach((name, row) => rows.set(name, rows.has(name) ? -1 : row));
  return wanted.map((name) => rows.get(name) ?? -1);
}

function missingIn(rows: readonly number[]): number {
  return rows.reduce((count, row) => count + (row === -1 ? 1 : 0), 0);
}

function barcode(cell: string): string {
  return cell.replace(/-\d+$/, '');
}
