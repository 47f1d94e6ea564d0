import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Interval, IntervalIndex } from '#core/chromatin/interval-index';
import { stretchAt, stretchesOf } from '#core/chromatin/stretches';

/** Intervals that nest, repeat, touch, have no base, begin before the contig or reach far beyond it. */
const place = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 0, max: 30 })) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: 2 ** 31 - 40, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 99 })),
  },
  { weight: 1, arbitrary: fc.constant([3, 2 ** 40] as [number, number]) },
);
const interval = fc
  .tuple(fc.constantFrom('chr1', '1', 'chr2'), place)
  .map(([contig, [start, width]]): Interval => ({ contig, start, end: start + width }));
const position = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 2 ** 31 - 45, max: 2 ** 31 - 2 }));

test('the intervals of a stretch are those that hold the position', () => {
  fc.assert(
    fc.property(
      fc.array(interval, { maxLength: 30, size: 'max' }),
      fc.array(position, { minLength: 1 }),
      (intervals, positions) => {
        const stretches = stretchesOf(
          intervals.map(({ start }) => start),
          intervals.map(({ end }) => end),
          intervals.map((_, i) => i),
        );
        for (const at of positions) {
          const stretch = stretchAt(stretches, at);
          const found =
            stretch < 0 ? [] : [...stretches.members.subarray(stretches.first[stretch], stretches.first[stretch + 1])];
          expect(found).toEqual(intervals.flatMap(({ start, end }, i) => (start <= at && at < end ? [i] : [])));
          expect(found.length).toBeLessThanOrEqual(stretches.deepest);
        }
      },
    ),
  );
});

test('the index finds what shares a base, by rising start, whatever lies in what', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 40, size: 'max' }), interval, (intervals, asked) => {
      const found: number[] = [];
      new IntervalIndex(intervals).overlapping(asked.contig, asked.start, asked.end, (i) => found.push(i));
      const plain = (contig: string): string => contig.replace('chr', '');
      const expected = intervals.flatMap((other, i) =>
        plain(other.contig) === plain(asked.contig) &&
        Math.max(other.start, asked.start) < Math.min(other.end, asked.end)
          ? [i]
          : [],
      );
      expect(found.toSorted((a, b) => a - b)).toEqual(expected);
      const starts = found.map((i) => intervals[i]!.start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }),
  );
});
