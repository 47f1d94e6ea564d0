import { join } from 'node:path';
import { EveryBarcode } from '../../src-main/core/chromatin/cell-rows.ts';
import { GeneActivityCounter } from '../../src-main/core/chromatin/gene-activity.ts';
import { FragmentReading } from '../../src-main/formats/fragments/fragment-reading.ts';
import { readGeneBed } from '../../src-main/formats/gene-models/read-gene-bed.ts';
import { writeAnnotatedH5ad } from '../../src-main/formats/h5ad/write-annotated-h5ad.ts';

/** Counts gene activity (body + 2 kb upstream) of a fragments file and writes it as an .h5ad into `folder`; gives back its path. */
export async function geneActivityFile(
  data: string,
  fragments: string,
  genesBed: string,
  folder: string,
): Promise<string> {
  const counter = new GeneActivityCounter((await readGeneBed(join(data, genesBed))).genes);
  const cells = new EveryBarcode();
  for await (const block of new FragmentReading(join(data, fragments))) counter.add(block, cells);
  const { genes, matrix } = await counter.result(cells.rows);
  const names = genes.map((gene) => gene.name);
  const target = join(folder, 'gene_activity.h5ad');
  await writeAnnotatedH5ad({
    source: null,
    target,
    study: {
      name: 'gene activity',
      modality: 'gene-activity',
      valueKind: 'counts',
      species: 'human',
      cells: { ids: cells.ids, columns: new Map() },
      features: { ids: names, names, idType: 'symbol', columns: new Map() },
      matrix,
      embeddings: new Map(),
    },
    columns: new Map(),
    embeddings: new Map(),
  });
  return target;
}
