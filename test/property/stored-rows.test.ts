import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { AlignedPair, AlignedSide } from '#core/data/aligned-pair';
import { collectRows } from '#core/data/collect-rows';
import { type CsrMatrix, takeColumns } from '#core/data/csr-matrix';
import { isInMemory, type RowStore, type SparseRows } from '#core/data/sparse-rows';
import type { Study } from '#core/data/study';
import { alignPair } from '#core/prepare/align-pair';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { featureMoments } from '#core/prepare/feature-moments';
import { lsi } from '#core/prepare/lsi';
import { networkInput } from '#core/prepare/network-input';
import { pca } from '#core/prepare/pca';
import { rawEmbedding } from '#core/prepare/query-graph';
import { stackStudies } from '#core/prepare/stack-studies';
import { tfIdf } from '#core/prepare/tf-idf';
import { normalisedVariances } from '#core/prepare/variable-features';
import { transforms } from '#core/data/preparation-choices';
import { labelExpression } from '#core/interpret/label-expression';
import { countMatrix, csrOf } from '#test/support/arbitrary-matrix';
import { inMemory, storedRows } from '#test/support/stored-rows';
import { geneNames, studyOf, textColumn, typedCounts } from '../unit/core/prepare/small-study.ts';

const blockRows = fc.integer({ min: 1, max: 13 });

async function check(statement: (matrix: CsrMatrix, stored: SparseRows) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(countMatrix, blockRows, (matrix, perBlock) =>
    statement(matrix, storedRows(matrix, perBlock)),
  );
  await fc.assert(property, { seed: 20_263, numRuns: 60 });
}

/** All rows, wherever they lie. */
async function everyRow(rows: SparseRows): Promise<CsrMatrix> {
  return isInMemory(rows) ? rows : rows.take(Array.from({ length: rows.rows }, (_, row) => row));
}

describe('what is computed from stored rows has the bits of what is computed in memory', () => {
  test('moments and normalised variances', async () => {
    await check(async (matrix, stored) => {
      expect(await featureMoments(stored)).toEqual(await featureMoments(matrix));
      expect(await normalisedVariances(stored)).toEqual(await normalisedVariances(matrix));
    });
  });

  test.each(transforms)('network input by %s', async (transform) => {
    await check(async (values, stored) => {
      const side = { name: 'study', cells: [], features: [], valueKind: 'counts', values } as const;
      const wanted = await networkInput(side, transform);
      const found = await networkInput({ ...side, values: stored }, transform);
      expect(await everyRow(found.input)).toEqual(await everyRow(wanted.input));
      expect(found.shift).toEqual(wanted.shift);
      expect(found.notes).toEqual(wanted.notes);
    });
  });

  test('TF-IDF', async () => {
    await check(async (matrix, stored) => {
      expect(await everyRow(await tfIdf(stored))).toEqual(await everyRow(await tfIdf(matrix)));
    });
  });

  test('expression by label', async () => {
    await check(async (matrix, stored) => {
      const label = Int32Array.from({ length: matrix.rows }, (_, row) => row % 3);
      const [wanted, found] = await Promise.all(
        [matrix, stored].map(async (rows) => {
          const shown = await labelExpression(rows, label, 3);
          return shown.flatMap((of) =>
            Array.from({ length: matrix.columns }, (_, j) => [of.logFoldChange(j), of.detectionRate(j)]),
          );
        }),
      );
      expect(found).toEqual(wanted);
    });
  });

  test('several studies as one, whichever of them are stored', async () => {
    const parts = [typedCounts(9, 30, 3, 1), typedCounts(5, 30, 3, 2), typedCounts(7, 30, 3, 3)].map((dense, i) =>
      studyOf({
        name: `s${i}.h5ad`,
        dense,
        genes: geneNames(30, i),
        cellIds: dense.map((_, cell) => `s${i}c${cell}`),
      }),
    );
    const wanted = await everyRow(stackStudies(parts).matrix);
    for (const which of [[0], [1, 2], [0, 1, 2]]) {
      const some: Study[] = parts.map((study, i) =>
        which.includes(i) ? { ...study, matrix: storedRows(study.matrix, 4) } : study,
      );
      const { matrix } = stackStudies(some);
      expect(await everyRow(matrix)).toEqual(wanted);
      expect(isInMemory(matrix)).toBe(false);
    }
  });

  test.each([
    [null, 'lognorm-scaled'],
    [90, 'binarise'],
  ] as const)(
    'a prepared pair (%s features chosen, %s), though genes are in another order, repeated and unlabelled',
    async (topFeatures, transform) => {
      const genes = geneNames(120);
      const labels = Array.from({ length: 50 }, (_, i) => (i % 7 === 3 ? null : `type ${i % 3}`));
      const reference = studyOf({
        name: 'r.h5ad',
        dense: typedCounts(50, 120, 3, 1),
        genes,
        columns: { cell_type: textColumn(labels) },
      });
      const order = new Random(3).shuffle(Array.from({ length: 130 }, (_, j) => j));
      const query = studyOf({
        name: 'q.h5ad',
        dense: typedCounts(40, 130, 3, 2),
        genes: order.map((j) => (j < 125 ? `GENE${j}` : `ID${j}`)),
        symbols: order.map((j) => (j < 125 ? `GENE${j}` : `GENE${j - 125}`)), // five genes have two columns
      });
      const aligned = (stored: boolean, store?: RowStore): Promise<AlignedPair> =>
        alignPair({
          reference: stored ? { ...reference, matrix: storedRows(reference.matrix, 6) } : reference,
          query: stored ? { ...query, matrix: storedRows(query.matrix, 7) } : query,
          labelColumn: 'cell_type',
          scenario: 'rna-rna',
          choices: { transform, topFeatures, neighbours: 5, distance: 'manhattan' },
          seed: 7,
          neighbours: exactNeighbours,
          store,
        });
      const inStore: RowStore = {
        valuesInMemory: 0,
        keep: async (rows, shape) => storedRows(inMemory(await collectRows(rows, shape, undefined)), 5),
      };
      const wanted = await plain(await aligned(false));
      expect(wanted.features.length).toBeGreaterThan(30);
      expect(await plain(await aligned(true))).toEqual(wanted);
      expect(await plain(await aligned(true, inStore))).toEqual(wanted);
    },
  );

  /** The pair with all rows in memory. */
  async function plain(pair: AlignedPair): Promise<AlignedPair> {
    const side = async <S extends AlignedSide>(of: S): Promise<S> => ({
      ...of,
      counts: await everyRow(of.counts),
      input: await everyRow(of.input),
    });
    return { ...pair, reference: await side(pair.reference), query: await side(pair.query) };
  }

  test('a value that may not be is told with its cell', async () => {
    const values = csrOf([[1], [1], [-2], [1]]);
    const cells = ['a', 'b', 'c', 'd'];
    const side = {
      name: 'study',
      cells,
      features: ['g'],
      valueKind: 'unknown',
      values: storedRows(values, 2),
    } as const;
    await expect(networkInput(side, 'lognorm')).rejects.toMatchObject({
      details: { cell: 'c', value: -2, feature: 'g' },
    });
  });
});

describe('reductions of stored rows agree with those in memory', () => {
  /** Groups of different strength, so that no two components coincide. */
  function grouped(rows: number, columns: number): CsrMatrix {
    const random = new Random(5);
    const strength = [0, 4, 9, 16, 30];
    return csrOf(
      Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_column, j) =>
          random.uniform() < 0.5 ? 1 + random.below(3) + (i % 5 === j % 5 ? strength[i % 5]! : 0) : 0,
        ),
      ),
    );
  }

  function expectAlike(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
    const largest = Math.max(...Array.from(wanted, Math.abs));
    expect(found.length).toBe(wanted.length);
    Array.from(wanted).forEach((value, i) => expect(Math.abs(found[i]! - value) / largest).toBeLessThan(tolerance));
  }

  test('principal components', async () => {
    const matrix = grouped(90, 60);
    const wanted = await pca(matrix, 4, { seed: 1 });
    const found = await pca(storedRows(matrix, 7), 4, { seed: 1 });
    expect(found.rank).toBe(4);
    expectAlike(found.singularValues, wanted.singularValues, 1e-6);
    expectAlike(found.scores, wanted.scores, 1e-5);
    expectAlike(found.loadings, wanted.loadings, 1e-5);
  });

  test('principal components of any matrix keep the distances of the cells', async () => {
    await check(async (matrix, stored) => {
      const [wanted, found] = await Promise.all([matrix, stored].map((rows) => pca(rows, 99, { seed: 3 })));
      const gram = ({ scores, rank }: { scores: ArrayLike<number>; rank: number }): number[] =>
        Array.from({ length: matrix.rows ** 2 }, (_, at) => {
          const [i, j] = [Math.floor(at / matrix.rows), at % matrix.rows];
          return Array.from({ length: rank }, (_c, c) => scores[i * rank + c]! * scores[j * rank + c]!).reduce(
            (a, b) => a + b,
            0,
          );
        });
      const scale = Math.max(1, wanted!.singularValues[0]! ** 2);
      const other = gram(found!);
      gram(wanted!).forEach((value, at) => expect(Math.abs(value - other[at]!) / scale).toBeLessThan(1e-5));
    });
  });

  test('LSI, of few columns and of so many that it goes over the rows for each round', async () => {
    for (const columns of [60, 4100]) {
      const matrix = grouped(14, columns); // so few rows that both are exact
      const wanted = await lsi(matrix, 3, { seed: 2 });
      const found = await lsi(storedRows(matrix, 7), 3, { seed: 2 });
      expect(found.width).toBe(2);
      expectAlike(found.scores, wanted.scores, 1e-5);
    }
  });

  test('the space of the query, which does not depend on how the file orders its features', async () => {
    const study = studyOf({ dense: typedCounts(60, 80, 3, 4), genes: geneNames(80) });
    const order = new Random(3).shuffle(Uint32Array.from({ length: 80 }, (_, j) => j));
    const ids = Array.from(order, (j) => study.features.ids[j]!);
    for (const modality of ['rna', 'peaks'] as const) {
      const own = { ...study, modality };
      const shuffled = { ...own, features: { ...own.features, ids }, matrix: takeColumns(own.matrix, order) };
      const wanted = await rawEmbedding(own, { seed: 1 });
      expect(await rawEmbedding(shuffled, { seed: 1 })).toEqual(wanted);
      const found = await rawEmbedding({ ...own, matrix: storedRows(own.matrix, 7) }, { seed: 1 });
      const other = await rawEmbedding({ ...shuffled, matrix: storedRows(shuffled.matrix, 7) }, { seed: 1 });
      expect([found.width, found.how]).toEqual([wanted.width, wanted.how]);
      const near = (values: Float32Array): string => JSON.stringify(neighboursOf(values, wanted.width));
      expect(near(found.values)).toBe(near(wanted.values));
      expect(near(other.values)).toBe(near(wanted.values));
    }
  });

  /** The nearest other row of each row. */
  function neighboursOf(values: Float32Array, width: number): number[] {
    const rows = values.length / width;
    const apart = (i: number, j: number): number =>
      Array.from({ length: width }, (_, c) => (values[i * width + c]! - values[j * width + c]!) ** 2).reduce(
        (a, b) => a + b,
        0,
      );
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: rows }, (_row, j) => j)
        .filter((j) => j !== i)
        .reduce((best, j) => (apart(i, j) < apart(i, best) ? j : best)),
    );
  }
});
