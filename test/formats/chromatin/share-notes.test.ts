import { expect, test } from 'vitest';
import { shareNotes } from '#formats/chromatin/share-notes';

const share = (used: number) => ({ used, total: 1000, contigs: [{ contig: 'chr1', known: true, used, total: 1000 }] });

test.each([
  [0, 'genes', 'warning', '0 % of 1,000 counts of Q lie in genes.'],
  [19, 'peaks', 'warning', '2 % of 1,000 counts of Q lie in the peaks.'],
  [20, 'peaks', 'info', '2 % of 1,000 counts of Q lie in the peaks.'],
  [1000, 'windows', 'info', '100 % of 1,000 counts of Q lie in the windows.'],
] as const)('%d of 1000 counts in %s: %s', (used, columns, severity, text) => {
  expect(shareNotes('Q', { share: share(used), columns }, null)).toEqual([{ step: 'counting', text, severity }]);
});
