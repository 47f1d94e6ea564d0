import { join } from 'node:path';
import { GeneActivityCounter } from '../../src-main/core/chromatin/gene-activity.ts';
import { readFragments } from '../../src-main/formats/fragments/read-fragments.ts';
import { readGeneBed } from '../../src-main/formats/gene-models/read-gene-bed.ts';
import { writeAnnotatedH5ad } from '../../src-main/formats/h5ad/write-annotated-h5ad.ts';

/** Counts gene activity (body + 2 kb upstream) of a fragments file and writes it as an .h5ad into `folder`; gives back its path. */
export async function geneActivityFile(
  data: string,
  fragments: string,
  genesBed: string,
  folder: string,
): Promise<string> {
  const barcodes = new Map<string, number>();
  for await (const { barcode } of readFragments(join(data, fragments))) {
    if (!barcodes.has(barcode)) barcodes.set(barcode, barcodes.size);
  }
  const counter = new GeneActivityCounter(readGeneBed(join(data, genesBed)), barcodes.size);
  for await (const f of readFragments(join(data, fragments)))
    counter.add(barcodes.get(f.barcode)!, f.contig, f.start, f.end);
  const { genes, matrix } = counter.result();
  const target = join(folder, 'gene_activity.h5ad');
  await writeAnnotatedH5ad({
    source: null,
    target,
    study: {
      name: 'gene activity',
      modality: 'gene-activity',
      valueKind: 'counts',
      species: 'human',
      cells: { ids: [...barcodes.keys()], columns: new Map() },
      features: { ids: genes, names: genes, idType: 'symbol', columns: new Map() },
      matrix,
      embeddings: new Map(),
    },
    columns: new Map(),
    embeddings: new Map(),
  });
  return target;
}
