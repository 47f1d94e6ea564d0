import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntervalIndex } from '#core/chromatin/interval-index';

const interval = fc
  .tuple(fc.constantFrom('chr1', 'chr2'), fc.nat(60), fc.integer({ min: 1, max: 30 }))
  .map(([contig, start, width]) => ({ contig, start, end: start + width }));

test('the index finds exactly the intervals that a look at every one finds', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 40 }), interval, (intervals, asked) => {
      const found: number[] = [];
      new IntervalIndex(intervals).overlapping(asked.contig, asked.start, asked.end, (i) => found.push(i));
      const expected = intervals.flatMap((other, i) =>
        other.contig === asked.contig && other.start < asked.end && other.end > asked.start ? [i] : [],
      );
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});
