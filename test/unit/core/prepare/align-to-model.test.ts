import { describe, expect, test } from 'vitest';
import { alignPair } from '#core/prepare/align-pair';
import { alignToModel, type ModelInput } from '#core/prepare/align-to-model';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { transforms } from '#core/data/preparation-choices';
import type { StudyInMemory } from '#core/data/study';
import { denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';
import { geneNames, studyOf, type StudyParts, textColumn, typedCounts, typedLabels } from './small-study.ts';

const GENES = 150;
const never = { ...exactNeighbours, search: () => Promise.reject(new Error('searched')) };

function queryOf(parts: Partial<StudyParts> = {}): StudyInMemory {
  return studyOf({ name: 'query.h5ad', dense: typedCounts(45, GENES, 3, 2), genes: geneNames(GENES), ...parts });
}

/** A query on the features of a model that was trained on all genes. */
function align(query: StudyInMemory, more: Partial<ModelInput> = {}): ReturnType<typeof alignToModel> {
  const features = geneNames(GENES);
  return alignToModel({
    ...{ query, features, labels: ['type A', 'type B', 'type C'], scenario: 'rna-rna', trainedFor: 'rna' },
    side: {
      ...{ name: 'the model of reference.h5ad', modality: 'rna', species: 'human' },
      features: { ids: features, names: features, idType: 'symbol', columns: new Map() },
    },
    choices: { transform: 'lognorm', topFeatures: null, neighbours: 5, distance: 'manhattan' },
    ...{ graph: false, seed: 7, neighbours: never },
    ...more,
  });
}

const warnings = ({ pair }: Awaited<ReturnType<typeof align>>): string[] =>
  pair.notes.filter((note) => note.severity === 'warning').map((note) => note.text);

describe('a query on the features of a model', () => {
  test.each(transforms)('is the same as beside the reference (%s), with the same neighbours', async (transform) => {
    const reference = studyOf({
      ...{ name: 'reference.h5ad', dense: typedCounts(60, GENES, 3, 1), genes: geneNames(GENES) },
      columns: { cell_type: textColumn(typedLabels(60, 3)) },
    });
    const query = queryOf({ genes: geneNames(GENES).reverse() });
    const choices = { transform, topFeatures: 120, neighbours: 5, distance: 'manhattan' } as const;
    const services = { seed: 7, neighbours: exactNeighbours };
    const pair = await alignPair({
      ...{ reference, query, labelColumn: 'cell_type', scenario: 'rna-rna', choices },
      ...services,
    });
    const names = { ids: pair.featureIds!, names: pair.features, idType: 'symbol', columns: new Map() } as const;
    const side = { name: 'model', modality: 'rna', species: 'human', features: names } as const;
    const alone = await align(query, { side, features: pair.features, choices, graph: true, ...services });
    expect(pair.features.length).toBeLessThan(GENES);
    expect(alone.missing).toBe(0);
    expect(inMemory(alone.pair.query.input)).toEqual(inMemory(pair.query.input));
    expect(alone.pair.query.shift).toEqual(pair.query.shift);
    expect(alone.pair.query.neighbours).toEqual(pair.query.neighbours);
    expect(warnings(alone)).toEqual([]);
  });

  test('has the model’s features in their order, those it lacks as zero, and says how many these are', async () => {
    const whole = await align(queryOf());
    const kept = geneNames(GENES).filter((_, i) => i % 3 !== 1);
    const dense = typedCounts(45, GENES, 3, 2).map((row) => row.filter((_, i) => i % 3 !== 1));
    const part = await align(queryOf({ genes: [...kept, 'OTHER'], dense: dense.map((row) => [...row, 9]) }));
    expect(part.missing).toBe(50);
    expect(part.pair.features).toEqual(geneNames(GENES));
    const expected = denseOf(inMemory(whole.pair.query.counts)).map((row) => row.map((v, i) => (i % 3 === 1 ? 0 : v)));
    expect(denseOf(inMemory(part.pair.query.counts))).toEqual(expected);
    expect(warnings(part)).toEqual([
      '50 of the 150 features of the model are missing in query.h5ad and count as zero.',
    ]);
    expect(part.pair.reference.cells).toEqual([]);
  });

  test('of which only a few are missing is told so without a warning', async () => {
    const some = await align(queryOf({ genes: geneNames(GENES, 3) }));
    expect(some.missing).toBe(3);
    expect(warnings(some)).toEqual([]);
    expect(some.pair.notes.some(({ text }) => text.startsWith('3 of the 150 features of the model'))).toBe(true);
  });

  test('sums counts of features that occur twice', async () => {
    const dense = typedCounts(45, GENES, 3, 2);
    const twice = await align(
      queryOf({ genes: ['GENE4.1', ...geneNames(GENES)], dense: dense.map((row) => [1, ...row]) }),
    );
    const renamed = await align(
      queryOf({ genes: ['gene4', ...geneNames(GENES)], dense: dense.map((row) => [1, ...row]) }),
    );
    const column = (pair: typeof twice.pair): number[] => denseOf(inMemory(pair.query.counts)).map((row) => row[4]!);
    expect(column(twice.pair)).toEqual(dense.map((row) => row[4]!)); // another name
    expect(column(renamed.pair)).toEqual(dense.map((row) => row[4]! + 1)); // the same in another case
  });

  test('is refused by the rules of a pair: too few shared features, other kinds, another species, one cell', async () => {
    const few = queryOf({ genes: geneNames(GENES, 80) }); // 70 of 150 are there, 75 are needed
    await expect(align(few)).rejects.toMatchObject({
      code: 'preparing.too-few-shared-features',
      details: { shared: 70, needed: 75 },
    });
    const peaks = geneNames(GENES).map((_, i) => `chr1:${1000 * i}-${1000 * i + 500}`);
    await expect(align(queryOf({ genes: peaks, modality: 'peaks', idType: 'coordinates' }))).rejects.toMatchObject({
      code: 'preparing.features-of-different-kinds',
    });
    const mouse = geneNames(GENES).map((name) => `${name[0]}${name.slice(1).toLowerCase()}`);
    await expect(align(queryOf({ genes: mouse, species: 'mouse' }))).rejects.toMatchObject({
      code: 'preparing.species-differ',
    });
    await expect(align(queryOf({ dense: typedCounts(1, GENES, 3, 2) }))).rejects.toMatchObject({
      code: 'preparing.too-few-cells',
    });
  });

  test('of another modality on the same genes goes through with a warning', async () => {
    const activity = await align(queryOf({ modality: 'gene-activity' }));
    expect(warnings(activity)).toEqual([
      'The model was trained to label RNA; query.h5ad holds gene activity from open chromatin.',
    ]);
  });
});
