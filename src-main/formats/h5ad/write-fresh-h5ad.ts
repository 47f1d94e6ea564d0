import type { Column } from '#core/data/column';
import { blocksOf, isInMemory, type SparseRows } from '#core/data/sparse-rows';
import type { CellEmbedding, Study } from '#core/data/study';
import type { Dataset, Group } from 'h5wasm/node';
import { writeNumbers } from '../hdf5/write-values.ts';
import { NumberWriter } from './number-writer.ts';
import { tag, writeDict, writeFrame } from './write-frame.ts';

/**
 * Writes a study into an empty file in the encoding of AnnData 0.8 and later: `X` by rows, `obs`, `var`, `obsm`.
 * Names of features that are not their ids are added to `var` as `feature_name`.
 */
export async function writeFreshH5ad(
  root: Group,
  study: Study,
  columns: ReadonlyMap<string, Column>,
  embeddings: ReadonlyMap<string, CellEmbedding>,
): Promise<void> {
  tag(root, 'anndata', '0.1.0');
  await writeCsr(root, 'X', study.matrix);
  writeFrame(root, 'obs', study.cells.ids, columns);
  writeFrame(root, 'var', study.features.ids, featureColumns(study));
  const obsm = writeDict(root, 'obsm');
  for (const [name, embedding] of embeddings) writeEmbedding(obsm, name, embedding, true);
  for (const name of ['layers', 'obsp', 'uns', 'varm', 'varp']) writeDict(root, name);
}

/** Adds a table of numbers per cell to an obsm group. @param tagged whether elements carry their encoding (AnnData 0.8 and later) */
export function writeEmbedding(obsm: Group, name: string, embedding: CellEmbedding, tagged: boolean): void {
  const { values, width } = embedding;
  if (width === 1) obsm.create_dataset({ name, data: values, shape: [values.length, 1] });
  else writeNumbers(obsm, name, values, width);
  if (tagged) tag(obsm.get(name) as Dataset, 'array', '0.2.0');
}

async function writeCsr(parent: Group, name: string, matrix: SparseRows): Promise<void> {
  const group = parent.create_group(name);
  tag(group, 'csr_matrix', '0.1.0');
  group.create_attribute('shape', BigInt64Array.of(BigInt(matrix.rows), BigInt(matrix.columns)), [2], '<q');
  const indptr = isInMemory(matrix) ? matrix.indptr : new Float64Array(matrix.rows + 1);
  if (isInMemory(matrix)) {
    writeNumbers(group, 'data', matrix.values);
    writeNumbers(group, 'indices', withSign(matrix.indices));
  } else {
    const data = new NumberWriter(group, 'data');
    const indices = new NumberWriter(group, 'indices');
    data.add(new Float32Array(0));
    indices.add(new Int32Array(0));
    for await (const { from, matrix: block } of blocksOf(matrix)) {
      data.add(block.values);
      indices.add(withSign(block.indices));
      for (let row = 0; row < block.rows; row++) indptr[from + row + 1] = indptr[from]! + block.indptr[row + 1]!;
    }
  }
  const wide = indptr[matrix.rows]! >= 2 ** 31;
  writeNumbers(group, 'indptr', wide ? BigInt64Array.from(indptr, BigInt) : Int32Array.from(indptr));
}

/** Without a copy: a column number below 2³¹ has the same bits with and without a sign. */
function withSign({ buffer, byteOffset, length }: Uint32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}

function featureColumns(study: Study): ReadonlyMap<string, Column> {
  const { ids, names } = study.features;
  const columns = new Map<string, Column>();
  for (const [name, column] of study.features.columns) columns.set(name.replaceAll('/', '_'), column);
  columns.delete('_index');
  if (!columns.has('feature_name') && names.some((name, i) => name !== ids[i])) {
    columns.set('feature_name', { kind: 'text', values: names });
  }
  return columns;
}
