import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { AppError } from '#core/base/app-error';
import { throwIfCancelled } from '#core/base/cancel';
import type { Column } from '#core/data/column';
import type { LabelPatterns } from '#core/data/label-patterns';
import { UNKNOWN } from '#core/data/label-transfer';
import type { CellEmbedding, Study } from '#core/data/study';
import { exportReadme, README } from '#contract/export-guide';
import { figureTable } from '#core/figures/figure-table';
import { tableCsv } from '#charts/export/chart-file';
import { figureSvg } from '#charts/figure-svg';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import { writeCsv, writeCsvGz } from '#formats/labels-csv/write-csv';
import { writeLabelsCsv } from '#formats/labels-csv/write-labels-csv';
import { encodeModel, type ModelFile, modelFileName } from '#store/model-file';
import {
  cannotWrite,
  checkResultsFolder,
  clearStaging,
  discardResults,
  openStaging,
  placeResults,
  type StagedResults,
} from './results-folder.ts';
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

/**
 * Writes all files of a run and gives back their paths. They are made in a folder of their own and take their places
 * together at the end; only then the files of an earlier run go. When the writing fails, or is cancelled (`Cancelled`),
 * the folder is as it was before.
 */
export async function writeResults(run: RunRecord, target: ResultsTarget): Promise<readonly string[]> {
  return placeResults(await stageResults(run, target));
}

/** Makes all files of a run as `writeResults` does, and leaves it to the caller to put them in their places. */
export async function stageResults(run: RunRecord, target: ResultsTarget): Promise<StagedResults> {
  const { directory } = target;
  await checkResultsFolder(
    directory,
    run.summary.inputs.map((input) => input.path),
  );
  const files: string[] = [];
  clearStaging(directory);
  const { staging, made } = await openStaging(directory);
  const path = (name: string): string => {
    throwIfCancelled(target.signal);
    files.push(join(directory, name));
    return join(staging, name);
  };
  try {
    await writeTables(run, path);
    await mkdir(join(staging, 'figures'));
    for (const figure of run.documents.figures) {
      await writeWhole(path(join('figures', `${figure.id}.svg`)), figureSvg(figure));
      await writeWhole(path(join('figures', `${figure.id}.csv`)), tableCsv(figureTable(figure)));
    }
    if (target.query !== null) await writeCopy(run, target.query, target.source, path('query.annotated.h5ad'));
    const model = savedModel(run);
    if (model !== null) await writeWhole(path(modelFileName), encodeModel(model));
    await writeWhole(path('summary.json'), `${JSON.stringify(run.summary, null, 2)}\n`);
    const names = files.map((file) => relative(directory, file));
    const { version, threshold } = run.summary;
    await writeWhole(path(README), exportReadme({ files: names, version, threshold }));
    throwIfCancelled(target.signal);
    return { directory, staging, files };
  } catch (error) {
    discardResults(directory, made);
    if (error instanceof AppError || !isSystemError(error)) throw error;
    throw cannotWrite(directory, error);
  }
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
  if (run.documents.patterns !== undefined) await writePatterns(run.documents.patterns, path);
}

async function writePatterns({ patterns, keyGenes }: LabelPatterns, path: (name: string) => string): Promise<void> {
  await writeCsv(
    path('gene_sets.csv'),
    ['label', 'rank', 'gene_set', 't', 'p_adjusted', 'attention', 'attention_elsewhere', 'genes'],
    patterns.map((p) => [p.label, p.rank, p.set, p.t, p.adjustedP, p.attention, p.elsewhere, p.genes.join(' ')]),
  );
  await writeCsv(
    path('key_genes.csv'),
    ['label', 'rank', 'gene', 'q', ...centralityColumns],
    keyGenes.map((g) => [g.label, g.rank, g.gene, g.q, ...centralityColumns.map((name) => g[name])]),
  );
}

const centralityColumns = ['degree', 'betweenness', 'eigenvector', 'pagerank', 'closeness'] as const;

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

/** The model that a run has trained; null where a saved one labelled, and of the first runs that were stored. */
export function savedModel({ documents, arrays }: RunRecord): ModelFile | null {
  if (documents.modelCard === undefined) return null;
  const own = Object.entries(arrays).filter(([name]) => name.startsWith('model/'));
  const model = {
    ...documents.model,
    arrays: Object.fromEntries(own.map(([name, array]) => [name.slice('model/'.length), array])),
  };
  return { card: documents.modelCard, model };
}

/** Writes a text, or bytes piece by piece, under its name when it is whole. */
export async function writeWhole(path: string, text: string | Iterable<Uint8Array>): Promise<void> {
  const temporary = join(path, '..', `.${basename(path)}.part`);
  await writeFile(temporary, text, { flush: true });
  await rename(temporary, path);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
