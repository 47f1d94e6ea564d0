import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '#core/base/random';
import { genesToCount, transcriptionStart } from '#core/chromatin/gene-model';
import type { Study } from '#core/data/study';
import { shippedGeneModels } from '#formats/gene-models/shipped-gene-models';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';
import { csrOf } from './arbitrary-matrix.ts';

export interface SmallChromatin {
  /** Expression with the column `cell_type`: 40 cells each of Alpha, Beta and Gamma. */
  readonly rna: string;
  /** Fragments of 60 cells, 20 of each, on hg38 and at the genes of their type; and of 200 barcodes with one or two. */
  readonly fragments: string;
  /** The 60 barcodes with their type, a table with the columns `barcode` and `cell_type`. */
  readonly cells: string;
}

const types = ['Alpha', 'Beta', 'Gamma'];
const genesPerType = 40;

/** Writes a small RNA study and fragments of the same three types into a folder; the same for the same seed. */
export async function writeSmallChromatin(folder: string, seed = 7): Promise<SmallChromatin> {
  const random = Random.forPurpose(seed, 'small chromatin');
  const genes = genesToCount((await shippedGeneModels('hg38')).genes).filter((gene) => gene.contig === 'chr1');
  const chosen = genes.filter((_, i) => i % 12 === 0).slice(0, types.length * genesPerType);
  const files = { rna: 'rna_reference.h5ad', fragments: 'fragments.tsv', cells: 'cells.csv' };
  const [rna, fragments, cells] = [files.rna, files.fragments, files.cells].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];

  const labels = Array.from({ length: 120 }, (_, i) => types[i % 3]!);
  const rows = labels.map((label) =>
    chosen.map((_, g) => (types[Math.trunc(g / genesPerType)] === label ? random.below(6) : random.below(2))),
  );
  const names = chosen.map(({ name }) => name);
  const study: Study = {
    name: files.rna,
    modality: 'rna',
    valueKind: 'counts',
    species: 'human',
    cells: {
      ids: labels.map((_, i) => `cell${i}`),
      columns: new Map([['cell_type', { kind: 'text', values: labels }]]),
    },
    features: { ids: names, names, idType: 'symbol', columns: new Map() },
    matrix: csrOf(rows),
    embeddings: new Map(),
  };
  await writeAnnotatedH5ad({ source: null, target: rna, study, columns: new Map(), embeddings: new Map() });

  const lines: { start: number; text: string }[] = [];
  const put = (barcode: string, g: number): void => {
    const gene = chosen[g]!;
    const start = Math.max(0, transcriptionStart(gene) - 400 + random.below(800));
    lines.push({ start, text: `chr1\t${start}\t${start + 60 + random.below(300)}\t${barcode}\t1` });
  };
  const barcodes = Array.from({ length: 60 }, (_, i) => `${bases(i + 1)}-1`);
  barcodes.forEach((barcode, i) => {
    for (let k = 0; k < 160; k++) {
      const own = random.below(10) < 7;
      put(barcode, own ? (i % 3) * genesPerType + random.below(genesPerType) : random.below(chosen.length));
    }
  });
  for (let i = 0; i < 200; i++) {
    for (let k = 0; k <= i % 2; k++) put(`${bases(10_000 + i)}-1`, random.below(chosen.length));
  }
  lines.sort((a, b) => a.start - b.start);
  await writeFile(fragments, lines.map(({ text }) => `${text}\n`).join(''));
  const table = barcodes.map((barcode, i) => `${barcode},${types[i % 3]}`);
  await writeFile(cells, ['barcode,cell_type', ...table, ''].join('\n'));
  return { rna, fragments, cells };
}

/** Sixteen bases that spell a number. */
function bases(number: number): string {
  return Array.from({ length: 16 }, (_, i) => 'ACGT'[Math.trunc(number / 4 ** i) % 4]).join('');
}
