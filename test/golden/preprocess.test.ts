import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { binarise } from '#core/prepare/binarise';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { log1p } from '#core/prepare/log1p';
import { lognorm } from '#core/prepare/lognorm';
import { pca } from '#core/prepare/pca';
import { randomisedSvd } from '#core/prepare/randomised-svd';
import { lsi } from '#core/prepare/lsi';
import { scale, shiftedRow } from '#core/prepare/scale';
import { tfIdf } from '#core/prepare/tf-idf';
import { mostVariable, normalisedVariances } from '#core/prepare/variable-features';
import { csrOf, denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';

interface Preprocess {
  readonly tolerance: { readonly float32: number };
  readonly inputs: { readonly counts: number[][] };
  readonly expected: {
    readonly binary: number[][];
    readonly log1p: number[][];
    readonly lognorm_1e4: number[][];
    readonly lognorm_scaled_max10: number[][];
    readonly lognorm_scaled_clip6: number[][];
    readonly tfidf_log1p_1e4: number[][];
    readonly lsi_singular_values: number[];
    readonly lsi_abs_cell_scores: number[][];
    readonly pca_abs_scores: number[][];
    readonly manhattan_3nn_of_lognorm: number[][];
  };
}

const golden = JSON.parse(readFileSync(new URL('preprocess.json', import.meta.url), 'utf8')) as Preprocess;
const { inputs, expected } = golden;
const counts = csrOf(inputs.counts);
/** Matrices hold float32, so that tolerance applies: max |a − b| / max(1, max |b|). */
const tolerance = golden.tolerance.float32;

function expectClose(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - actual[i]!)));
  expect(worst / largest).toBeLessThanOrEqual(tolerance);
}

describe('per-cell steps', () => {
  test('binarise gives 1 for every count above 0', () => {
    expect(denseOf(binarise(counts))).toEqual(expected.binary);
  });
  test('log1p is ln(1 + x)', () => {
    expectClose(denseOf(log1p(counts)).flat(), expected.log1p.flat());
  });
  test('lognorm brings every cell to ten thousand counts', () => {
    expectClose(denseOf(lognorm(counts)).flat(), expected.lognorm_1e4.flat());
  });
});

describe('scale', () => {
  test.each([
    [10, expected.lognorm_scaled_max10],
    [6, expected.lognorm_scaled_clip6],
  ])('with clip %d equals the z-score of each feature', async (clip, wanted) => {
    const scaled = await scale(lognorm(counts), clip);
    expectClose(
      wanted.flatMap((_, row) => [...shiftedRow({ ...scaled, sparse: inMemory(scaled.sparse) }, row)]),
      wanted.flat(),
    );
  });
});

describe('reductions', () => {
  test('TF-IDF', async () => {
    expectClose(denseOf(inMemory(await tfIdf(counts))).flat(), expected.tfidf_log1p_1e4.flat());
  });

  test('LSI has the singular values and, up to sign, the cell scores', async () => {
    const size = expected.lsi_singular_values.length;
    const svd = await randomisedSvd(inMemory(await tfIdf(counts)), size, { seed: 1 });
    expectClose(svd.singularValues, expected.lsi_singular_values);
    expectClose(svd.scores.map(Math.abs), expected.lsi_abs_cell_scores.flat());
  });

  test('LSI as used leaves out component 1', async () => {
    const { width, scores } = await lsi(counts, 4, { seed: 1 });
    expect(width).toBe(3);
    expectClose(
      scores.map(Math.abs),
      expected.lsi_abs_cell_scores.flatMap((row) => row.slice(1, 4)),
    );
  });

  test('PCA has, up to sign, the cell scores', async () => {
    const wanted = expected.pca_abs_scores;
    const { rank, scores } = await pca(lognorm(counts), wanted[0]!.length, { seed: 1 });
    expect(rank).toBe(wanted[0]!.length);
    expectClose(scores.map(Math.abs), wanted.flat());
  });
});

test('the 3 nearest cells by Manhattan distance', async () => {
  const level = denseOf(lognorm(counts));
  const { indices } = await exactNeighbours.search(Float32Array.from(level.flat()), level[0]!.length, 3, 'manhattan');
  expect([...indices]).toEqual(expected.manhattan_3nn_of_lognorm.flat());
});

describe('seurat_v3', async () => {
  const reference = JSON.parse(readFileSync(new URL('seurat-v3.json', import.meta.url), 'utf8')) as {
    counts: number[][];
    variances_norm: number[];
    ranking: number[];
    chosen: number[];
  };
  const scores = await normalisedVariances(csrOf(reference.counts));

  test('normalised variances are those of scanpy', () => {
    const worst = Math.max(...reference.variances_norm.map((v, j) => Math.abs(v - scores[j]!) / Math.max(1, v)));
    expect(worst).toBeLessThan(1e-9);
  });
  test('features are ranked as scanpy ranks them', () => {
    expect([...mostVariable(scores, scores.length)]).toEqual(reference.ranking);
  });
  test('the most variable quarter is the one scanpy chooses', () => {
    const quarter = mostVariable(scores, reference.chosen.length);
    expect([...quarter].sort((a, b) => a - b)).toEqual(reference.chosen);
  });
});
