import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { CsrMatrix } from '#core/data/csr-matrix';
import { chooseAnchors, entropies } from '#core/methods/kida/anchors';
import { anovaF } from '#core/methods/kida/anova';
import { Dropout } from '#core/methods/kida/dropout';
import { logHypergeometricTail } from '#core/methods/kida/hypergeometric';
import { centralities } from '#core/methods/kida/interpret/centralities';
import { geneNetwork } from '#core/methods/kida/interpret/gene-network';
import { qStatistic, rankRatios } from '#core/methods/kida/interpret/q-statistic';
import { rollout } from '#core/methods/kida/interpret/rollout';
import { specificSets } from '#core/methods/kida/interpret/specific-sets';
import { adjusted, incompleteBeta, welch } from '#core/methods/kida/interpret/welch';
import { normalised } from '#core/methods/kida/normalised';
import { geneMoments, standardised } from '#core/methods/kida/standardise';
import { clustering, distillation } from '#core/methods/kida/student-losses';
import { tokenBatch } from '#core/methods/kida/token-batch';
import { randomMask } from '#core/methods/kida/token-mask';
import { csrMatMul } from '#core/train/csr-mat-mul';
import { likeliest } from '#core/train/hold-out';
import { useEngine } from '#test/support/tensor-engines';

useEngine('wasm');

const seeds = fc.integer({ min: 0, max: 1e6 });
const runs = { numRuns: 25 };
const value = (scalar: tf.Tensor): number => scalar.dataSync()[0]!;

function randomRows(random: Random, rows: number, columns: number): CsrMatrix {
  const indptr = new Float64Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) if (random.uniform() < 0.4) indices.push(j);
    indptr[row + 1] = indices.length;
  }
  const values = Float32Array.from(indices, () => random.normal() + 1);
  return { rows, columns, indptr, indices: Uint32Array.from(indices), values };
}

function dense({ rows, columns, indptr, indices, values }: CsrMatrix): Float64Array[] {
  return Array.from({ length: rows }, (_, row) => {
    const out = new Float64Array(columns);
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) out[indices[p]!] = values[p]!;
    return out;
  });
}

describe('tokens', () => {
  test('are the masked sums of their genes, a shift included', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, withShift) => {
        tf.tidy(() => {
          const random = new Random(seed);
          const [genes, tokens, width] = [30, 5, 3];
          const mask = randomMask(genes, tokens, random);
          const matrix = randomRows(random, 4, genes);
          const shift = withShift ? Float32Array.from({ length: genes }, () => random.normal()) : undefined;
          const rows = Int32Array.of(2, 0, 2);
          const batch = tokenBatch(mask, { matrix, rows, shift });
          const weights = Float32Array.from({ length: mask.genes.length * width }, () => random.normal());
          const product = csrMatMul(batch.links, tf.tensor2d(weights, [mask.genes.length, width])).dataSync();
          const cells = dense(matrix);
          rows.forEach((row, i) => {
            for (let token = 0; token < tokens; token++) {
              for (let k = 0; k < width; k++) {
                let sum = 0;
                for (let link = mask.starts[token]!; link < mask.starts[token + 1]!; link++) {
                  const gene = mask.genes[link]!;
                  sum += (cells[row]![gene]! + (shift?.[gene] ?? 0)) * weights[link * width + k]!;
                }
                const always = withShift ? product[(rows.length * tokens + token) * width + k]! : 0;
                expect(product[(i * tokens + token) * width + k]! + always).toBeCloseTo(sum, 3);
              }
            }
          });
        });
      }),
      runs,
    );
  });
});

describe('genes', () => {
  test('of two labels have F = t², and a constant factor or summand changes nothing', async () => {
    const random = new Random(5);
    const matrix = randomRows(random, 30, 8);
    const label = Int32Array.from({ length: 30 }, (_, i) => (i < 12 ? 0 : 1));
    const F = await anovaF(matrix, label, 2);
    const rows = dense(matrix);
    for (let j = 0; j < 8; j++) {
      const of = (k: number): number[] => rows.filter((_, i) => label[i] === k).map((row) => row[j]!);
      const mean = (x: number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
      const squares = (x: number[]): number => x.reduce((a, b) => a + (b - mean(x)) ** 2, 0);
      const [a, b] = [of(0), of(1)];
      const pooled = (squares(a) + squares(b)) / 28;
      const t = (mean(a) - mean(b)) / Math.sqrt(pooled * (1 / 12 + 1 / 18));
      expect(F[j]).toBeCloseTo(t * t, 4);
    }
    const doubled = { ...matrix, values: matrix.values.map((x) => 2 * x) };
    (await anovaF(doubled, label, 2)).forEach((f, j) => expect(f).toBeCloseTo(F[j]!, 4));
  });

  test('that are constant have F 0, those that tell labels apart without spread infinite F; one label gives 0', async () => {
    const matrix: CsrMatrix = {
      rows: 4,
      columns: 3,
      indptr: Float64Array.of(0, 1, 2, 4, 6),
      indices: Uint32Array.of(0, 0, 0, 1, 0, 1),
      values: Float32Array.of(3, 3, 3, 1, 3, 1),
    };
    expect([...(await anovaF(matrix, Int32Array.of(0, 0, 1, 1), 2))]).toEqual([0, Infinity, 0]);
    expect([...(await anovaF(matrix, Int32Array.of(0, 0, 0, 0), 2))]).toEqual([0, 0, 0]);
  });

  test('are brought to mean 0 and deviation 1 by their own moments, and never beyond the cut-off', async () => {
    const random = new Random(6);
    const input = randomRows(random, 200, 6);
    const shift = Float32Array.from({ length: 6 }, () => 3 * random.normal());
    const moments = await geneMoments({ input, shift });
    const free = standardised({ input, shift }, moments, 1e6);
    const again = await geneMoments(free);
    again.mean.forEach((m) => expect(m).toBeCloseTo(0, 4));
    again.deviation.forEach((d) => expect(d).toBeCloseTo(1, 4));
    const cut = standardised({ input, shift }, moments, 0.75);
    for (const row of dense(cut.input as CsrMatrix)) {
      row.forEach((x, j) => expect(Math.abs(x + cut.shift![j]!)).toBeLessThanOrEqual(0.7500001));
    }
  });
});

test('the hypergeometric tail is the sum of its terms', () => {
  const choose = (n: number, k: number): number => {
    let product = 1;
    for (let i = 0; i < k; i++) product = (product * (n - i)) / (i + 1);
    return product;
  };
  for (const [hits, drawn, marked, all] of [
    [2, 5, 4, 12],
    [4, 6, 5, 9],
    [1, 3, 8, 30],
  ] as const) {
    let sum = 0;
    for (let k = hits; k <= Math.min(drawn, marked); k++) sum += choose(marked, k) * choose(all - marked, drawn - k);
    expect(Math.exp(logHypergeometricTail(hits, drawn, marked, all))).toBeCloseTo(sum / choose(all, drawn), 10);
  }
  expect(logHypergeometricTail(0, 5, 4, 12)).toBe(0);
  expect(logHypergeometricTail(5, 5, 4, 12)).toBe(-Infinity);
  expect(logHypergeometricTail(300, 3000, 300, 20_000)).toBeLessThan(-500); // far below what a float64 holds
});

describe('anchors', () => {
  test('are the surest of each predicted label, at most ⌈share·n⌉ of its n cells, at least one', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.1, 0.4, 1), fc.boolean(), (seed, share, ties) => {
        const random = new Random(seed);
        const [cells, labels] = [40, 3];
        const p = Float32Array.from({ length: cells * labels }, () => random.uniform() + 0.01);
        for (let cell = 0; cell < cells; cell++) {
          const row = p.subarray(cell * labels, (cell + 1) * labels);
          if (ties && cell % 2 === 0) row.set([0.75, 0.125, 0.125]);
          const sum = row.reduce((a, b) => a + b, 0);
          row.forEach((x, k) => (row[k] = x / sum));
        }
        const predicted = likeliest(p, labels);
        const { rows, perLabel } = chooseAnchors(p, predicted, labels, share, random);
        const entropy = entropies(p, labels);
        expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
        for (let k = 0; k < labels; k++) {
          const own = [...predicted.keys()].filter((cell) => predicted[cell] === k);
          const kept = own.filter((cell) => rows.includes(cell));
          const rest = own.filter((cell) => !rows.includes(cell));
          expect(kept).toHaveLength(perLabel[k]!);
          expect(kept.length).toBeLessThanOrEqual(Math.ceil(share * own.length));
          if (own.length > 0) expect(kept.length).toBeGreaterThanOrEqual(1);
          for (const cell of kept) for (const other of rest) expect(entropy[cell]).toBeLessThanOrEqual(entropy[other]!);
        }
      }),
      runs,
    );
  });
});

describe('losses of the student', () => {
  test('distillation is 0 where both agree up to a constant per row, and never below', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        tf.tidy(() => {
          const random = new Random(seed);
          const draw = (): tf.Tensor2D =>
            tf.tensor2d(
              Float32Array.from({ length: 12 }, () => random.normal()),
              [4, 3],
            );
          const [student, teacher] = [draw(), draw()];
          for (const direction of ['from-teacher', 'from-student'] as const) {
            const choices = {
              temperature: 3,
              distillationDirection: direction,
              distillationAverage: 'cells',
            } as const;
            expect(value(distillation(student, teacher, choices))).toBeGreaterThanOrEqual(-1e-6);
            expect(value(distillation(student, tf.add(student, 5), choices))).toBeCloseTo(0, 5);
          }
        });
      }),
      runs,
    );
  });

  test('clusters far apart overlap less than mixed ones; far distances keep a derivative; one label gives 0', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([
        [4, 0],
        [4, 0],
        [0, 4],
        [0, 4],
      ]);
      const apart = tf.tensor2d([
        [0, 0],
        [0.1, 0],
        [3, 3],
        [3, 3.1],
      ]);
      const mixed = tf.tensor2d([
        [0, 0],
        [3, 3],
        [0.1, 0],
        [3, 3.1],
      ]);
      for (const form of ['paper', 'code'] as const) {
        const [a, b] = [value(clustering(logits, apart, form)), value(clustering(logits, mixed, form))];
        expect(a).toBeGreaterThan(0);
        expect(a).toBeLessThan(b);
      }
      const far = tf.mul(mixed, 30);
      const derivative = tf
        .grad((c: tf.Tensor) => clustering(logits, c as tf.Tensor2D, 'paper'))(far)
        .dataSync();
      expect(derivative.some((d) => Math.abs(d) > 1e-6)).toBe(true);
      expect(value(clustering(tf.ones([3, 1]), tf.ones([3, 2]), 'paper'))).toBe(0);
    });
  });
});

describe('parts of the network', () => {
  test('a normalised row has mean 0 and variance 1; a constant one becomes 0 with finite derivatives', () => {
    tf.tidy(() => {
      const random = new Random(3);
      const x = tf.tensor2d(
        Float32Array.from({ length: 24 }, () => 4 * random.normal() + 2),
        [3, 8],
      );
      const y = normalised(x);
      expect(Math.max(...tf.abs(tf.mean(y, 1)).dataSync())).toBeLessThan(1e-5);
      for (const variance of tf.mean(tf.square(y), 1).dataSync()) expect(variance).toBeCloseTo(1, 3);
      const flat = tf.fill([2, 4], 3) as tf.Tensor2D;
      expect([...normalised(flat).dataSync()].every((z) => z === 0)).toBe(true);
      expect(
        [
          ...tf
            .grad((z: tf.Tensor) => normalised(z as tf.Tensor2D))(flat)
            .dataSync(),
        ].every(Number.isFinite),
      ).toBe(true);
    });
  });

  test('dropout leaves out the share asked for, keeps the mean and repeats for a seed', () => {
    tf.tidy(() => {
      const ones = tf.ones([100, 100]);
      const kept = new Dropout(5, 0.3, 0).values(ones).dataSync<'float32'>();
      const zeros = kept.filter((x) => x === 0).length;
      expect(zeros / 10_000).toBeCloseTo(0.3, 1);
      expect(kept.reduce((a, b) => a + b, 0) / 10_000).toBeCloseTo(1, 1);
      expect(new Dropout(5, 0.3, 0).values(ones).dataSync()).toEqual(kept);
      expect(new Dropout(6, 0.3, 0).values(ones).dataSync()).not.toEqual(kept);
      expect(new Dropout(5, 0, 0).values(ones)).toBe(ones);
    });
  });

  test('a rollout shares out what the class token does not keep: each row sums to less than 1', () => {
    tf.tidy(() => {
      const random = new Random(8);
      const draw = (rows: number): tf.Tensor4D =>
        tf.softmax(
          tf.tensor(
            Float32Array.from({ length: 2 * 3 * rows * 6 }, () => random.normal()),
            [2, 3, rows, 6],
          ),
        );
      const paths = rollout([draw(6), draw(6), draw(1)]).dataSync<'float32'>();
      for (const cell of [0, 1]) {
        const sum = paths.subarray(cell * 5, cell * 5 + 5).reduce((a, b) => a + b, 0);
        expect(sum).toBeGreaterThan(0);
        expect(sum).toBeLessThan(1);
      }
    });
  });
});

describe('tests of patterns', () => {
  test('the incomplete beta function is that of known cases', () => {
    for (const x of [0, 0.1, 0.5, 0.93, 1]) {
      expect(incompleteBeta(x, 1, 1)).toBeCloseTo(x, 12);
      expect(incompleteBeta(x, 2, 1)).toBeCloseTo(x * x, 12);
      expect(incompleteBeta(x, 7.5, 0.5) + incompleteBeta(1 - x, 0.5, 7.5)).toBeCloseTo(1, 12);
    }
    // one degree of freedom is Cauchy's distribution: two-sided p = 1 − (2/π) arctan t
    for (const t of [0.3, 1, 4]) {
      expect(incompleteBeta(1 / (1 + t * t), 0.5, 0.5)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    }
  });

  test("Welch's t of equal samples is 0, of unlike ones signed, without spread infinite, of single cells nothing", () => {
    const sample = (cells: number, mean: number, variance: number) => ({ cells, mean, variance });
    expect(welch(sample(5, 1, 2), sample(9, 1, 3))).toEqual({ t: 0, p: 1 });
    expect(welch(sample(5, 2, 0), sample(9, 1, 0))).toEqual({ t: Infinity, p: 0 });
    expect(welch(sample(1, 2, 0), sample(9, 1, 1))).toEqual({ t: 0, p: 1 });
    const [a, b] = [welch(sample(12, 3, 1), sample(30, 1, 2)), welch(sample(30, 1, 2), sample(12, 3, 1))];
    expect(a.t).toBeCloseTo(-b.t, 12);
    expect(a.p).toBeCloseTo(b.p, 12);
    expect(a.p).toBeLessThan(1e-4);
  });

  test('adjusted p-values are as published for an example, keep the order, and never fall below the plain ones', () => {
    expect([...adjusted(Float64Array.of(0.01, 0.04, 0.03, 0.005))]).toEqual([0.02, 0.04, 0.04, 0.02]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (p) => {
        const found = adjusted(Float64Array.from(p));
        p.forEach((own, i) => {
          expect(found[i]).toBeGreaterThanOrEqual(own);
          expect(found[i]).toBeLessThanOrEqual(1);
          p.forEach((other, j) => own <= other && expect(found[i]).toBeLessThanOrEqual(found[j]!));
        });
      }),
      runs,
    );
  });

  test('the sets that differ are found, in either direction or only where there is more', () => {
    const random = new Random(2);
    const label = Int32Array.from({ length: 60 }, (_, i) => i % 3);
    const attention = Float32Array.from({ length: 60 * 5 }, (_, i) => {
      const [cell, set] = [Math.floor(i / 5), i % 5];
      const own = label[cell] === 0 ? [0, 3, 0, -5, 0][set]! : 0;
      return own + random.normal();
    });
    const either = specificSets(attention, 5, label, 3);
    expect(either[0]!.slice(0, 2).map(({ set }) => set)).toEqual([3, 1]);
    expect(either[0]![0]!.t).toBeLessThan(0);
    const more = specificSets(attention, 5, label, 3, 2, 'more');
    expect(more[0]![0]!.set).toBe(1);
    expect(more[0]!.every(({ t, attention: a, elsewhere }) => t > 0 && a > elsewhere)).toBe(true);
    expect(specificSets(attention, 5, new Int32Array(60), 2)).toEqual([[], []]);
  });
});

describe('the network of genes', () => {
  test('has known centralities on a star and on a complete graph', () => {
    const star = centralities([Int32Array.of(1, 2, 3, 4), ...Array.from({ length: 4 }, () => Int32Array.of(0))]);
    expect([...star.degree]).toEqual([1, 0.25, 0.25, 0.25, 0.25]);
    expect([...star.betweenness]).toEqual([1, 0, 0, 0, 0]);
    expect(star.closeness[0]).toBe(1);
    expect(star.closeness[1]).toBeCloseTo(4 / 7, 12);
    expect(star.eigenvector[0]).toBeCloseTo(Math.SQRT1_2, 8);
    const complete = centralities([0, 1, 2, 3].map((v) => Int32Array.from([0, 1, 2, 3].filter((w) => w !== v))));
    for (const name of ['degree', 'eigenvector', 'pagerank', 'closeness'] as const) {
      for (const x of complete[name]) expect(x).toBeCloseTo(complete[name][0]!, 12);
    }
    expect([...complete.betweenness]).toEqual([0, 0, 0, 0]);
  });

  test('is empty without genes, and a gene without an embedding is linked with none', () => {
    expect(geneNetwork([], new Float64Array(0), 0.5)).toMatchObject({ edges: [], order: [] });
    const { edges } = geneNetwork(['a', 'b', 'c'], Float64Array.of(1, 0, 0, 0, 2, 0), 0.5);
    expect(edges.map(({ from, to }) => [from, to])).toEqual([[0, 2]]);
  });

  test('Q of a gene first in all five rankings is n⁻⁵, of one last 1, and falls as a rank does', () => {
    for (const n of [2, 10, 1000]) {
      expect(qStatistic(new Float64Array(5).fill(1 / n)) / n ** -5).toBeCloseTo(1, 6);
    }
    expect(qStatistic(new Float64Array(5).fill(1))).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 20 }), { minLength: 5, maxLength: 5 }), (ranks) => {
        const q = qStatistic(ranks.map((rank) => rank / 20));
        const better = qStatistic(ranks.map((rank, i) => (i === 2 ? rank - 1 : rank) / 20));
        expect(better).toBeLessThanOrEqual(q + 1e-12);
        expect(q).toBeLessThanOrEqual(1 + 1e-12);
      }),
      runs,
    );
  });

  test('rank ratios have the mean (n + 1)/2n, with ties too, and give the best 1/n', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 15 }), (values) => {
        const n = values.length;
        const ratios = rankRatios(Float64Array.from(values));
        expect(ratios.reduce((a, b) => a + b, 0) / n).toBeCloseTo((n + 1) / (2 * n), 10);
        values.forEach((a, i) => values.forEach((b, j) => a > b && expect(ratios[i]).toBeLessThan(ratios[j]!)));
      }),
      runs,
    );
    expect([...rankRatios(Float64Array.of(3, 9, 5))]).toEqual([1, 1 / 3, 2 / 3]);
  });
});
