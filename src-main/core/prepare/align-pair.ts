import { countText } from '../base/count-text.ts';
import { AppError } from '../base/app-error.ts';
import { type CancelSignal, throwIfCancelled } from '../base/cancel.ts';
import type { AlignedPair, AlignedSide, PreparationNote } from '../data/aligned-pair.ts';
import { saysNothing } from '../data/no-label.ts';
import type { PreparationChoices } from '../data/preparation-choices.ts';
import type { Scenario } from '../data/scenario.ts';
import type { SparseProducts } from '../data/sparse-products.ts';
import { type RowStore, selectRows } from '../data/sparse-rows.ts';
import type { Study } from '../data/study.ts';
import { chooseFeatures } from './choose-features.ts';
import { featuresNeeded } from './features-needed.ts';
import { type FeatureMatch, type MatchedSide, matchFeatures, speciesDiffer } from './match-features.ts';
import type { MatchSide } from './match-report.ts';
import type { NeighbourSearch } from './neighbour-search.ts';
import { numberLabels } from './number-labels.ts';
import { preparedSide, sharedColumns } from './prepared-side.ts';
import { queryGraph } from './query-graph.ts';
import { writtenInputs } from './written-inputs.ts';

export interface PairInput {
  readonly reference: Study;
  readonly query: Study;
  /** The query's own peaks (same cells, matched by name): its neighbour graph is made from them. */
  readonly queryPeaks?: Study;
  /** Column of the reference's cells that holds the labels. */
  readonly labelColumn: string;
  readonly scenario: Scenario;
  readonly choices: PreparationChoices;
  readonly seed: number;
  readonly neighbours: NeighbourSearch;
  /** Multiplies faster than plain code where an engine offers it. */
  readonly products?: SparseProducts | undefined;
  /** Where the prepared rows of a study go that does not lie in memory; without it each row is prepared anew when it is read. */
  readonly store?: RowStore | undefined;
  readonly signal?: CancelSignal;
  /** Fraction done, 0…1, and what is being done. Work waits for a promise given back. */
  readonly progress?: (fraction: number, text: string) => void | Promise<void>;
}

/** Fewer cells than this on a side are told to the person. */
const FEW_CELLS = 20;

/**
 * Reference and query brought to the same features, transformed, numbered and with the query's neighbour graph.
 *
 * In order: labels are numbered and reference cells without one left out; features are intersected (see `matchFeatures`,
 * `featuresNeeded`); the most variable ones are chosen if asked for; each side is transformed by itself. Columns that stand for
 * the same feature are summed where the values are counts, else the first one counts. Query cells without any of the shared
 * features stay in. Every decision leaves a note. The order of the query's features does not matter.
 *
 * @throws AppError of the area `preparing` for what a person can mend
 */
export async function alignPair(input: PairInput): Promise<AlignedPair> {
  const { query, choices, scenario, seed, signal, progress } = input;
  const notes: PreparationNote[] = [];
  await progress?.(0, 'Matching features');
  const { reference, labels, label } = labelledReference(input, notes);
  requireCells(query.name, query.matrix.rows);

  const match = matchFeatures(reference, query);
  requireShared(reference, query, match);
  noteMatch(reference, query, match, notes);
  const kept = await keptPlaces(reference, query, match, choices.topFeatures, notes, signal);
  const features = Array.from(kept, (place) => match.features[place]!);
  const featureIds = Array.from(kept, (place) => match.ids[place]!);
  throwIfCancelled(signal);

  await progress?.(0.2, 'Transforming values');
  const prepared = async (study: Study, matched: MatchedSide, from: number): Promise<AlignedSide> => {
    const shared = sharedColumns(study, matched, match.features.length, kept, notes);
    const made = await preparedSide(study, shared, features, choices.transform, {
      ...{ store: input.store, signal },
      progress: (done) => progress?.(from + 0.05 * done, 'Transforming values'),
    });
    notes.push(...made.notes);
    return made.side;
  };
  const referenceSide = await prepared(reference, match.reference, 0.2);
  const querySide = await prepared(query, match.query, 0.25);
  throwIfCancelled(signal);

  const {
    graph,
    space,
    notes: graphNotes,
  } = await graphOf(query, input.queryPeaks, {
    neighbours: choices.neighbours,
    distance: choices.distance,
    search: input.neighbours,
    products: input.products,
    store: input.store,
    seed,
    ...(signal === undefined ? {} : { signal }),
    progress: (fraction, text) => progress?.(0.3 + 0.65 * fraction, text),
  });
  notes.push(...graphNotes);
  const [referenceInput, queryInput] = await writtenInputs([referenceSide.input, querySide.input], {
    ...{ store: input.store, signal },
    progress: (done) => progress?.(0.95 + 0.05 * done, 'Keeping the prepared rows'),
  });
  return {
    scenario,
    features,
    featureIds,
    labels,
    reference: { ...referenceSide, input: referenceInput, label },
    query: {
      ...querySide,
      input: queryInput,
      neighbours: graph,
      ...(choices.space === true && space !== undefined ? { space } : {}),
    },
    notes,
  };
}

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** The neighbour graph of the query; an empty one for a method that asks for no neighbours. */
function graphOf(
  ...[query, peaks, options]: Parameters<typeof queryGraph>
): Promise<Optional<Awaited<ReturnType<typeof queryGraph>>, 'space'>> {
  if (options.neighbours > 0) return queryGraph(query, peaks, options);
  return Promise.resolve({ graph: { k: 0, indices: new Int32Array(0) }, notes: [] });
}

/** The reference without its unlabelled cells, and its labels as numbers. */
function labelledReference(
  input: PairInput,
  notes: PreparationNote[],
): { reference: Study; labels: readonly string[]; label: Int32Array } {
  const { reference: study, labelColumn } = input;
  requireCells(study.name, study.matrix.rows);
  const { labels, label, cells } = numberLabels(study, labelColumn);
  const rows = Uint32Array.from(label.keys()).filter((row) => label[row]! >= 0);
  requireCells(`${study.name} (cells with a label in "${labelColumn}")`, rows.length);
  const note = (severity: 'info' | 'warning', text: string): void => {
    notes.push({ step: 'labels', severity, text });
  };
  if (rows.length < label.length) {
    note(
      'warning',
      `${label.length - rows.length} of ${label.length} cells of ${study.name} have no label and were left out.`,
    );
  }
  if (labels.length === 1) {
    note(
      'warning',
      `The reference has only the label "${labels[0]!}": every query cell will get it, and its confidence says nothing.`,
    );
  }
  const single = labels.filter((_, k) => cells[k] === 1);
  if (single.length > 0 && labels.length > 1) {
    note(
      'warning',
      `Only one cell in the reference has the label ${single.map((name) => `"${name}"`).join(', ')}; it can hardly be learned.`,
    );
  }
  const noLabel = labels.filter(saysNothing);
  if (noLabel.length > 0) {
    note(
      'warning',
      `The reference has the label ${noLabel.map((name) => `"${name}"`).join(', ')}, which names no kind of cell and is learned like any other. Leave its cells out by the repair drop-labels=${noLabel.join('|')}.`,
    );
  }
  for (const [name, size] of [
    [study.name, rows.length],
    [input.query.name, input.query.matrix.rows],
  ] as const) {
    if (size < FEW_CELLS && size >= 2)
      note('warning', `${name} has only ${size} cells to work with; expect unstable labels.`);
  }
  note('info', `${countText(rows.length)} reference cells with ${labels.length} labels from column "${labelColumn}".`);
  if (rows.length === label.length) return { reference: study, labels, label };
  const ids = Array.from(rows, (row) => study.cells.ids[row]!);
  return {
    reference: { ...study, cells: { ids, columns: new Map() }, matrix: selectRows(study.matrix, rows) },
    labels,
    label: Int32Array.from(rows, (row) => label[row]!),
  };
}

/** Refuses a study of fewer than two cells. */
export function requireCells(study: string, cells: number): void {
  if (cells < 2) throw new AppError('preparing.too-few-cells', { study, cells, needed: 2 });
}

/** Refuses studies that share too few features, by the rule of `featuresNeeded`. */
export function requireShared(reference: MatchSide, query: MatchSide, match: FeatureMatch): void {
  const shared = match.features.length;
  const names = { reference: reference.name, query: query.name };
  if (shared === 0) {
    const examples = (study: MatchSide): string => study.features.names.slice(0, 3).join(', ');
    throw new AppError('preparing.no-shared-features', {
      ...names,
      referenceNames: examples(reference),
      queryNames: examples(query),
    });
  }
  const needed = featuresNeeded(Math.min(match.reference.different, match.query.different));
  if (shared < needed) throw new AppError('preparing.too-few-shared-features', { ...names, shared, needed });
}

function noteMatch(reference: Study, query: Study, match: FeatureMatch, notes: PreparationNote[]): void {
  const shared = match.features.length;
  const smaller = Math.min(match.reference.different, match.query.different);
  notes.push({
    step: 'match features',
    severity: shared < 100 || shared < 0.3 * smaller ? 'warning' : 'info',
    text: `${countText(shared)} features are shared by ${match.by}: of ${countText(match.reference.different)} in ${reference.name} and of ${countText(match.query.different)} in ${query.name}.`,
  });
  noteSpelling(reference, query, match, notes);
}

/** Adds what is odd about features that match. */
export function noteSpelling(
  reference: MatchSide,
  query: MatchSide,
  match: FeatureMatch,
  notes: PreparationNote[],
): void {
  const note = (severity: 'info' | 'warning', text: string): void => {
    notes.push({ step: 'match features', severity, text });
  };
  if (match.byCaseOnly > 0) note('info', `${countText(match.byCaseOnly)} of them differ in upper and lower case only.`);
  if (speciesDiffer(reference, query)) {
    note(
      'warning',
      `${reference.name} looks like ${reference.species} and ${query.name} like ${query.species}, but most gene names agree.`,
    );
  }
}

/** Places among the shared features that stay, in the order of the matrix columns to be. */
async function keptPlaces(
  reference: Study,
  query: Study,
  match: FeatureMatch,
  topFeatures: number | null,
  notes: PreparationNote[],
  signal: CancelSignal | undefined,
): Promise<Uint32Array> {
  if (topFeatures === null) return Uint32Array.from(match.features.keys());
  const chosen = await chooseFeatures(reference, query, match, topFeatures, signal);
  notes.push(...chosen.notes);
  const needed = featuresNeeded(Math.min(topFeatures, match.reference.different, match.query.different));
  if (chosen.places.length < needed) {
    throw new AppError('preparing.too-few-variable-features', { shared: chosen.places.length, topFeatures, needed });
  }
  return chosen.places;
}
