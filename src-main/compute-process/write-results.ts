import { access, constants, mkdir, readdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import type { Column } from '#core/data/column';
import { UNKNOWN } from '#core/data/label-transfer';
import type { CellEmbedding, Study } from '#core/data/study';
import { figureSvg } from '#charts/figure-svg';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import { writeCsv, writeCsvGz } from '#formats/labels-csv/write-csv';
import { writeLabelsCsv } from '#formats/labels-csv/write-labels-csv';
import type { RunRecord } from './run-record.ts';

/** Where results go and what is added to the tables. */
export interface ResultsTarget {
  readonly directory: string;
  /** The query as it was read; without it no annotated copy is written. */
  readonly query: Study | null;
  /** The user's own .h5ad, copied as the base of the annotated one where its cells are those of the query. Never written to. */
  readonly source: string | null;
  /** Aborted when the writing must stop; what was written is then taken away again. */
  readonly signal?: AbortSignal | undefined;
}

/** The files every run writes, besides `figures/`. Nothing else may lie in the folder. */
const ownFiles = [
  'labels.csv',
  'probabilities.csv.gz',
  'embedding.csv.gz',
  'markers.csv',
  'summary.json',
  'query.annotated.h5ad',
  'figures',
] as const;

/** Where a run's files are made before they take their places; one that a kill left behind is cleared by the next run. */
const stagingName = /^\.cellpredx-\d+\.part$/;

/** The names that figures have, whatever the method and the files of a run. */
const ownFigure =
  /^(umap-[a-z-]+|features-[a-z-]+|confidence|confusion|label-composition|loss-curves|true-to-predicted)\.svg$/;

/**
 * Checks that results may be written to a folder: it does not exist, is empty, or holds nothing but results of an
 * earlier run, which are then replaced. Anything else is refused, so that nothing of the user's is written over.
 *
 * @param inputs files that the run reads; none of them may lie in the folder
 */
export async function checkResultsFolder(directory: string, inputs: readonly string[]): Promise<void> {
  const facts = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new AppError('command.cannot-write', { path: directory, reason: error.message }, { cause: error });
  });
  if (facts === null) return checkWritable(dirname(directory));
  if (!facts.isDirectory()) throw new AppError('command.out-is-a-file', { path: directory });
  await checkWritable(directory);
  const foreign =
    (await readdir(directory)).find(
      (name) => !(ownFiles as readonly string[]).includes(name) && !stagingName.test(name),
    ) ??
    (await figuresIn(directory)).map((name) => join('figures', name)).find((name) => !ownFigure.test(basename(name)));
  if (foreign !== undefined) throw new AppError('command.out-holds-other-files', { path: directory, example: foreign });
  const place = await realpath(directory);
  for (const input of inputs) {
    const way = relative(place, await realpath(input).catch(() => input));
    if (!isAbsolute(way) && way.split(sep)[0] !== '..')
      throw new AppError('command.out-holds-an-input', { path: directory, input });
  }
}

/** Refuses a folder that cannot be written to; where there is none yet, the first one above it counts. */
async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' && dirname(folder) !== folder) return checkWritable(dirname(folder));
    throw new AppError('command.cannot-write', { path: folder, reason: error.message }, { cause: error });
  }
}

async function figuresIn(directory: string): Promise<string[]> {
  return readdir(join(directory, 'figures')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new AppError('command.cannot-write', { path: directory, reason: error.message }, { cause: error });
  });
}

/**
 * Writes all files of a run and gives back their paths. They are made in a folder of their own and take their places
 * together at the end; only then the files of an earlier run go. When the writing fails, or is cancelled (`Cancelled`),
 * the folder is as it was before.
 */
export async function writeResults(run: RunRecord, target: ResultsTarget): Promise<string[]> {
  const { directory } = target;
  await checkResultsFolder(
    directory,
    run.summary.inputs.map((input) => input.path),
  );
  const written: string[] = [];
  const staging = join(directory, `.cellpredx-${process.pid}.part`);
  const path = (name: string): string => {
    throwIfCancelled(target.signal);
    written.push(join(directory, name));
    return join(staging, name);
  };
  const made = await mkdir(directory, { recursive: true }).catch(refused(directory));
  try {
    await removeStaging(directory);
    await mkdir(join(staging, 'figures'), { recursive: true });
    await writeTables(run, path);
    for (const figure of run.documents.figures) {
      await writeWhole(path(join('figures', `${figure.id}.svg`)), figureSvg(figure));
    }
    if (target.query !== null) await writeCopy(run, target.query, target.source, path('query.annotated.h5ad'));
    await writeWhole(path('summary.json'), `${JSON.stringify(run.summary, null, 2)}\n`);
    throwIfCancelled(target.signal);
    await removeResults(directory);
    for (const name of await readdir(staging)) await rename(join(staging, name), join(directory, name));
    await rmdir(staging);
  } catch (error) {
    await removeStaging(directory);
    if (made !== undefined) await rmdir(directory);
    if (error instanceof AppError || !isSystemError(error)) throw error;
    refused(directory)(error);
  }
  return written;
}

/** Turns what the system says against writing into an error that names the place. */
function refused(directory: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const details = { path: error.path ?? directory, reason: error.message };
    throw new AppError('command.cannot-write', details, { cause: error });
  };
}

async function removeStaging(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (stagingName.test(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** Takes the files of a run away; the folder itself stays. */
async function removeResults(directory: string): Promise<void> {
  const figures = (await figuresIn(directory)).map((name) => join('figures', name));
  for (const name of [...ownFiles.filter((own) => own !== 'figures'), ...figures]) {
    await rm(join(directory, name), { force: true });
  }
  await rmdir(join(directory, 'figures')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** The label shown for each query cell under the run's threshold. */
export function shownLabels(run: RunRecord): string[] {
  const { labels } = run.documents.cells;
  const confidence = run.arrays['query/confidence'].values;
  const empty = new Set(run.documents.emptyCells);
  return Array.from(run.arrays['query/predicted'].values, (label, cell) =>
    confidence[cell]! > run.summary.threshold && !empty.has(cell) ? labels[label]! : UNKNOWN,
  );
}

async function writeTables(run: RunRecord, path: (name: string) => string): Promise<void> {
  const { cells, markers } = run.documents;
  const predicted = Array.from(run.arrays['query/predicted'].values, (label) => cells.labels[label]!);
  const confidence = run.arrays['query/confidence'].values;
  const shown = shownLabels(run);
  await writeLabelsCsv(
    path('labels.csv'),
    cells.query.map((cell, i) => ({ cell, predicted: predicted[i]!, confidence: confidence[i]!, label: shown[i]! })),
  );
  await writeCsvGz(path('probabilities.csv.gz'), ['cell', ...cells.labels], numberRows(run, 'query/probabilities'));
  const width = run.arrays['query/embedding'].shape[1]!;
  await writeCsvGz(
    path('embedding.csv.gz'),
    ['cell', ...Array.from({ length: width }, (_, j) => `dimension_${j + 1}`)],
    numberRows(run, 'query/embedding'),
  );
  await writeCsv(
    path('markers.csv'),
    ['label', 'rank', 'feature', 'cells', 'fraction', 'mean_attribution', 'log2_fold_change', 'detection_rate'],
    markers.map((m) => [
      m.label,
      m.rank,
      m.feature,
      m.cells,
      m.fraction,
      m.meanAttribution,
      m.logFoldChange ?? '',
      m.detectionRate,
    ]),
  );
}

/** Rows of a [query cells, n] array behind the name of their cell; float32 with the digits it has. */
function* numberRows(run: RunRecord, name: 'query/probabilities' | 'query/embedding'): Generator<(string | number)[]> {
  const { shape, values } = run.arrays[name];
  const width = shape[1]!;
  const cells = run.documents.cells.query;
  for (let cell = 0; cell < cells.length; cell++) {
    const row: (string | number)[] = [cells[cell]!];
    for (let j = 0; j < width; j++) row.push(Number(values[cell * width + j]!.toPrecision(7)));
    yield row;
  }
}

/** The query with `cellpredx_predicted`, `cellpredx_confidence`, `cellpredx_label` and the embeddings added. */
async function writeCopy(run: RunRecord, query: Study, source: string | null, target: string): Promise<void> {
  const labels = run.documents.cells.labels;
  const shown = shownLabels(run);
  const shownNames = [...labels, UNKNOWN];
  const columns = new Map<string, Column>([
    ['cellpredx_predicted', categories(Int32Array.from(run.arrays['query/predicted'].values), labels)],
    ['cellpredx_confidence', { kind: 'number', values: Float64Array.from(run.arrays['query/confidence'].values) }],
    [
      'cellpredx_label',
      categories(
        Int32Array.from(shown, (label) => shownNames.indexOf(label)),
        shownNames,
      ),
    ],
  ]);
  const embeddings = new Map<string, CellEmbedding>();
  const embedding = run.arrays['query/embedding'];
  embeddings.set('X_cellpredx', { width: embedding.shape[1]!, values: Float32Array.from(embedding.values) });
  const umap = run.arrays['layout/umap'];
  if (umap !== undefined) {
    const from = 2 * run.documents.cells.reference.length;
    embeddings.set('X_cellpredx_umap', { width: 2, values: Float32Array.from(umap.values.subarray(from)) });
  }
  await writeAnnotatedH5ad({ source, target, study: query, columns, embeddings });
}

function categories(codes: Int32Array, names: readonly string[]): Column {
  return { kind: 'categories', codes, categories: names, ordered: false };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(path, '..', `.${basename(path)}.part`);
  await writeFile(temporary, text, { flush: true });
  await rename(temporary, path);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
