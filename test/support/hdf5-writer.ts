import { loadHdf5 } from '#formats/hdf5/library';
import type { Hdf5Api } from '#formats/hdf5/library';

export type Hdf5Root = InstanceType<Hdf5Api['File']>;
type Group = InstanceType<Hdf5Api['Group']>;
type Dataset = InstanceType<Hdf5Api['Dataset']>;

/** Writes an HDF5 file as `build` fills it. */
export async function writeHdf5(path: string, build: (root: Hdf5Root) => void): Promise<string> {
  const { api } = await loadHdf5();
  const root = new api.File(path, 'w');
  try {
    build(root);
  } finally {
    root.close();
  }
  return path;
}

export function textAttribute(element: Group | Dataset, name: string, value: string): void {
  element.create_attribute(name, value, [], 'S');
}

export function tag(element: Group | Dataset, type: string, version: string): void {
  textAttribute(element, 'encoding-type', type);
  textAttribute(element, 'encoding-version', version);
}

export function texts(group: Group, name: string, values: string[]): void {
  tag(group.create_dataset({ name, data: values, shape: [values.length], dtype: 'S' }), 'string-array', '0.2.0');
}

/** An AnnData table with the given names of rows; columns are numbers or texts. */
export function frame(
  root: Group,
  name: string,
  index: string[],
  columns: Record<string, Float64Array | string[]> = {},
): Group {
  const group = root.create_group(name);
  tag(group, 'dataframe', '0.2.0');
  textAttribute(group, '_index', '_index');
  const names = Object.keys(columns);
  if (names.length > 0) group.create_attribute('column-order', names, [names.length], 'S');
  else group.create_attribute('column-order', new Float64Array(0), [0], '<d');
  texts(group, '_index', index);
  for (const [column, values] of Object.entries(columns)) {
    if (Array.isArray(values)) texts(group, column, values);
    else tag(group.create_dataset({ name: column, data: values }), 'array', '0.2.0');
  }
  return group;
}

export interface SparseParts {
  readonly data: Float32Array | Float64Array | string[];
  readonly indices: Int32Array | BigInt64Array;
  readonly indptr: Int32Array | BigInt64Array;
  readonly shape?: [number, number];
}

/** A sparse matrix of the given parts, whether they fit together or not. */
export function sparse(root: Group, name: string, parts: SparseParts, encoding = 'csr_matrix'): void {
  const group = root.create_group(name);
  tag(group, encoding, '0.1.0');
  if (parts.shape !== undefined) group.create_attribute('shape', parts.shape, [2], '<i');
  group.create_dataset({ name: 'data', data: parts.data, ...(Array.isArray(parts.data) ? { dtype: 'S' } : {}) });
  group.create_dataset({ name: 'indices', data: parts.indices });
  group.create_dataset({ name: 'indptr', data: parts.indptr });
}
