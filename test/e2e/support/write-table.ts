import { writeFile } from 'node:fs/promises';
import { Random } from '../../../src-main/core/base/random.ts';

/** Genes that every human annotation knows. */
const genes =
  'CD3D CD3E CD3G CD4 CD8A CD8B CD19 CD79A MS4A1 NKG7 GNLY PRF1 GZMB LYZ CD14 FCGR3A CST3 PPBP PF4 IL7R CCR7 S100A4'.split(
    ' ',
  );

/** Writes a CSV of counts with a label column-free header of genes: cells are rows, named by `nameOf`. */
export async function writeCountTable(
  path: string,
  { cells, seed, nameOf }: { cells: number; seed: number; nameOf: (cell: number) => string },
): Promise<void> {
  const random = Random.forPurpose(seed, 'count table');
  const rows = Array.from({ length: cells }, (_, cell) =>
    [nameOf(cell), ...genes.map(() => random.below(40))].join(','),
  );
  await writeFile(path, [['cell', ...genes].join(','), ...rows, ''].join('\n'));
}
