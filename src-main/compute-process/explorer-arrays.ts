import type { PipelineOutcome } from '#core/pipeline';
import { KEPT, strongestPerCell } from '#core/interpret/strongest-per-cell';
import type { FeatureTable, Study } from '#core/data/study';
import { featureKeys } from '#core/prepare/feature-keys';
import type { StreamedArray } from '#store/stored-array';
import { byFeature } from './by-feature.ts';
import { cellColumns, type CellColumnsNote, isCellColumnArray } from './cell-columns.ts';

/** [query cells, KEPT, 2]: see `strongestPerCell`. */
export const whyName = 'why/strongest';

/** Arrays of a run that only the explorers of its result read, one part at a time; they are too large to be read whole. */
export function isExplorerArray(name: string): boolean {
  return name.startsWith('by-feature/') || name.startsWith('why/') || isCellColumnArray(name);
}

/** What the explorers need beside the result itself: made when it is stored, so that a run without a project makes none. */
export interface ExplorerArrays {
  readonly arrays: Readonly<Record<string, StreamedArray>>;
  /** Names of the query's features, in the order of the arrays by feature. */
  readonly features: readonly string[];
  /** [trained features] place of each feature that the method saw among `features`; −1 where none is found. */
  readonly trained: readonly number[];
  /** The studies' own columns of cells among the arrays. */
  readonly columns: CellColumnsNote;
  /** Gives temporary files back. */
  close(): void;
}

/**
 * The query's values by feature, the columns of cells that both studies came with, and, where the method has an affine model,
 * the strongest features of each cell.
 */
export async function explorerArrays(
  { reference, query }: { readonly reference: Pick<Study, 'cells'>; readonly query: Study },
  outcome: PipelineOutcome,
  signal: AbortSignal,
): Promise<ExplorerArrays> {
  const { model, pair, transfer } = outcome;
  const { affine } = model;
  const { arrays, close } = await byFeature(query.matrix, signal);
  const cells = transfer.query.cells.length;
  const columns = cellColumns(
    { reference: reference.cells, query: query.cells },
    { reference: transfer.reference.cells, query: transfer.query.cells },
  );
  return {
    arrays: {
      ...arrays,
      ...columns.arrays,
      ...(affine === null
        ? {}
        : {
            [whyName]: {
              dtype: 'float32' as const,
              shape: [cells, KEPT, 2],
              pieces: () => strongestPerCell(affine, pair, transfer, signal),
            },
          }),
    },
    features: query.features.names,
    trained: placesAmong(query.features, pair.features),
    columns: columns.note,
    close,
  };
}

/**
 * Where features of a run stand among those of the query, whose names may be written another way: first by the name as it is,
 * then without regard to case, then by id, then by coordinates. Of several columns the first counts.
 */
export function placesAmong(query: FeatureTable, wanted: readonly string[]): number[] {
  const asked: FeatureTable = { ids: wanted, names: wanted, idType: query.idType, columns: new Map() };
  const ways = [
    { by: 'names', ignoreCase: false },
    { by: 'names', ignoreCase: true },
    { by: 'ids', ignoreCase: true },
    { by: 'coordinates', ignoreCase: true },
  ] as const;
  const places = new Array<number>(wanted.length).fill(-1);
  for (const { by, ignoreCase } of ways) {
    if (!places.includes(-1)) break;
    const keys = featureKeys(query, by, { ignoreCase });
    const placeOf = new Map(keys.map((key, place) => [key, place] as const).reverse());
    featureKeys(asked, by, { ignoreCase }).forEach((key, i) => {
      if (places[i] === -1) places[i] = placeOf.get(key) ?? -1;
    });
  }
  return places;
}
