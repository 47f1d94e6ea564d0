import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import { type GeneModel, genesToCount } from '#core/chromatin/gene-model';
import { distanceWeight, weightedGenes } from '#core/chromatin/gene-weights';
import { HitCounts } from '#core/chromatin/hit-counts';
import { IntervalCounter } from '#core/chromatin/interval-counter';
import { weightedActivityOfPeaks } from '#core/chromatin/peak-activity';
import { productOfRows } from '#core/chromatin/row-product';
import { WeightedActivityCounter } from '#core/chromatin/weighted-activity';
import { WindowCounter } from '#core/chromatin/window-counter';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { countMatrix, csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { blocksOfFragments, type TextFragment } from '#test/support/fragment-blocks';
import { storedRows } from '#test/support/stored-rows';

const contig = fc.constantFrom('chr1', 'chr2');
const fragment = fc
  .tuple(contig, fc.nat(3000), fc.integer({ min: 1, max: 700 }), fc.constantFrom('a', 'b', 'c'))
  .map(([contig, start, width, barcode]): TextFragment => ({ contig, start, end: start + width, barcode }));
const fragments = fc.array(fragment, { minLength: 1, maxLength: 40, size: 'max' });
const interval = fc
  .tuple(contig, fc.nat(3500), fc.integer({ min: 0, max: 900 }))
  .map(([contig, start, width]) => ({ contig, start, end: start + width }));
const gene = fc
  .tuple(contig, fc.nat(400_000), fc.integer({ min: 1, max: 30_000 }), fc.constantFrom('+', '-'), fc.nat(20))
  .map(([contig, start, width, strand, name]): GeneModel => ({
    contig,
    start,
    end: start + width,
    strand: strand as '+' | '-',
    name: `G${name}`,
  }));

const barcodesOf = (all: readonly TextFragment[]): string[] => [...new Set(all.map(({ barcode }) => barcode))];
const ends = ({ start, end }: TextFragment): [number, number] => [start, end - 1];

function expectRisingColumns({ indptr, indices, rows }: CsrMatrix): void {
  for (let row = 0; row < rows; row++) {
    const columns = [...indices.subarray(indptr[row], indptr[row + 1])];
    expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b));
  }
}

test('pairs are counted the same however often hits are put in order', () => {
  const hits = fc.array(fc.tuple(fc.nat(6), fc.oneof(fc.nat(20), fc.nat(300))), { maxLength: 200, size: 'max' });
  fc.assert(
    fc.property(hits, fc.integer({ min: 1, max: 50 }), (all, perRun) => {
      const counts = new HitCounts(301, perRun);
      for (const [row, column] of all) counts.add(row, column);
      const expected = Array.from({ length: 8 }, () => new Array<number>(301).fill(0));
      for (const [row, column] of all) expected[row]![column]!++;
      const pieces = [...counts.pieces(8)];
      expect(pieces.flatMap(denseOf)).toEqual(expected);
      pieces.forEach(expectRisingColumns);
      expect(() => [...counts.pieces(8)]).toThrow('handed out');
      expect(() => counts.add(0, 0)).toThrow('handed out');
    }),
  );
});

test('insertions and fragments in intervals are those that a look at every interval finds', async () => {
  await fc.assert(
    fc.asyncProperty(fragments, fc.array(interval, { maxLength: 15, size: 'max' }), async (all, intervals) => {
      const cells = barcodesOf(all);
      for (const unit of ['insertions', 'fragments'] as const) {
        const counter = new IntervalCounter(intervals, unit);
        const rows = new EveryBarcode();
        for (const block of blocksOfFragments(all)) counter.add(block, rows);
        const { matrix, share } = await counter.result(rows.rows);
        const expected = cells.map((cell) =>
          intervals.map(({ contig, start, end }) => {
            let count = 0;
            for (const f of all) {
              if (f.barcode !== cell || f.contig !== contig) continue;
              const inside = ends(f).filter((at) => start <= at && at < end).length;
              count += unit === 'insertions' ? inside : Math.min(1, inside);
            }
            return count;
          }),
        );
        expect(denseOf(matrix as CsrMatrix)).toEqual(expected);
        const used = all.flatMap((f) =>
          ends(f).filter((at) =>
            intervals.some(({ contig, start, end }) => contig === f.contig && start <= at && at < end),
          ),
        );
        expect([share.used, share.total]).toEqual([used.length, 2 * all.length]);
      }
    }),
  );
});

test('windows hold the insertions that lie in them, and no others are made', async () => {
  await fc.assert(
    fc.asyncProperty(fragments, fc.integer({ min: 100, max: 2000 }), async (all, width) => {
      const counter = new WindowCounter(width);
      const rows = new EveryBarcode();
      for (const block of blocksOfFragments(all)) counter.add(block, rows);
      const { windows, matrix } = await counter.result(rows.rows);
      const names = all.flatMap((f) => ends(f).map((at) => `${f.contig} ${Math.floor(at / width) * width}`));
      expectRisingColumns(matrix as CsrMatrix);
      expect(windows.map(({ contig, start }) => `${contig} ${start}`).sort()).toEqual([...new Set(names)].sort());
      const expected = barcodesOf(all).map((cell) =>
        windows.map(({ contig, start, end }) => {
          const here = all.filter((f) => f.barcode === cell && f.contig === contig);
          return here.flatMap(ends).filter((at) => start <= at && at < end).length;
        }),
      );
      expect(denseOf(matrix as CsrMatrix)).toEqual(expected);
    }),
  );
});

test('weighted activity is the sum over tiles and genes written out', async () => {
  await fc.assert(
    fc.asyncProperty(fragments, fc.array(gene, { minLength: 1, maxLength: 12, size: 'max' }), async (all, models) => {
      fc.pre(models.some(({ contig }) => all.some((f) => f.contig === contig)));
      const ceiling = 3;
      const counter = new WeightedActivityCounter(models, { ceiling });
      const rows = new EveryBarcode();
      for (const block of blocksOfFragments(all)) counter.add(block, rows);
      const { matrix, genes } = await counter.result(rows.rows);
      const weighted = weightedGenes(models);
      expect(genes).toEqual(genesToCount(models));
      const found = denseOf(matrix as CsrMatrix);
      barcodesOf(all).forEach((cell, row) => {
        const sums = weighted.map(({ gene, start, end, from, to, factor }) => {
          const tiles = new Map<number, number>();
          for (const f of all) {
            if (f.barcode !== cell || f.contig !== gene.contig) continue;
            for (const at of ends(f)) tiles.set(Math.floor(at / 500), (tiles.get(Math.floor(at / 500)) ?? 0) + 1);
          }
          let sum = 0;
          for (const [tile, count] of tiles) {
            const [low, high] = [tile * 500, tile * 500 + 500];
            if (high <= from || low >= to) continue;
            const distance = Math.max(0, start - high, low - end);
            sum += factor * Math.min(ceiling, count) * (Math.exp(-distance / 5000) + Math.exp(-1));
          }
          return sum;
        });
        const total = sums.reduce((a, b) => a + b, 0);
        sums.forEach((sum, j) => {
          const expected = total === 0 ? 0 : (1e4 * sum) / total;
          expect(Math.abs(found[row]![j]! - expected)).toBeLessThanOrEqual(1e-6 * expected);
        });
      });
    }),
  );
});

test('a gene counts no farther than 100 kb, not past its neighbours, and 1 kb in any case', () => {
  fc.assert(
    fc.property(fc.array(gene, { minLength: 1, maxLength: 12, size: 'max' }), (models) => {
      const weighted = weightedGenes(models);
      weighted.forEach(({ gene, from, to, factor }, i) => {
        expect(from).toBeLessThanOrEqual(Math.max(0, gene.start - 1000));
        expect(to).toBeGreaterThanOrEqual(gene.end + 1000);
        expect(from).toBeGreaterThanOrEqual(Math.max(0, gene.start - 100_000));
        expect(to).toBeLessThanOrEqual(gene.end + 100_000);
        const [before, behind] = [weighted[i - 1]?.gene, weighted[i + 1]?.gene];
        if (before?.contig === gene.contig && from < gene.start - 1000)
          expect(from).toBeGreaterThanOrEqual(before.end + 500);
        if (behind?.contig === gene.contig && to > gene.end + 1000) expect(to).toBeLessThanOrEqual(behind.start - 500);
        expect(factor).toBeGreaterThanOrEqual(1);
        expect(factor).toBeLessThanOrEqual(5);
      });
    }),
  );
});

test('weighted activity of peaks is that of the same peaks as tiles', async () => {
  const peak = fc
    .tuple(contig, fc.nat(900))
    .map(([contig, tile]) => ({ contig, start: tile * 500, end: tile * 500 + 500 }));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(peak, { minLength: 1, maxLength: 8, selector: ({ contig, start }) => `${contig}${start}` }),
      fc.array(gene, { minLength: 1, maxLength: 8 }),
      async (peaks, models) => {
        fc.pre(models.some(({ contig }) => peaks.some((p) => p.contig === contig)));
        const dense = [peaks.map((_, j) => j % 3), peaks.map((_, j) => 1 + (j % 2))];
        const source = { name: 'S', matrix: csrOf(dense, peaks.length), peaks };
        const found = denseOf((await weightedActivityOfPeaks(source, models)).matrix as CsrMatrix);
        const weighted = weightedGenes(models);
        dense.forEach((counts, row) => {
          const sums = weighted.map((g) =>
            peaks.reduce((sum, { contig, start, end }, j) => {
              if (contig !== g.gene.contig || end <= g.from || start >= g.to) return sum;
              return sum + counts[j]! * g.factor * distanceWeight(g, start, end, 5000);
            }, 0),
          );
          const total = sums.reduce((a, b) => a + b, 0);
          sums.forEach((sum, j) => {
            const expected = total === 0 ? 0 : (1e4 * sum) / total;
            expect(Math.abs(found[row]![j]! - expected)).toBeLessThanOrEqual(1e-6 * expected);
          });
        });
      },
    ),
  );
});

test('a product of rows is that of whole matrices, also for rows that are read in blocks', async () => {
  await fc.assert(
    fc.asyncProperty(countMatrix, fc.nat(1000), async (matrix, seed) => {
      const weights = Array.from({ length: matrix.columns }, (_, i) =>
        Array.from({ length: 4 }, (_, j) => ((seed + 7 * i + 3 * j) % 4) / 2),
      );
      const expected = denseOf(matrix).map((row) =>
        [0, 1, 2, 3].map((j) => row.reduce((sum, value, i) => sum + value * weights[i]![j]!, 0)),
      );
      for (const rows of [matrix, storedRows(matrix, 2)]) {
        const { product, columnSums } = await productOfRows(rows, csrOf(weights, 4));
        expect(denseOf(product as CsrMatrix)).toEqual(expected);
        expect([...columnSums]).toEqual(
          Array.from({ length: matrix.columns }, (_, j) => denseOf(matrix).reduce((sum, row) => sum + row[j]!, 0)),
        );
      }
    }),
  );
});
