import { countText } from '../base/count-text.ts';
import type { AlignedPair, PreparationNote } from '../data/aligned-pair.ts';
import type { PreparationChoices } from '../data/preparation-choices.ts';
import type { Scenario } from '../data/scenario.ts';
import { mapRows, type SparseRows } from '../data/sparse-rows.ts';
import type { Modality } from '../data/study.ts';
import { noteSpelling, type PairInput, requireCells, requireShared } from './align-pair.ts';
import { type FeatureMatch, matchFeatures } from './match-features.ts';
import type { MatchSide } from './match-report.ts';
import { preparedSide, sharedColumns } from './prepared-side.ts';
import { queryGraph } from './query-graph.ts';
import { modalityText } from './suggest-scenario.ts';

export interface ModelInput extends Pick<
  PairInput,
  'query' | 'queryPeaks' | 'seed' | 'neighbours' | 'products' | 'store' | 'signal' | 'progress'
> {
  readonly scenario: Scenario;
  /** The model's features as a study of its own would name them. */
  readonly side: MatchSide;
  /** [features] as the model names them. */
  readonly features: readonly string[];
  readonly labels: readonly string[];
  /** What the query that it was trained with held. */
  readonly trainedFor: Modality;
  /** As for the run that trained it. */
  readonly choices: PreparationChoices;
  /** Whether the model looks at the query's neighbours when it labels. */
  readonly graph: boolean;
}

/** A larger share of missing features is told as a warning. */
const MISSING_TOLD = 0.1;

/**
 * A query as the model's own query was: on the model's features, in their order, transformed by itself, with its neighbours
 * where the model looks at them. Features that the query lacks are zero in every cell; how many is noted. The pair has no
 * reference cells.
 *
 * @throws AppError as `alignPair` does, by the same rules: too few cells or shared features, other kinds of features, another
 *   species, values that do not fit the transform
 */
export async function alignToModel(input: ModelInput): Promise<{ pair: AlignedPair; missing: number }> {
  const { query, side, features, choices, signal, progress } = input;
  const notes: PreparationNote[] = [];
  await progress?.(0, 'Matching features');
  requireCells(query.name, query.matrix.rows);
  const match = matchFeatures(side, query);
  requireShared(side, query, match);
  const missing = features.length - match.features.length;
  noteFit(input, match, notes);
  noteSpelling(side, query, match, notes);

  const all = Uint32Array.from(match.features.keys());
  const shared = sharedColumns(query, match.query, all.length, all, notes);
  const made = await preparedSide(query, inModelOrder(shared, match, features.length), features, choices.transform, {
    ...{ store: input.store, signal },
    progress: (done) => progress?.(0.2 + 0.1 * done, 'Transforming values'),
  });
  notes.push(...made.notes);
  const found = input.graph
    ? await queryGraph(query, input.queryPeaks, {
        ...{ neighbours: choices.neighbours, distance: choices.distance, seed: input.seed },
        ...{ search: input.neighbours, products: input.products, store: input.store },
        ...(signal === undefined ? {} : { signal }),
        progress: (fraction, text) => progress?.(0.3 + 0.7 * fraction, text),
      })
    : { graph: { k: 0, indices: new Int32Array(0) }, notes: [] };
  notes.push(...found.notes);
  return { pair: pairOf(input, { ...made.side, neighbours: found.graph }, notes), missing };
}

/** The pair of a model: its query alone, beside a reference without cells. */
function pairOf(
  { scenario, features, labels }: ModelInput,
  query: AlignedPair['query'],
  notes: readonly PreparationNote[],
): AlignedPair {
  const none = {
    rows: 0,
    columns: features.length,
    indptr: new Float64Array(1),
    indices: new Uint32Array(0),
    values: new Float32Array(0),
  };
  const reference = { cells: [], counts: none, input: none, label: new Int32Array(0) };
  return { scenario, features, labels, reference, query, notes };
}

/** Shared columns at the places that the model has for them: [cells, features of the model]. */
function inModelOrder(shared: SparseRows, match: FeatureMatch, columns: number): SparseRows {
  const target = new Uint32Array(match.features.length);
  // backwards, so that of columns of the same place the first stands
  for (let column = columns - 1; column >= 0; column--) {
    const place = match.reference.place[column]!;
    if (place >= 0) target[place] = column;
  }
  if (shared.columns === columns && target.every((column, place) => column === place)) return shared;
  return mapRows(shared, columns, (block) => ({
    ...block,
    columns,
    indices: block.indices.map((place) => target[place]!), // rising, since shared features are in the model's order
  }));
}

function noteFit({ query, features, trainedFor }: ModelInput, match: FeatureMatch, notes: PreparationNote[]): void {
  const note = (severity: PreparationNote['severity'], text: string): void => {
    notes.push({ step: 'match features', severity, text });
  };
  const [found, all] = [match.features.length, features.length];
  note(
    'info',
    `${countText(found)} of the ${countText(all)} features of the model are in ${query.name}, by ${match.by}.`,
  );
  if (found < all) {
    note(
      all - found > MISSING_TOLD * all ? 'warning' : 'info',
      `${countText(all - found)} of the ${countText(all)} features of the model are missing in ${query.name} and count as zero.`,
    );
  }
  if (query.modality === trainedFor) return;
  note(
    'warning',
    `The model was trained to label ${modalityText[trainedFor]}; ${query.name} holds ${modalityText[query.modality]}.`,
  );
}
