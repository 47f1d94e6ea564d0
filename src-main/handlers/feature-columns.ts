import { AppError } from '#core/base/app-error';
import type { FeatureMatches, FeatureValues } from '#contract/result-data';
import { byFeatureNames } from '#compute/by-feature';
import type { ExplorerNote } from '#compute/run-record';
import type { ProjectReader } from '#store/project';

/** Counts are brought to this many per cell. */
const DEPTH = 1e4;

/** Where a run's values by feature lie: what is kept in memory of them, 8 bytes per feature and per cell. */
export interface FeatureColumns {
  readonly runId: string;
  readonly features: readonly string[];
  /** Name → its first place; also the names by which the method saw features, where these are written another way. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** [features + 1] */
  readonly starts: Float64Array;
  /** [cells] sum of the counts of each cell; null where the values are no whole counts and are shown as they are. */
  readonly depth: Float64Array | null;
  readonly cells: number;
}

/** What a run keeps by feature, or the reason why it keeps nothing, in words for the person. */
export async function readFeatureColumns(project: ProjectReader, runId: string): Promise<FeatureColumns | string> {
  const { status } = project.run(runId);
  if (status !== 'finished') throw new AppError('request.run-not-finished', { runId, state: status });
  const known = new Map(project.runArrays(runId).map((array) => [array.name, array]));
  const note = project.runDocuments(runId).includes('explorers')
    ? (project.runDocument(runId, 'explorers') as ExplorerNote)
    : null;
  if (note?.missing != null) return note.missing;
  const values = known.get(byFeatureNames.values);
  if (note === null || values === undefined)
    return 'This run was made by an earlier version, which kept no values of single features.';
  const depth = (await project.readRunArray(runId, byFeatureNames.depth)).values as Float64Array;
  return {
    runId,
    features: note.features,
    placeOf: placesByName(note, project.runDocument(runId, 'trainedFeatures') as readonly string[]),
    starts: (await project.readRunArray(runId, byFeatureNames.starts)).values as Float64Array,
    depth: values.dtype === 'float32' ? null : depth,
    cells: depth.length,
  };
}

/** The cells that have a value of a feature (rising), and the values as they are shown. */
export interface FeatureColumn {
  readonly cells: Uint16Array | Uint32Array;
  readonly values: Float32Array;
}

/**
 * The stored values of one feature on the scale on which they are shown: ln(1 + counts per 10⁴) for whole counts, else as in
 * the file. Cells that are not named have 0. Reads the column and nothing else.
 */
export async function readColumn(
  project: ProjectReader,
  columns: FeatureColumns,
  place: number,
): Promise<FeatureColumn> {
  const [from, to] = [columns.starts[place]!, columns.starts[place + 1]!];
  const part = (name: string) => project.readRunArrayPart(columns.runId, name, from, to);
  const cells = (await part(byFeatureNames.cells)) as FeatureColumn['cells'];
  const raw = await part(byFeatureNames.values);
  const { depth } = columns;
  const values = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    values[i] = depth === null ? raw[i]! : Math.log1p((raw[i]! * DEPTH) / depth[cells[i]!]!);
  }
  return { cells, values };
}

/** One feature in all cells. Throws `request.no-such-feature`. */
export async function featureValues(
  project: ProjectReader,
  columns: FeatureColumns,
  feature: string,
): Promise<FeatureValues> {
  const column = await readColumn(project, columns, placeOf(columns, feature));
  const values = new Float32Array(columns.cells);
  column.cells.forEach((cell, i) => {
    values[cell] = column.values[i]!;
  });
  return {
    feature,
    title: columns.depth === null ? 'value in the file' : 'ln(1 + counts per 10⁴)',
    values,
    range: rangeOf(column.values, column.values.length < columns.cells),
    detected: column.values.length,
  };
}

/** The place of a feature by its name. Throws `request.no-such-feature`. */
export function placeOf(columns: FeatureColumns, feature: string): number {
  const place = columns.placeOf.get(feature);
  if (place === undefined) throw new AppError('request.no-such-feature', { feature });
  return place;
}

/** Features that hold a text; those that begin with it first, then by name. Without a text the first ones by name. */
export function findFeatures(columns: FeatureColumns, text: string, limit: number): FeatureMatches {
  const wanted = text.trim().toLowerCase();
  const found = [...new Set(columns.features)].filter((name) => name.toLowerCase().includes(wanted));
  const begins = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  found.sort((a, b) => begins(a) - begins(b) || a.length - b.length || (a < b ? -1 : 1));
  return { kept: true, reason: null, total: found.length, names: found.slice(0, limit) };
}

function placesByName({ features, trained }: ExplorerNote, trainedFeatures: readonly string[]): Map<string, number> {
  const places = new Map(features.map((name, place) => [name, place] as const).reverse());
  trainedFeatures.forEach((name, i) => {
    const place = trained[i]!;
    if (place >= 0 && !places.has(name)) places.set(name, place);
  });
  return places;
}

/** From the least value or 0 to the one that 99 % of the values do not exceed; a few extremes would leave the rest pale. */
function rangeOf(values: Float32Array, withZeros: boolean): readonly [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = values.slice().sort();
  const low = withZeros ? Math.min(0, sorted[0]!) : Math.min(sorted[0]!, 0);
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(0.99 * sorted.length) - 1)]!;
  return [low, high > low ? high : low + 1];
}
