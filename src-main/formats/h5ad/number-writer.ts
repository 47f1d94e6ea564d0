import type { Dataset, Group } from 'h5wasm/node';
import type { WritableNumbers } from '../hdf5/write-values.ts';

const chunkValues = 64 * 1024;

/** A list of numbers that grows piece by piece: a dataset packed with gzip, of which one piece is in memory at a time. */
export class NumberWriter {
  readonly #group: Group;
  readonly #name: string;
  #dataset: Dataset | null = null;
  #length = 0;

  constructor(group: Group, name: string) {
    this.#group = group;
    this.#name = name;
  }

  /** Adds numbers at the end. The first piece, which may be empty, decides of what kind all are. */
  add(values: WritableNumbers): void {
    const end = this.#length + values.length;
    if (this.#dataset === null) {
      this.#dataset = this.#group.create_dataset({
        name: this.#name,
        data: values,
        shape: [values.length],
        maxshape: [null],
        chunks: [chunkValues],
        compression: 1,
      });
    } else if (values.length > 0) {
      this.#dataset.resize([end]);
      this.#dataset.write_slice([[this.#length, end]], values);
    }
    this.#length = end;
  }
}
