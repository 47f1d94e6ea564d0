import type { ErrorEntries } from './entry.ts';

/** What can be wrong with fragments, gene models, peaks and barcodes, and with bringing two genomes together. */
export const chromatinErrors = {
  'reading.malformed-gene': {
    says: (d: { path: string; line: number; text: string }) =>
      `Line ${d.line} of ${d.path} is no gene (contig, start, end, symbol, strand, tab-separated): ${d.text}`,
    remedy: 'Give a BED file with five columns, or six with the strand last.',
  },

  // ── genes ────────────────────────────────────────────────────────────────────────────────────────────────────
  'chromatin.no-genes': {
    says: (d: { entries: number; widest: number }) =>
      `None of the ${d.entries} entries of the gene list can be counted for (genes wider than ${d.widest} bases are left out).`,
    remedy: 'Choose another gene list, for example the one that comes with the application for this genome.',
  },
  'chromatin.no-contig-in-common': {
    says: (d: { what: string; contigs: readonly string[]; against: string; known: readonly string[] }) =>
      `${d.what} and ${d.against} have no chromosome in common (${shown(d.contigs)} against ${shown(d.known)}).`,
    remedy: 'Check that both belong to the same species and genome, and choose the one that fits.',
  },

  // ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────

  // ── peaks and genomes ────────────────────────────────────────────────────────────────────────────────────────
  'chromatin.peaks-not-of-matrix': {
    says: (d: { study: string; features: number; peaks: number }) =>
      `The matrix of ${d.study} has ${d.features} features, and ${d.peaks} peaks were given for it.`,
    remedy: 'Give the peak list that the matrix was counted with, one line per feature in the same order.',
  },
} as const satisfies ErrorEntries;

/** The first few names. */
function shown(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
