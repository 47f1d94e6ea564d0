import type { Group } from 'h5wasm/node';

export type WritableNumbers = Int8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Values that are handed to the library at once. */
const blockValues = 4 * 1024 * 1024;
const chunkValues = 64 * 1024;

/** Writes numbers as a dataset, packed with gzip where that can pay, in blocks however long the list is. */
export function writeNumbers(group: Group, name: string, values: WritableNumbers, columns = 1): void {
  const rows = values.length / columns;
  const shape = (count: number): number[] => (columns === 1 ? [count] : [count, columns]);
  if (values.length < 1024) {
    group.create_dataset({ name, data: values, shape: shape(rows) });
    return;
  }
  const step = Math.max(1, Math.floor(blockValues / columns));
  const first = Math.min(rows, step);
  const dataset = group.create_dataset({
    name,
    data: values.subarray(0, first * columns),
    shape: shape(first),
    maxshape: shape(rows),
    chunks: shape(Math.max(1, Math.min(rows, Math.floor(chunkValues / columns)))),
    compression: 1,
  });
  if (first === rows) return;
  dataset.resize(shape(rows));
  for (let row = first; row < rows; row += step) {
    const end = Math.min(rows, row + step);
    const box: [number, number][] =
      columns === 1
        ? [[row, end]]
        : [
            [row, end],
            [0, columns],
          ];
    dataset.write_slice(box, values.subarray(row * columns, end * columns));
  }
}

/** Writes texts of any length as a dataset. */
export function writeTexts(group: Group, name: string, texts: readonly string[]): void {
  group.create_dataset({ name, data: [...texts], shape: [texts.length], dtype: 'S' });
}

/** Writes an attribute that is one text. */
export function writeTextAttribute(element: Pick<Group, 'create_attribute'>, name: string, text: string): void {
  element.create_attribute(name, text, [], 'S');
}
