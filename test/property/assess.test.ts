import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateLabels } from '#core/assess/evaluate-labels';
import { keyGeneHits } from '#core/assess/key-gene-hits';
import { auroc, averagePrecision, oscr } from '#core/assess/novelty';
import { partitionAgreement } from '#core/assess/partition-agreement';
import { silhouettes } from '#core/assess/silhouettes';
import { stratifiedSample } from '#core/assess/stratified-sample';
import { Random } from '#core/base/random';

fc.configureGlobal({ seed: 20261 });

const label = fc.constantFrom('a', 'b', 'c', 'd');
/** Confidences with many ties, as softmax values near 1 have in float32. */
const confidence = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const cell = fc.record({ truth: fc.option(label), predicted: fc.constantFrom('a', 'b', 'c'), confidence });
const cells = fc.array(cell, { maxLength: 60 });
type Cell = { truth: string | null; predicted: string; confidence: number };

const evaluate = (list: readonly Cell[]) =>
  evaluateLabels(
    list.map((c) => c.predicted),
    list.map((c) => c.truth),
    { referenceLabels: ['a', 'b', 'c'], confidence: list.map((c) => c.confidence) },
  );

describe('evaluateLabels', () => {
  test('does not depend on the order of the cells', () => {
    fc.assert(
      fc.property(cells, fc.integer(), (list, seed) => {
        const first = numbersIn(evaluate(list));
        const second = numbersIn(evaluate(new Random(seed).shuffle(list.slice())));
        expect(second.length).toBe(first.length);
        second.forEach(([name, value], i) => {
          if (name.endsWith('oscrReference')) return; // orders ties arbitrarily by design
          expect(name).toBe(first[i]![0]);
          expect(value).toBeCloseTo(first[i]![1], 10);
        });
      }),
    );
  });

  test('keeps every score within its bounds', () => {
    fc.assert(
      fc.property(cells, (list) => {
        const { closed, overallAccuracy, novelty } = evaluate(list);
        const { accuracy, macroF1, macroF1TrueLabels, weightedF1, nmiArithmetic, nmiGeometric } = closed;
        for (const score of [accuracy, macroF1, macroF1TrueLabels, weightedF1, nmiArithmetic, nmiGeometric]) {
          if (score === null) continue;
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
        for (const score of [closed.ari, closed.amiArithmetic, closed.amiMax]) {
          if (score !== null) expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
        if (macroF1 !== null) expect(macroF1).toBeLessThanOrEqual(macroF1TrueLabels! + 1e-12);
        if (overallAccuracy !== null && accuracy !== null) {
          expect(overallAccuracy).toBeLessThanOrEqual(accuracy + 1e-12);
        }
        if (novelty) {
          expect(novelty.oscr).toBeLessThanOrEqual(accuracy! + 1e-12);
          expect(novelty.oscr).toBeLessThanOrEqual(novelty.auroc + 1e-12);
          expect(novelty.aupr).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  test('counts every cell once in the confusion matrix', () => {
    fc.assert(
      fc.property(cells, (list) => {
        const { confusion, cells: counted } = evaluate(list);
        expect(confusion.counts.reduce((a, b) => a + b, 0)).toBe(counted.withTruth);
        expect(counted.withTruth).toBe(counted.shared + counted.novel);
      }),
    );
  });

  test('is not moved by cells without truth', () => {
    fc.assert(
      fc.property(cells, cell, (list, more) => {
        const without = evaluate(list);
        const { closed, novelty, overallAccuracy } = evaluate([...list, { ...more, truth: null }]);
        expect(closed).toEqual(without.closed);
        expect(novelty).toEqual(without.novelty);
        expect(overallAccuracy).toEqual(without.overallAccuracy);
      }),
    );
  });
});

describe('partitionAgreement', () => {
  const pairs = fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 40 });

  test('is symmetric, and 1 for equal partitions whatever their parts are called', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const first = list.map(([a]) => a);
        const second = list.map(([, b]) => b);
        const forth = partitionAgreement(first, second)!;
        const back = partitionAgreement(second, first)!;
        for (const score of ['ari', 'mutualInformation', 'nmiGeometric', 'amiMax', 'amiArithmetic'] as const) {
          expect(back[score]).toBeCloseTo(forth[score], 10);
        }
        const renamed = partitionAgreement(
          first,
          first.map((name) => `part ${name}`),
        )!;
        for (const score of ['ari', 'nmiArithmetic', 'nmiGeometric', 'amiMax', 'amiArithmetic'] as const) {
          expect(renamed[score]).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  test('expects the mutual information that random permutations have on average', () => {
    const first = [...'aaaaaabbbbccd'];
    const second = [...'xxxyyyxxyyzzx'];
    const random = new Random(7);
    let sum = 0;
    const draws = 20_000;
    for (let i = 0; i < draws; i++) sum += partitionAgreement(first, random.shuffle(second.slice()))!.mutualInformation;
    expect(sum / draws).toBeCloseTo(partitionAgreement(first, second)!.expectedMutualInformation, 2);
  });
});

describe('novelty scores', () => {
  const scored = fc.array(fc.tuple(confidence, fc.boolean()), { minLength: 2, maxLength: 40 });

  test('auroc equals the share of ordered pairs, ties counted half', () => {
    fc.assert(
      fc.property(scored, (list) => {
        const positives = list.filter(([, positive]) => positive).map(([score]) => score);
        const negatives = list.filter(([, positive]) => !positive).map(([score]) => score);
        const area = auroc(
          list.map(([score]) => score),
          list.map(([, positive]) => positive),
        );
        if (positives.length === 0 || negatives.length === 0) {
          expect(area).toBeNull();
          return;
        }
        let wins = 0;
        for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
        expect(area).toBeCloseTo(wins / (positives.length * negatives.length), 10);
      }),
    );
  });

  test('auroc of the negated score is its mirror image', () => {
    fc.assert(
      fc.property(scored, (list) => {
        const flags = list.map(([, positive]) => positive);
        const forth = auroc(
          list.map(([score]) => score),
          flags,
        );
        const back = auroc(
          list.map(([score]) => -score),
          flags,
        );
        if (forth !== null) expect(back).toBeCloseTo(1 - forth, 10);
      }),
    );
  });

  test('oscr equals the AUROC when every shared cell is right', () => {
    fc.assert(
      fc.property(fc.array(confidence, { minLength: 1 }), fc.array(confidence, { minLength: 1 }), (shared, novel) => {
        const area = oscr({
          sharedConfidence: shared,
          sharedRight: shared.map(() => true),
          novelConfidence: novel,
        });
        const flags = [...shared.map(() => false), ...novel.map(() => true)];
        expect(area).toBeCloseTo(
          auroc(
            [...shared, ...novel].map((c) => -c),
            flags,
          )!,
          10,
        );
      }),
    );
  });

  test('averagePrecision is 1 when every positive scores above every negative, and the base rate when all tie', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (positives, negatives) => {
        const flags = [...Array<boolean>(positives).fill(true), ...Array<boolean>(negatives).fill(false)];
        const score = flags.map((positive, i) => (positive ? 100 + i : i));
        expect(averagePrecision(score, flags)).toBeCloseTo(1, 12);
        expect(
          averagePrecision(
            flags.map(() => 0.5),
            flags,
          ),
        ).toBeCloseTo(positives / (positives + negatives), 12);
      }),
    );
  });
});

describe('silhouettes', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), fc.nat(2)), {
    minLength: 2,
    maxLength: 25,
  });

  test('lie between −1 and 1 and do not change when everything is doubled', () => {
    fc.assert(
      fc.property(points, (list) => {
        const groups = list.map(([, , group]) => group);
        const at = (factor: number) => Float32Array.from(list.flatMap(([x, y]) => [x * factor, y * factor]));
        const [score] = silhouettes(at(1), 2, [groups]);
        if (new Set(groups).size < 2) {
          expect(score).toBeNull();
          return;
        }
        expect(Math.abs(score!)).toBeLessThanOrEqual(1);
        expect(silhouettes(at(2), 2, [groups])[0]).toBeCloseTo(score!, 9);
      }),
    );
  });
});

describe('stratifiedSample', () => {
  test('keeps every stratum, in proportion, without repeats', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 20, max: 100 }),
        fc.integer(),
        (strata, size, seed) => {
          const chosen = Array.from(stratifiedSample(strata, size, new Random(seed)));
          expect(new Set(chosen).size).toBe(chosen.length);
          expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
          expect(new Set(chosen.map((i) => strata[i]))).toEqual(new Set(strata));
          if (strata.length <= size) {
            expect(chosen.length).toBe(strata.length);
            return;
          }
          expect(chosen.length).toBeGreaterThanOrEqual(size - 5);
          expect(chosen.length).toBeLessThanOrEqual(size + 5);
          for (const stratum of new Set(strata)) {
            const share = strata.filter((s) => s === stratum).length / strata.length;
            const kept = chosen.filter((i) => strata[i] === stratum).length;
            expect(Math.abs(kept - share * size)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe('keyGeneHits', () => {
  test('expects the hits that random determinant features make on average', () => {
    const features = Array.from({ length: 40 }, (_, i) => `f${i}`);
    const markers = new Map([['a', features.slice(0, 10)]]);
    const random = new Random(3);
    let hits = 0;
    let expectedHits = 0;
    const draws = 4000;
    for (let i = 0; i < draws; i++) {
      const chosen = Array.from(random.sample(40, 8), (f) => features[f]!);
      const [score] = keyGeneHits(features, new Map([['a', chosen]]), markers);
      hits += score!.hits;
      expectedHits = score!.expectedHits;
    }
    expect(expectedHits).toBe(2);
    expect(hits / draws).toBeCloseTo(expectedHits, 1);
  });
});

/** Every number of a nested result with its path, in the order of the fields. */
function numbersIn(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((entry, i) => numbersIn(entry, `${path}/${i}`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, entry]) => numbersIn(entry, `${path}/${name}`));
  }
  return [];
}
