import type { ErrorEntries } from './entry.ts';

/** What can be wrong with a file of gene sets. */
export const readingGeneSetErrors = {
  'reading.malformed-gene-sets': {
    says: (d: { file: string; line: number; text: string; fields: number }) =>
      `Line ${d.line} of ${d.file} has ${d.fields} ${d.fields === 1 ? 'field' : 'fields'} separated by tabs and is no gene set: ${d.text}`,
    remedy: 'Give a GMT file: per line the name of a set, a description and its genes, separated by tabs.',
  },
  'reading.no-gene-sets': {
    says: (d: { file: string }) => `${d.file} holds no gene set.`,
    remedy: 'Give a GMT file with at least one line: name, description and genes, separated by tabs.',
  },
} as const satisfies ErrorEntries;
