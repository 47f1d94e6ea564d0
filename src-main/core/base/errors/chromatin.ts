import type { ErrorEntries } from './entry.ts';

/** What can be wrong with genes, barcodes and peaks when they are counted, and with bringing two genomes together. */
export const chromatinErrors = {
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
  'chromatin.no-such-gene': {
    says: (d: { gene: string; alike: readonly string[] }) =>
      `The gene list has no gene "${d.gene}"${d.alike.length === 0 ? '' : `; it has ${d.alike.join(', ')}`}.`,
    remedy: 'Write the gene as the list does, or give a region like chr11:60000000-60010000.',
  },
  'chromatin.bad-region': {
    says: (d: { region: string; problem: string }) => `The region "${d.region}" cannot be used: ${d.problem}.`,
    remedy: 'Write a region as contig:start-end, for example chr11:60000000-60010000.',
  },

  // ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────
  'chromatin.barcodes-match-nothing': {
    says: (d: { listed: number; inList: string; inFragments: string }) =>
      `None of the ${d.listed} listed cells is among the fragments (listed: ${d.inList}; in the fragments: ${d.inFragments}).`,
    remedy: 'Give the cell list that belongs to these fragments; write barcodes as the fragments do.',
  },
  'chromatin.list-is-fragments': {
    says: (d: { file: string }) => `${d.file} holds fragments, not a list of cells.`,
    remedy: 'Give the list of barcodes that are cells (barcodes.tsv, singlecell.csv or your labels), or none.',
  },
  'chromatin.barcodes-ambiguous': {
    says: (d: { barcode: string; others: readonly string[]; where: 'list' | 'fragments' }) =>
      `Without ending and sample prefix the barcode ${d.barcode} stands for ${d.others.join(' and ')} in the ${d.where}.`,
    remedy: 'Give each fragments file a list of its own cells, or call it or its folder as the list calls its sample.',
  },
  'chromatin.no-cells': {
    says: (d: { barcodes: number; most: number; minimum: number; file?: string }) =>
      `None of the ${d.barcodes} barcodes${d.file === undefined ? '' : ` of ${d.file}`} has ${d.minimum} fragments; the fullest has ${d.most}.`,
    remedy: 'Lower the minimum number of fragments, or give a list of the cells.',
  },

  // ── peaks and genomes ────────────────────────────────────────────────────────────────────────────────────────
  'chromatin.builds-differ': {
    says: (d: { reference: string; referenceBuild: string; query: string; queryBuild: string }) =>
      `The peaks of ${d.reference} lie on ${d.referenceBuild} and those of ${d.query} on ${d.queryBuild}: the same place has other coordinates.`,
    remedy:
      'Compare both by gene activity, each with the gene list of its genome, or give the chain file between the two.',
  },
  'chromatin.no-peaks': {
    says: (d: { file: string; features: string }) =>
      `${d.file} holds neither fragments nor peaks that name their places (its features: ${d.features}).`,
    remedy: 'Choose the fragments file, or a matrix whose features are named like chr1:100-600.',
  },
  'chromatin.not-chromatin': {
    says: (d: { file: string; side: string }) =>
      `The ${d.side} ${d.file} holds neither fragments nor peaks that name their places.`,
    remedy: 'Choose fragments or a matrix of peaks for both sides; genes are matched by name and need no harmonising.',
  },
  'chromatin.way-not-possible': {
    says: (d: { way: string; says: string; suggested: string }) =>
      `The two studies cannot be brought together by "${d.way}": ${d.says}`,
    remedy: 'Choose another way: gene-activity can always be gone, auto takes the best one there is.',
  },
  'chromatin.chain-does-not-fit': {
    says: (d: { file: string; contigs: readonly string[]; peaks: readonly string[] }) =>
      `The chain file ${d.file} starts from ${shown(d.contigs)}; the peaks lie on ${shown(d.peaks)}.`,
    remedy: 'Give the chain file that leads from the genome of the query to that of the reference.',
  },
  'chromatin.chain-other-way': {
    says: (d: { file: string; from: string; to: string }) =>
      `The chain file ${d.file} leads from ${d.to} to ${d.from}, the wrong way round.`,
    remedy: 'Give the chain file that leads from the genome of the query to that of the reference.',
  },
  'chromatin.nothing-lifted': {
    says: (d: { file: string; study: string; peaks: number; why: string }) =>
      `None of the ${d.peaks} peaks of ${d.study} has a place in the other genome by ${d.file} (${d.why}).`,
    remedy:
      'Check that the chain file leads from the genome of the query to that of the reference, or compare by gene activity.',
  },
  'chromatin.peaks-do-not-overlap': {
    says: (d: { reference: string; query: string; peaks: number }) =>
      `None of the ${d.peaks} peaks of ${d.query} overlaps a peak of ${d.reference}.`,
    remedy: 'Check that both lie on the same genome, or compare both by gene activity.',
  },
  'chromatin.peaks-not-of-matrix': {
    says: (d: { study: string; features: number; peaks: number }) =>
      `The matrix of ${d.study} has ${d.features} features, and ${d.peaks} peaks were given for it.`,
    remedy: 'Give the peak list that the matrix was counted with, one line per feature in the same order.',
  },
  'reading.malformed-chain': {
    says: (d: { path: string; line: number; text: string; problem: string }) =>
      `Line ${d.line} of ${d.path} does not fit into a chain file (${d.problem}): ${d.text}`,
    remedy: 'Give a chain file as UCSC writes it, for example hg19ToHg38.over.chain.gz.',
  },
  'chromatin.model-peaks-without-places': {
    says: (d: { example: string }) =>
      `The peaks of the model are named like ${d.example}, which names no place to count fragments in.`,
    remedy: 'Give the query as a matrix of the peaks that the model was trained on.',
  },
} as const satisfies ErrorEntries;

/** The first few names. */
function shown(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
