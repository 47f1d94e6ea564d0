import type { PipelineOutcome } from '#core/pipeline';
import { KEPT, strongestPerCell } from '#core/interpret/strongest-per-cell';
import type { Study } from '#core/data/study';
import type { StreamedArray } from '#store/stored-array';
import { byFeature } from './by-feature.ts';

/** [query cells, KEPT, 2]: see `strongestPerCell`. */
export const whyName = 'why/strongest';

/** Arrays of a run that only the explorers of its result read, one part at a time; they are too large to be read whole. */
export function isExplorerArray(name: string): boolean {
  return name.startsWith('by-feature/') || name.startsWith('why/');
}

/** What the explorers need beside the result itself: made when it is stored, so that a run without a project makes none. */
export interface ExplorerArrays {
  readonly arrays: Readonly<Record<string, StreamedArray>>;
  /** Names of the query's features, in the order of the arrays by feature. */
  readonly features: readonly string[];
  /** Gives temporary files back. */
  close(): void;
}

/** The query's values by feature, and, where the method has an affine model, the strongest features of each cell. */
export async function explorerArrays(
  query: Study,
  outcome: PipelineOutcome,
  signal: AbortSignal,
): Promise<ExplorerArrays> {
  const { model, pair, transfer } = outcome;
  const { affine } = model;
  const { arrays, close } = await byFeature(query.matrix, signal);
  const cells = transfer.query.cells.length;
  return {
    arrays: {
      ...arrays,
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
    close,
  };
}
