import { expect, test } from 'vitest';
import type { GeneModel } from '#core/chromatin/gene-model';
import { bodyActivityOfPeaks, type PeakCounts, weightedActivityOfPeaks } from '#core/chromatin/peak-activity';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { storedRows } from '#test/support/stored-rows';

const forward: GeneModel = { name: 'FWD', contig: 'chr1', start: 10_000, end: 12_000, strand: '+' };
const reverse: GeneModel = { name: 'REV', contig: 'chr1', start: 20_000, end: 22_000, strand: '-' };
const source: PeakCounts = {
  name: 'atac.h5ad',
  peaks: [
    { contig: '1', start: 7_500, end: 8_001 }, // one base in the promoter of FWD
    { contig: '1', start: 7_500, end: 8_000 }, // none
    { contig: '1', start: 11_000, end: 23_000 }, // in both genes
    { contig: 'scaffold', start: 11_000, end: 23_000 },
  ],
  matrix: csrOf([
    [1, 10, 2, 5],
    [0, 3, 0, 0],
  ]),
};

test('a gene gets the peaks that share a base with body and promoter, a peak in two genes counts for both', async () => {
  for (const matrix of [source.matrix as CsrMatrix, storedRows(source.matrix as CsrMatrix, 1)]) {
    const { genes, matrix: activity, share } = await bodyActivityOfPeaks({ ...source, matrix }, [reverse, forward]);
    expect(genes.map((gene) => gene.name)).toEqual(['FWD', 'REV']);
    expect(denseOf(activity as CsrMatrix)).toEqual([
      [3, 2],
      [0, 0],
    ]);
    expect(share).toEqual({
      total: 21,
      used: 3,
      contigs: [
        { contig: '1', total: 16, used: 3, known: true },
        { contig: 'scaffold', total: 5, used: 0, known: false },
      ],
    });
  }
});

test('weighted by distance, cells add up to 10,000 and empty ones stay empty', async () => {
  const { matrix } = await weightedActivityOfPeaks(
    {
      ...source,
      matrix: csrOf([
        [1, 10, 2, 5],
        [0, 0, 0, 7],
      ]),
    },
    [forward, reverse],
  );
  const [full, empty] = denseOf(matrix as CsrMatrix);
  expect(full![0]! + full![1]!).toBeCloseTo(10_000, 2);
  expect(full![0]).toBeGreaterThan(full![1]!); // more lies near FWD
  expect(empty).toEqual([0, 0]);
});

test('weighted by distance, a peak with one base in the reach of a gene counts, one without does not', async () => {
  const peaks = [
    { contig: 'chr1', start: 111_999, end: 112_500 }, // the reach of FWD ends with base 111 999
    { contig: 'chr1', start: 112_000, end: 112_500 },
  ];
  const { share } = await weightedActivityOfPeaks({ name: 'S', matrix: csrOf([[1, 10]]), peaks }, [forward]);
  expect([share.used, share.total]).toEqual([1, 11]);
});

test('a peak list of another length is refused', async () => {
  await expect(bodyActivityOfPeaks({ ...source, peaks: source.peaks.slice(1) }, [forward])).rejects.toThrow(
    expect.objectContaining({
      code: 'chromatin.peaks-not-of-matrix',
      message: 'The matrix of atac.h5ad has 4 features, and 3 peaks were given for it.',
    }),
  );
});

test('peaks of another genome are refused', async () => {
  const peaks = source.peaks.map((peak) => ({ ...peak, contig: 'scaffold' }));
  await expect(bodyActivityOfPeaks({ ...source, peaks }, [forward])).rejects.toThrow(
    expect.objectContaining({ code: 'chromatin.no-contig-in-common' }),
  );
});

test('work that is cancelled stops', async () => {
  await expect(bodyActivityOfPeaks(source, [forward], { signal: { aborted: true } })).rejects.toThrow('Cancelled');
});
