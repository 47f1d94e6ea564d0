import type { NetworkRows } from '../data/aligned-pair.ts';
import { takeColumns } from '../data/csr-matrix.ts';
import { mapRows } from '../data/sparse-rows.ts';

/** The columns that enter a network, in the order named: [cells, chosen], with the shift of those. */
export function chosenColumns({ input, shift }: NetworkRows, chosen: Int32Array): NetworkRows {
  return {
    input: mapRows(input, chosen.length, (block) => takeColumns(block, chosen)),
    ...(shift === undefined ? {} : { shift: Float32Array.from(chosen, (column) => shift[column]!) }),
  };
}
