import type { ErrorEntries } from './entry.ts';

interface InFile {
  readonly file: string;
}
/** Lines that could not be read, out of all; the first of them. */
interface Malformed extends InFile {
  readonly malformed: number;
  readonly lines: number;
  /** Share of malformed lines that would have been passed over, 0 … 1. */
  readonly allowed: number;
  readonly first: { readonly line: number; readonly text: string; readonly reason: string };
}

const shareOf = (part: number, all: number): string => `${Number(((100 * part) / all).toPrecision(3))} %`;
const malformedLines = (d: Malformed, what: string): string =>
  `${d.malformed} of ${d.lines} lines of ${d.file} (${shareOf(d.malformed, d.lines)}) are no ${what}; up to ${100 * d.allowed} % are passed over. ` +
  `Line ${d.first.line}: ${d.first.reason}: ${d.first.text}`;

/** What can be wrong with fragments, genome intervals and gene models. */
export const readingGenomeErrors = {
  'reading.malformed-fragments': {
    says: (d: Malformed) => malformedLines(d, 'fragments'),
    remedy:
      'Give a fragments file: contig, start, end, barcode and number of reads, separated by tabs, in this order (as Cell Ranger ATAC writes fragments.tsv.gz).',
  },
  'reading.no-fragments': {
    says: (d: InFile & { headers: number }) =>
      `${d.file} holds no fragment${d.headers > 0 ? `, only ${d.headers} header lines` : ''}.`,
    remedy: 'Check that the file was written to its end, or copy it again.',
  },
  'reading.too-many-barcodes': {
    says: (d: InFile & { line: number; most: number; example: string }) =>
      `${d.file} has more than ${d.most} different barcodes by line ${d.line} (one is ${d.example}).`,
    remedy: 'Put the cell barcode in the fourth column; names of single reads often stand there instead.',
  },
  'reading.malformed-intervals': {
    says: (d: Malformed) => malformedLines(d, 'genome intervals'),
    remedy: 'Give a BED or narrowPeak file: contig, start and end, separated by tabs or blanks.',
  },
  'reading.no-intervals': {
    says: (d: InFile) => `${d.file} holds no genome interval.`,
    remedy: 'Give a BED or narrowPeak file with at least one peak.',
  },
  'reading.malformed-genes': {
    says: (d: Malformed) => malformedLines(d, 'genes or annotation lines'),
    remedy:
      'Give a GTF or GFF3 of the genome, or a BED file of genes: contig, start, end, symbol, strand, separated by tabs (or six columns with the strand last).',
  },
  'reading.no-genes': {
    says: (d: InFile & { found: string }) => `${d.file} holds no gene that can be used (${d.found}).`,
    remedy: 'Give the complete GTF or GFF3 of the genome, for example from GENCODE or Ensembl.',
  },
  'reading.no-gene-models': {
    says: (d: { build: string; shipped: string }) =>
      `There are no gene models for ${d.build} here; those of ${d.shipped} are shipped.`,
    remedy: 'Give the GTF of your genome as the annotation, for example from GENCODE or Ensembl.',
  },
  'reading.unknown-annotation': {
    says: (d: { annotation: string; shipped: string }) =>
      `"${d.annotation}" is neither a file nor a genome build that is known here (${d.shipped}).`,
    remedy: 'Name one of these builds, or give the path of a GTF, GFF3 or BED file of genes.',
  },
  'reading.build-unknown': {
    says: (d: { study: string; evidence: string; shipped: string }) =>
      `The genome build of ${d.study} cannot be told: ${d.evidence}.`,
    remedy: 'Name the build (hg38, hg19, mm10, mm9, mm39) or give the GTF of the genome as the annotation.',
  },
  'reading.no-barcodes': {
    says: (d: InFile) => `${d.file} lists no barcode of a cell.`,
    remedy: 'Give a list with one barcode in each line, or a table with the barcodes in its first column.',
  },
} as const satisfies ErrorEntries;
