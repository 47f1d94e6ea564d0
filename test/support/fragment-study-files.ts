import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { GeneModel } from '#core/chromatin/gene-model';
import type { Interval } from '#core/chromatin/interval-index';
import type { ChromatinChoice, Repair, StudyChoice } from '#formats/inspect/repair';
import { barcodeOf, fragmentLines, smallFragments } from '#test/support/small-fragments';

/** Six hundred fragments of six barcodes on three chromosomes. */
export const fragments = smallFragments({ count: 600, barcodes: 6, seed: 11, contigs: ['chr1', 'chr2', 'chr9'] });
/** Four of the barcodes, in an order of their own; the others are background. */
export const cells = [4, 0, 2, 1].map(barcodeOf);

/** Genes of both strands, one over the other, on two of the three chromosomes. */
export const genes = [
  { name: 'A', contig: 'chr1', start: 3000, end: 6000, strand: '+' },
  { name: 'B', contig: 'chr1', start: 5000, end: 9000, strand: '-' },
  { name: 'C', contig: 'chr2', start: 500, end: 2000, strand: '+' },
  { name: 'D', contig: 'chr2', start: 15_000, end: 30_000, strand: '-' },
] as const;
/** Body and 2 000 bases before the start of reading. */
export const regions = [
  { contig: 'chr1', start: 1000, end: 6000 },
  { contig: 'chr1', start: 5000, end: 11_000 },
  { contig: 'chr2', start: 0, end: 2000 },
  { contig: 'chr2', start: 15_000, end: 32_000 },
];
/** Peaks in no order, two of them over each other, one without a fragment. */
export const peaks = [
  { contig: 'chr2', start: 100, end: 4000 },
  { contig: 'chr1', start: 0, end: 2500 },
  { contig: 'chr1', start: 2000, end: 8000 },
  { contig: 'chr1', start: 30_000, end: 31_000 },
];

export interface FragmentFiles {
  readonly chromatin?: ChromatinChoice;
  readonly repairs?: Repair[];
  /** Content of a labels file; none without it. */
  readonly labels?: string;
  /** Content of the list of cells; null for none. */
  readonly list?: readonly string[] | null;
  readonly text?: string;
  /** Content of the list of peaks, else `peaks`. */
  readonly bed?: string;
  /** Content of the list of genes, else `genes`. */
  readonly geneBed?: string;
  readonly name?: string;
}

/** The fragments with a list of the cells, genes and peaks, as files in an empty folder. */
export function fragmentFiles(folder: string, of: FragmentFiles = {}): StudyChoice {
  const { chromatin = {}, repairs = [], labels, list = cells, text = fragmentLines(fragments) } = of;
  const { bed = bedOf(peaks), geneBed = geneBedOf(genes), name = 'fragments.tsv.gz' } = of;
  const write = (file: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, file), content);
    return join(folder, file);
  };
  return {
    path: write(name, gzipSync(text)),
    repairs,
    ...(labels === undefined ? {} : { labelsFile: write('labels.csv', labels) }),
    chromatin: {
      annotation: write('genes.bed', geneBed),
      peaks: write('peaks.bed', bed),
      ...(list === null ? {} : { barcodes: write('cells.txt', list.join('\n')) }),
      ...chromatin,
    },
  };
}

/** Intervals as a BED file has them. */
export function bedOf(intervals: readonly Interval[]): string {
  return intervals.map(({ contig, start, end }) => `${contig}\t${start}\t${end}\n`).join('');
}

/** Genes as a BED file with symbol and strand. */
export function geneBedOf(models: readonly GeneModel[]): string {
  return models
    .map(({ contig, start, end, name, strand }) => `${contig}\t${start}\t${end}\t${name}\t${strand}\n`)
    .join('');
}
