import { AppError } from '../base/app-error.ts';
import { type Column, columnTexts } from '../data/column.ts';
import { stackRows } from '../data/collect-rows.ts';
import { type CsrMatrix, takeRows } from '../data/csr-matrix.ts';
import { blocksOf, isInMemory, mapRows, rowsAt, type SparseRows, storedIn } from '../data/sparse-rows.ts';
import type { CellEmbedding, FeatureTable, Study } from '../data/study.ts';
import { groupColumns } from './group-columns.ts';
import { matchFeatures } from './match-features.ts';

/**
 * Several studies as one: their cells one after the other, on the features all of them have.
 *
 * Features are matched as for a pair, in the order and with the names of the first study. Cell names stay as they are if no two files share one; otherwise
 * every name gets its file's name in front (`a.h5ad:AAAC-1`). Columns are joined by name; cells of a file without the column are
 * missing there. The column `batch` holds the file's name; a column of that name in a file becomes `batch (in file)`.
 * Embeddings stay where all files have them in the same width.
 *
 * @param studies at least one
 * @throws AppError if the studies differ in modality or kind of values, or match no better than `matchFeatures` allows
 */
export function stackStudies(studies: readonly Study[]): Study {
  const first = studies[0];
  if (first === undefined) throw new RangeError('stackStudies: no study');
  if (studies.length === 1) return first;
  requireSame(studies, first);
  const names = uniqueNames(studies.map((study) => study.name));
  const { features, matrices } = onSharedFeatures(studies, first);
  return {
    name: names.join(' + '),
    modality: first.modality,
    valueKind: first.valueKind,
    species: studies.find((study) => study.species !== 'unknown')?.species ?? 'unknown',
    cells: { ids: cellIds(studies, names), columns: joinedColumns(studies, names) },
    features,
    matrix: joinedRows(matrices),
    embeddings: joinedEmbeddings(studies),
  };
}

function requireSame(studies: readonly Study[], first: Study): void {
  for (const study of studies) {
    for (const [a, b] of [
      [first.modality, study.modality],
      [first.valueKind, study.valueKind],
    ] as const) {
      if (a === b) continue;
      throw new AppError('preparing.stack-differs', {
        first: first.name,
        firstIs: `${a} values`,
        second: study.name,
        secondIs: `${b} values`,
      });
    }
  }
}

/** Each study on the features that all have, in the order of the first. */
function onSharedFeatures(
  studies: readonly Study[],
  first: Study,
): { features: FeatureTable; matrices: readonly SparseRows[] } {
  const matches = studies.slice(1).map((study) => ({ study, match: matchFeatures(first, study) }));
  // a feature is told by its first column in the first study
  const firstColumns = matches.map(({ match }) => {
    const columns = new Int32Array(match.features.length).fill(-1);
    match.reference.place.forEach((place, column) => {
      if (place >= 0 && columns[place] === -1) columns[place] = column;
    });
    return columns;
  });
  const inAll = new Uint32Array(first.features.ids.length);
  for (const columns of firstColumns) for (const column of columns) inAll[column]!++;
  const kept = Uint32Array.from(inAll.keys()).filter((column) => inAll[column] === matches.length);
  if (kept.length === 0) {
    const other = studies[1]!;
    throw new AppError('preparing.no-shared-features', {
      reference: first.name,
      query: other.name,
      referenceNames: first.features.names.slice(0, 3).join(', '),
      queryNames: other.features.names.slice(0, 3).join(', '),
    });
  }
  const target = new Int32Array(inAll.length).fill(-1);
  kept.forEach((column, j) => (target[column] = j));

  const keep = first.valueKind === 'counts' ? 'sum' : 'first';
  const placed = (place: Int32Array, columns: Int32Array): Int32Array =>
    place.map((at) => (at < 0 ? -1 : target[columns[at]!]!));
  const grouped = ({ matrix }: Study, place: Int32Array): SparseRows =>
    mapRows(matrix, kept.length, (block) => groupColumns(block, place, kept.length, keep));
  const matrices = [
    grouped(first, placed(matches[0]!.match.reference.place, firstColumns[0]!)),
    ...matches.map(({ study, match }, i) => grouped(study, placed(match.query.place, firstColumns[i]!))),
  ];
  const { ids, names, idType } = first.features;
  return {
    features: {
      ids: Array.from(kept, (column) => ids[column]!),
      names: Array.from(kept, (column) => names[column]!),
      idType,
      columns: new Map(),
    },
    matrices,
  };
}

function cellIds(studies: readonly Study[], names: readonly string[]): string[] {
  const all = studies.flatMap((study) => [...study.cells.ids]);
  if (new Set(all).size === all.length) return all;
  return studies.flatMap((study, i) => study.cells.ids.map((id) => `${names[i]!}:${id}`));
}

/** Files of the same name in different folders get a number: `a.h5ad`, `a.h5ad (2)`. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function joinedColumns(studies: readonly Study[], names: readonly string[]): Map<string, Column> {
  const joined = new Map<string, Column>();
  const batch = studies.flatMap((study, i) => study.cells.ids.map(() => i));
  joined.set('batch', { kind: 'categories', codes: Int32Array.from(batch), categories: names, ordered: false });
  const wanted = new Set(studies.flatMap((study) => [...study.cells.columns.keys()]));
  for (const name of wanted) {
    const parts = studies.map((study) => study.cells.columns.get(name) ?? study.cells.ids.length);
    joined.set(name === 'batch' ? 'batch (in file)' : name, joinColumn(parts));
  }
  return joined;
}

/** Parts of one kind stay of that kind, others become text. A number stands for that many missing cells. */
function joinColumn(parts: readonly (Column | number)[]): Column {
  const kinds = new Set(parts.filter((part) => typeof part !== 'number').map((part) => part.kind));
  if (kinds.size === 1 && kinds.has('number')) {
    const values = parts.flatMap((part) => (isKind(part, 'number') ? [...part.values] : filled(part, NaN)));
    return { kind: 'number', values: Float64Array.from(values) };
  }
  if (kinds.size === 1 && kinds.has('boolean')) {
    const values = parts.flatMap((part) => (isKind(part, 'boolean') ? [...part.values] : filled(part, 2)));
    return { kind: 'boolean', values: Uint8Array.from(values) };
  }
  return {
    kind: 'text',
    values: parts.flatMap((part) => (typeof part === 'number' ? filled(part, null) : columnTexts(part))),
  };
}

function isKind<K extends Column['kind']>(part: Column | number, kind: K): part is Extract<Column, { kind: K }> {
  return typeof part !== 'number' && part.kind === kind;
}

function filled<T>(part: Column | number, value: T): T[] {
  return new Array<T>(typeof part === 'number' ? part : 0).fill(value);
}

function joinedEmbeddings(studies: readonly Study[]): Map<string, CellEmbedding> {
  const joined = new Map<string, CellEmbedding>();
  for (const [name, { width }] of studies[0]!.embeddings) {
    const parts = studies.map((study) => study.embeddings.get(name));
    if (!parts.every((part) => part?.width === width)) continue;
    const values = new Float32Array(parts.reduce((sum, part) => sum + part!.values.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part!.values, at);
      at += part!.values.length;
    }
    joined.set(name, { width, values });
  }
  return joined;
}

/** Rows of all matrices one after the other; all have the same columns. In memory if all are. */
function joinedRows(matrices: readonly SparseRows[]): SparseRows {
  const columns = matrices[0]!.columns;
  if (matrices.every(isInMemory)) return stackRows([...matrices], columns);
  const first = new Float64Array(matrices.length + 1);
  matrices.forEach(({ rows }, i) => (first[i + 1] = first[i]! + rows));
  return {
    rows: first[matrices.length]!,
    columns,
    stored: matrices.reduce((sum, matrix) => sum + storedIn(matrix), 0),
    async take(which) {
      const partOf = Array.from(which, (row) => first.findLastIndex((begin) => begin <= row));
      const taken: CsrMatrix[] = [];
      for (const [i, matrix] of matrices.entries()) {
        const own = Array.from(which).filter((_, place) => partOf[place] === i);
        taken.push(
          await rowsAt(
            matrix,
            Uint32Array.from(own, (row) => row - first[i]!),
          ),
        );
      }
      const next = matrices.map((_, i) => taken.slice(0, i).reduce((sum, { rows }) => sum + rows, 0));
      return takeRows(
        stackRows(taken, columns),
        Uint32Array.from(partOf, (part) => next[part]!++),
      );
    },
    async *blocks(signal) {
      for (const [i, part] of matrices.entries()) {
        for await (const { from, matrix } of blocksOf(part, signal)) yield { from: first[i]! + from, matrix };
      }
    },
  };
}
