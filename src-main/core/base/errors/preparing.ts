import type { ErrorEntries } from './entry.ts';

/** What can be wrong with two studies as a pair. */
export const preparingErrors = {
  'preparing.no-such-label-column': {
    says: (d: { study: string; column: string; columns: readonly string[] }) =>
      d.columns.length === 0
        ? `${d.study} has no column "${d.column}", nor any other column of cells.`
        : `${d.study} has no column "${d.column}". Its columns are: ${d.columns.join(', ')}.`,
    remedy: 'Choose the column that holds the labels, or add a labels file to the reference.',
  },
  'preparing.no-labels': {
    says: (d: { study: string; column: string; cells: number }) =>
      `None of the ${d.cells} cells of ${d.study} has a label in column "${d.column}".`,
    remedy: 'Choose another column of labels for the reference.',
  },
  'preparing.labels-all-different': {
    says: (d: { study: string; column: string; labels: number; cells: number }) =>
      `Column "${d.column}" of ${d.study} holds ${d.labels} different values for ${d.cells} cells, which is no grouping into labels.`,
    remedy: 'Choose the column that holds the labels; this one looks like names or measurements.',
  },
  'preparing.too-few-cells': {
    says: (d: { study: string; cells: number; needed: number }) =>
      `${d.study} has ${d.cells} usable ${d.cells === 1 ? 'cell' : 'cells'}; at least ${d.needed} are needed.`,
    remedy: 'Check that the whole file was chosen and that no repair left out its cells.',
  },
  'preparing.species-differ': {
    says: (d: { reference: string; referenceSpecies: string; query: string; querySpecies: string }) =>
      `${d.reference} holds ${d.referenceSpecies} genes and ${d.query} holds ${d.querySpecies} genes.`,
    remedy: 'Choose a reference of the same species, or rename the genes of one study to their orthologs first.',
  },
  'preparing.features-of-different-kinds': {
    says: (d: { reference: string; referenceKind: string; query: string; queryKind: string }) =>
      `${d.reference} holds ${d.referenceKind} and ${d.query} holds ${d.queryKind}; the two cannot be compared.`,
    remedy: 'Turn the peaks into gene activity, so that both studies have genes.',
  },
  'preparing.no-shared-features': {
    says: (d: { reference: string; query: string; referenceNames: string; queryNames: string }) =>
      `${d.reference} and ${d.query} have no feature name in common (${d.referenceNames} against ${d.queryNames}).`,
    remedy: 'Bring both to the same names: map Ensembl ids to symbols, or use the same set of peaks.',
  },
  'preparing.too-few-shared-features': {
    says: (d: { reference: string; query: string; shared: number; needed: number }) =>
      `${d.reference} and ${d.query} share ${d.shared} ${d.shared === 1 ? 'feature' : 'features'}; at least ${d.needed} are needed for labels that can be trusted.`,
    remedy: 'Check that both files use the same species, the same kind of names and the same genome.',
  },
  'preparing.too-few-variable-features': {
    says: (d: { shared: number; topFeatures: number; needed: number }) =>
      `Of the ${d.topFeatures} most variable features of each study only ${d.shared} are the same; at least ${d.needed} are needed.`,
    remedy: 'Raise the number of most variable features, or keep all shared ones.',
  },
  'preparing.values-negative': {
    says: (d: { study: string; transform: string; value: number; cell: string; feature: string }) =>
      `${d.study} holds ${d.value} for ${d.feature} in cell ${d.cell}; "${d.transform}" needs values of 0 and above, so this matrix was scaled.`,
    remedy: 'Choose the matrix that holds counts (raw or a layer) for this file.',
  },
  'preparing.cells-without-peaks': {
    says: (d: { peaks: string; query: string; missing: number; cells: number; example: string }) =>
      `${d.missing} of the ${d.cells} cells of ${d.query} are not in ${d.peaks}, for example ${d.example}.`,
    remedy: 'Choose the peaks of the same cells, or go on without a peaks file.',
  },
  'preparing.stack-differs': {
    says: (d: { first: string; firstIs: string; second: string; secondIs: string }) =>
      `${d.first} holds ${d.firstIs} and ${d.second} holds ${d.secondIs}; they cannot be read as one study.`,
    remedy: 'Choose files of the same kind, with the same kind of values.',
  },
} as const satisfies ErrorEntries;
