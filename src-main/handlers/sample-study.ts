import { join } from 'node:path';
import type { SampleStudy } from '#contract/files';

/** Where the sample study lies in the resources that ship with the application. */
export function sampleFolder(resources: string): string {
  return join(resources, 'sample-study');
}

/** The sample study as a request: RNA reference, gene-activity query with its own peaks, known truth. */
export function sampleStudy(resources: string): SampleStudy {
  const file = (name: string): string => join(sampleFolder(resources), name);
  return {
    title: 'Sample study: eight simulated labels, one of them absent from the reference',
    request: {
      reference: [{ path: file('reference.h5ad') }],
      query: [{ path: file('query.h5ad') }],
      queryPeaks: { path: file('query_peaks.h5ad') },
      label: 'cell_type',
      truth: 'true_label',
      scenario: 'rna-atac',
    },
  };
}
