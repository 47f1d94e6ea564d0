import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Chain, ChainMap, liftPeaks, swappedChains } from '#core/chromatin/chain-map';
import { EveryBarcode } from '#core/chromatin/cell-rows';
import { CoverageCounter } from '#core/chromatin/coverage';
import type { Interval } from '#core/chromatin/interval-index';
import { overlapOfPeaks } from '#core/chromatin/peak-overlap';
import { unionPeaks, windowsOver } from '#core/chromatin/peak-sets';
import { sumPeaks } from '#core/chromatin/sum-peaks';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { blocksOfFragments, type TextFragment } from '#test/support/fragment-blocks';

const contig = fc.constantFrom('chr1', 'chr2', 'chr10');
const peak = fc
  .tuple(contig, fc.nat(80), fc.integer({ min: 0, max: 20 }))
  .map(([contig, start, width]): Interval => ({ contig, start, end: start + width }));
const peaks = fc.array(peak, { maxLength: 15, size: 'max' });

/** Every base of some intervals, written out. */
const basesIn = (set: readonly Interval[]): Set<string> =>
  new Set(
    set.flatMap(({ contig, start, end }) => Array.from({ length: end - start }, (_, i) => `${contig} ${start + i}`)),
  );
const shares = (a: Interval, b: Interval): number =>
  a.contig === b.contig ? Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start)) : 0;

test('a union has every base of its sets, once, in pieces that do not touch', () => {
  fc.assert(
    fc.property(fc.array(peaks, { maxLength: 4 }), (sets) => {
      const union = unionPeaks(sets);
      expect(basesIn(union)).toEqual(basesIn(sets.flat()));
      union.forEach((piece, i) => {
        const next = union[i + 1];
        if (next?.contig === piece.contig) expect(next.start).toBeGreaterThan(piece.end);
      });
      expect([...new Set(union.map(({ contig }) => contig))]).toEqual(
        ['chr1', 'chr2', 'chr10'].filter((name) => union.some(({ contig }) => contig === name)),
      );
    }),
  );
});

test('windows over peaks are those that hold a base of one, each once', () => {
  fc.assert(
    fc.property(peaks, fc.integer({ min: 1, max: 30 }), (set, width) => {
      const wanted = [...basesIn(set)].map((base) => {
        const [contig, at] = base.split(' ');
        return `${contig} ${Math.floor(Number(at) / width) * width}`;
      });
      const windows = windowsOver([set], width);
      expect(windows.map(({ contig, start }) => `${contig} ${start}`).sort()).toEqual([...new Set(wanted)].sort());
      expect(windows.every(({ start, end }) => end - start === width && start % width === 0)).toBe(true);
    }),
  );
});

test('the overlap told is the overlap of all pairs and all bases', () => {
  fc.assert(
    fc.property(peaks, peaks, (reference, query) => {
      const told = overlapOfPeaks(reference, query);
      const hit = (a: readonly Interval[], b: readonly Interval[]): number =>
        a.filter((one) => b.some((other) => shares(one, other) > 0)).length;
      const same = query.filter((q) =>
        reference.some((r) => r.contig === q.contig && r.start === q.start && r.end === q.end),
      );
      const [ours, theirs] = [basesIn(reference), basesIn(query)];
      const { contigs, ...all } = told;
      expect(all).toEqual({
        reference: reference.length,
        query: query.length,
        referenceHit: hit(reference, query),
        queryHit: hit(query, reference),
        identical: same.length,
        referenceBases: ours.size,
        queryBases: theirs.size,
        sharedBases: [...ours].filter((base) => theirs.has(base)).length,
      });
      for (const one of contigs) {
        const here = (set: readonly Interval[]): Interval[] => set.filter(({ contig }) => contig === one.contig);
        const { contigs: alone, ...counts } = overlapOfPeaks(here(reference), here(query));
        expect({ contig: one.contig, ...counts }).toEqual(one);
        expect(alone.length).toBe(1);
      }
    }),
  );
});

test('summed peaks are the sums over all pairs that overlap, whole or by bases', async () => {
  await fc.assert(
    fc.asyncProperty(
      peaks,
      peaks,
      fc.constantFrom('whole' as const, 'bases' as const),
      async (places, query, partial) => {
        fc.pre(query.some((q) => places.some((p) => shares(p, q) > 0)));
        const dense = [query.map((_, j) => j % 4), query.map((_, j) => (j + 1) % 3)];
        const source = { name: 'Q', matrix: csrOf(dense, query.length), peaks: query };
        const { matrix, share } = await sumPeaks(source, places, { reference: 'R' }, { partial });
        const found = denseOf(matrix as CsrMatrix);
        dense.forEach((counts, row) =>
          places.forEach((place, j) => {
            const expected = query.reduce((sum, q, i) => {
              const inside = shares(place, q);
              return sum + (inside === 0 ? 0 : counts[i]! * (partial === 'whole' ? 1 : inside / (q.end - q.start)));
            }, 0);
            expect(found[row]![j]).toBeCloseTo(expected, 5);
          }),
        );
        const column = (i: number): number => dense.reduce((sum, row) => sum + row[i]!, 0);
        const total = query.reduce((sum, _, i) => sum + column(i), 0);
        const used = query.reduce((sum, q, i) => sum + (places.some((p) => shares(p, q) > 0) ? column(i) : 0), 0);
        expect([share.used, share.total]).toEqual([used, total]);
      },
    ),
  );
});

/** Chains from chr1 of 400 bases to A or B of 500, forward or reverse, at most one over each base. */
const chains = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 20 }),
      reverse: fc.boolean(),
      toContig: fc.constantFrom('A', 'B'),
      toStart: fc.nat(100),
      blocks: fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, reverse, toContig, toStart, blocks }): Chain => {
      at += gap;
      let to = toStart;
      const made = blocks.map(([length, skip, toSkip]) => {
        const block = { from: at, to, length };
        [at, to] = [at + length + skip, to + length + toSkip];
        return block;
      });
      return {
        ...{ contig: 'chr1', size: 500, toContig, toSize: 500, reverse },
        from: Int32Array.from(made, (b) => b.from),
        to: Int32Array.from(made, (b) => b.to),
        length: Int32Array.from(made, (b) => b.length),
      };
    });
  });
const asked = fc
  .tuple(fc.nat(300), fc.integer({ min: 1, max: 60 }))
  .map(([start, width]): Interval => ({ contig: 'chr1', start, end: start + width }));

test('a lifted interval is what lifting it base by base gives, or is refused for what is the case', () => {
  fc.assert(
    fc.property(chains, asked, (all, interval) => {
      const found = new ChainMap('x.chain', all).lift(interval);
      const width = interval.end - interval.start;
      const lifted = all.map((chain) => {
        const bases: number[] = [];
        chain.from.forEach((from, i) => {
          for (let k = 0; k < chain.length[i]!; k++) {
            if (from + k < interval.start || from + k >= interval.end) continue;
            bases.push(chain.reverse ? chain.toSize - 1 - (chain.to[i]! + k) : chain.to[i]! + k);
          }
        });
        return { contig: chain.toContig, bases };
      });
      const hits = lifted.filter(({ bases }) => bases.length >= 0.95 * width);
      const some = lifted.filter(({ bases }) => bases.length > 0);
      if (hits.length === 0) {
        expect(found).toBe(some.length === 0 ? 'deleted' : some.length === 1 ? 'partial' : 'split');
        return;
      }
      const start = Math.min(...hits[0]!.bases);
      const end = Math.max(...hits[0]!.bases) + 1;
      const stretch = (end - start) / width;
      if (stretch > 2 || stretch < 0.5) expect(found).toBe('stretched');
      else expect(found).toEqual({ contig: hits[0]!.contig, start, end });
    }),
  );
});

test('chains lead back to every base they came from', () => {
  fc.assert(
    fc.property(chains, (all) => {
      for (const chain of all) {
        const there = new ChainMap('there', [chain]);
        const back = new ChainMap('back', swappedChains([chain]));
        const bases = Array.from({ length: 500 }, (_, at): Interval => ({ contig: 'chr1', start: at, end: at + 1 }));
        const { peaks: lifted, source, failed } = liftPeaks(bases, there);
        expect(lifted.length).toBe(chain.length.reduce((a, b) => a + b, 0));
        expect(lifted.length + failed.deleted).toBe(500);
        expect(liftPeaks(lifted, back).peaks).toEqual([...source].map((i) => bases[i]));
      }
      expect(swappedChains(swappedChains(all))).toEqual(all);
    }),
  );
});

const fragment = fc
  .tuple(
    fc.constantFrom('chr1', 'chr2'),
    fc.nat(400),
    fc.integer({ min: 1, max: 90 }),
    fc.constantFrom('a', 'b', 'c', 'd'),
  )
  .map(([contig, start, width, barcode]): TextFragment => ({ contig, start, end: start + width, barcode }));

test('coverage is the smoothed count per base, over the insertions of the label, in any number of places', () => {
  fc.assert(
    fc.property(
      fc.array(fragment, { minLength: 4, maxLength: 60, size: 'max' }),
      fc.record({ start: fc.nat(200), width: fc.integer({ min: 1, max: 200 }) }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 250 }),
      (all, { start, width }, smooth, places) => {
        const barcodes = [...new Set(all.map(({ barcode }) => barcode))];
        const labelOf = Int32Array.from(barcodes, (_, i) => (i % 3) - 1); // the first is left out, then X, Y, …
        const region = { contig: '1', start, end: start + width };
        const counter = new CoverageCounter(region, ['X', 'Y', 'none'], labelOf, { smooth, places });
        const cells = new EveryBarcode();
        for (const block of blocksOfFragments(all)) counter.add(block, cells);
        const coverage = counter.result();
        const per = coverage.basesPerPlace;
        expect(coverage.at.length).toBe(Math.ceil(width / per));
        expect(coverage.at.length).toBeLessThanOrEqual(places);
        coverage.tracks.forEach((track, label) => {
          const own = all.filter((f) => labelOf[barcodes.indexOf(f.barcode)] === label);
          const at = own.filter((f) => f.contig === 'chr1').flatMap((f) => [f.start, f.end - 1]);
          const smoothed = Array.from({ length: width }, (_, x) => {
            const low = start + x - Math.floor(smooth / 2);
            return at.filter((p) => p >= low && p < low + smooth).length / smooth;
          });
          expect(track.depth).toBe(2 * own.length);
          expect(track.cells).toBe([...labelOf].filter((code) => code === label).length);
          expect(track.insertions).toBe(at.filter((p) => p >= start && p < start + width).length);
          const values = coverage.at.map((_, i) => {
            const part = smoothed.slice(i * per, (i + 1) * per);
            return own.length === 0 ? 0 : (1e6 * part.reduce((a, b) => a + b, 0)) / part.length / (2 * own.length);
          });
          values.forEach((value, i) => expect(track.values[i]).toBeCloseTo(value, 6));
        });
      },
    ),
  );
});
