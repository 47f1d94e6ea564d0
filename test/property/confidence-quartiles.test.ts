import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabelTransfer } from '#core/data/label-transfer';
import { UNKNOWN } from '#core/data/label-transfer';
import { applyThreshold } from '#core/transfer/apply-threshold';
import { confidenceQuartiles } from '#core/transfer/confidence-quartiles';

/** What the two functions look at: the confidence of each cell, and whether it has any value. */
const transferred = (cells: readonly { confidence: number; empty: boolean }[]): LabelTransfer =>
  ({
    labels: ['A'],
    query: {
      predicted: new Int32Array(cells.length),
      confidence: Float32Array.from(cells, ({ confidence }) => confidence),
      empty: Uint8Array.from(cells, ({ empty }) => (empty ? 1 : 0)),
    },
  }) as unknown as LabelTransfer;

const cells = fc.array(fc.record({ confidence: fc.constantFrom(0.2, 0.25, 0.5, 0.51, 0.98, 1), empty: fc.boolean() }), {
  minLength: 1,
  maxLength: 30,
});

test('at a threshold just below a quartile at least its share of the cells with values shows a label, at it fewer', () => {
  fc.assert(
    fc.property(cells, (given) => {
      const transfer = transferred(given);
      const quartiles = confidenceQuartiles(transfer);
      const withValues = given.filter(({ empty }) => !empty).length;
      expect(quartiles === null).toBe(withValues === 0);
      if (quartiles === null) return;
      const shown = (threshold: number): number =>
        applyThreshold(transfer, threshold).filter((label) => label !== UNKNOWN).length;
      for (const [name, share] of [
        ['upper', 1 / 4],
        ['median', 1 / 2],
        ['lower', 3 / 4],
      ] as const) {
        expect(shown(quartiles[name] - 1e-6)).toBeGreaterThanOrEqual(share * withValues);
        expect(shown(quartiles[name])).toBeLessThan(share * withValues);
      }
    }),
  );
});
