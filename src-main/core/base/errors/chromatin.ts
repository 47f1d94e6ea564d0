import type { ErrorEntries } from './entry.ts';

/** What can be wrong with fragments and gene models. */
export const chromatinErrors = {
  'reading.malformed-fragment': {
    says: (d: { path: string; line: number; text: string }) =>
      `Line ${d.line} of ${d.path} is no fragment (contig, start, end, barcode, tab-separated): ${d.text}`,
    remedy: 'Check that this is the fragments file, not a peak list or a table with a header line without #.',
  },
  'reading.malformed-gene': {
    says: (d: { path: string; line: number; text: string }) =>
      `Line ${d.line} of ${d.path} is no gene (contig, start, end, symbol, strand, tab-separated): ${d.text}`,
    remedy: 'Give a BED file with five columns, or six with the strand last.',
  },
} as const satisfies ErrorEntries;
