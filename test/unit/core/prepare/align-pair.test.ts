import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/cancel';
import { Random } from '#core/base/random';
import type { AlignedPair } from '#core/data/aligned-pair';
import { rowSums, takeColumns } from '#core/data/csr-matrix';
import type { PreparationChoices } from '#core/data/preparation-choices';
import type { StudyInMemory } from '#core/data/study';
import { semiLT } from '#core/methods/semilt/index';
import { semiLTSettings } from '#core/methods/semilt/settings';
import { alignPair, type PairInput } from '#core/prepare/align-pair';
import { exactNeighbours } from '#core/prepare/exact-neighbours';
import { lognorm } from '#core/prepare/lognorm';
import { neighbourAgreement } from '#core/prepare/neighbour-agreement';
import { denseOf } from '#test/support/arbitrary-matrix';
import { inMemory } from '#test/support/stored-rows';
import { geneNames, studyOf, type StudyParts, textColumn, typedCounts, typedLabels } from './small-study.ts';

const GENES = 150;
const TYPES = 3;

const choices: PreparationChoices = { transform: 'lognorm', topFeatures: null, neighbours: 5, distance: 'manhattan' };

function referenceOf(parts: Partial<StudyParts> = {}): StudyInMemory {
  const dense = parts.dense ?? typedCounts(60, GENES, TYPES, 1);
  return studyOf({
    name: 'reference.h5ad',
    dense,
    genes: geneNames(GENES),
    columns: { cell_type: textColumn(typedLabels(dense.length, TYPES)) },
    ...parts,
  });
}

function queryOf(parts: Partial<StudyParts> = {}): StudyInMemory {
  return studyOf({ name: 'query.h5ad', dense: typedCounts(45, GENES, TYPES, 2), genes: geneNames(GENES), ...parts });
}

function align(reference: StudyInMemory, query: StudyInMemory, more: Partial<PairInput> = {}): Promise<AlignedPair> {
  return alignPair({
    reference,
    query,
    labelColumn: 'cell_type',
    scenario: 'rna-rna',
    choices,
    seed: 7,
    neighbours: exactNeighbours,
    ...more,
  });
}

const warnings = (pair: AlignedPair): string[] =>
  pair.notes.filter((note) => note.severity === 'warning').map((note) => note.text);

describe('a sound pair', () => {
  test('has an empty graph, and no search is made, for a method that looks at no neighbours', async () => {
    const never = { ...exactNeighbours, search: () => Promise.reject(new Error('searched')) };
    const pair = await align(referenceOf(), queryOf(), { choices: { ...choices, neighbours: 0 }, neighbours: never });
    expect(pair.query.neighbours).toEqual({ k: 0, indices: new Int32Array(0) });
  });

  test('keeps the untrained space of the query, that of its peaks where they are given, for a method that asks', async () => {
    const query = queryOf();
    expect((await align(referenceOf(), query)).query.space).toBeUndefined();
    const wanted = { choices: { ...choices, space: true } };
    const own = await align(referenceOf(), query, wanted);
    expect(own.query.space!.values).toHaveLength(45 * own.query.space!.width);
    const queryPeaks = { ...queryOf({ dense: typedCounts(45, GENES, TYPES, 3) }), modality: 'peaks' as const };
    const byPeaks = await align(referenceOf(), query, { ...wanted, queryPeaks });
    expect(byPeaks.query.space!.width).toBe(29); // LSI components 2–30
    expect(byPeaks.query.space!.values).toHaveLength(45 * 29);
    expect(semiLT.preparation(semiLTSettings.parse({}), 'rna-atac').space).toBe(true);
    const none = { choices: { ...choices, neighbours: 0, space: true } };
    expect((await align(referenceOf(), query, none)).query.space).toBeUndefined();
  });

  test('has the same features on both sides, numbered labels and a graph that keeps types together', async () => {
    const query = queryOf();
    const pair = await align(referenceOf(), query);
    expect(pair.features).toEqual(geneNames(GENES));
    expect(pair.labels).toEqual(['type A', 'type B', 'type C']);
    expect([...pair.reference.label.slice(0, 4)]).toEqual([0, 1, 2, 0]);
    expect(pair.query.input).toEqual(lognorm(inMemory(pair.query.counts)));
    expect(pair.query.neighbours.k).toBe(5);
    expect(neighbourAgreement(pair.query.neighbours, typedLabels(45, TYPES))).toBeGreaterThan(0.95);
    expect(warnings(pair)).toEqual([]);
  });

  test('is the same whatever the order of the features of the query', async () => {
    const query = queryOf();
    const order = new Random(3).shuffle(Int32Array.from({ length: GENES }, (_, j) => j));
    const ids = Array.from(order, (j) => query.features.ids[j]!);
    const shuffled = {
      ...query,
      features: { ...query.features, ids, names: ids },
      matrix: takeColumns(query.matrix, order),
    };
    expect(await align(referenceOf(), shuffled)).toEqual(await align(referenceOf(), query));
  });

  test('counts stay as read whatever the transform', async () => {
    const query = queryOf();
    const pair = await align(referenceOf(), query, { choices: { ...choices, transform: 'binarise' } });
    expect(pair.query.counts).toEqual(query.matrix);
    expect(Math.max(...inMemory(pair.query.input).values)).toBe(1);
  });

  test('scaled input stays sparse and is cut off at ten standard deviations', async () => {
    const pair = await align(referenceOf(), queryOf(), { choices: { ...choices, transform: 'lognorm-scaled' } });
    const { shift, counts } = pair.query;
    const input = inMemory(pair.query.input);
    expect(input.indices).toEqual(inMemory(counts).indices);
    const scaled = Array.from(input.values, (value, p) => value + shift![input.indices[p]!]!);
    expect(Math.max(...scaled)).toBeLessThanOrEqual(10 + 1e-5);
    for (let feature = 0; feature < input.columns; feature++) {
      let sum = shift![feature]! * input.rows;
      input.indices.forEach((j, p) => (sum += j === feature ? input.values[p]! : 0));
      expect(Math.abs(sum / input.rows)).toBeLessThan(1e-4); // every feature has mean 0 within its study
    }
  });

  test('stops when it is cancelled', async () => {
    await expect(align(referenceOf(), queryOf(), { signal: { aborted: true } })).rejects.toBeInstanceOf(Cancelled);
  });
});

describe('labels', () => {
  test('a column that is not there is answered with the columns that are', async () => {
    await expect(align(referenceOf(), queryOf(), { labelColumn: 'celltype' })).rejects.toMatchObject({
      code: 'preparing.no-such-label-column',
      message: 'reference.h5ad has no column "celltype". Its columns are: cell_type.',
    });
  });

  test('cells without a label are left out, and said so', async () => {
    const labels: (string | null)[] = typedLabels(60, TYPES);
    labels[0] = null;
    labels[4] = 'NA';
    labels[9] = ' ';
    const pair = await align(referenceOf({ columns: { cell_type: textColumn(labels) } }), queryOf());
    expect(pair.reference.cells).toHaveLength(57);
    expect(pair.reference.cells).not.toContain('cell4');
    expect(pair.reference.label).toHaveLength(57);
    expect(warnings(pair)).toEqual(['3 of 60 cells of reference.h5ad have no label and were left out.']);
  });

  test('a column without any label is refused', async () => {
    const columns = { cell_type: textColumn(new Array<null>(60).fill(null)) };
    await expect(align(referenceOf({ columns }), queryOf())).rejects.toMatchObject({ code: 'preparing.no-labels' });
  });

  test('a column of names is refused as labels', async () => {
    const columns = { cell_type: textColumn(Array.from({ length: 60 }, (_, i) => `barcode ${i}`)) };
    await expect(align(referenceOf({ columns }), queryOf())).rejects.toMatchObject({
      code: 'preparing.labels-all-different',
    });
  });

  test('a single label goes through with a warning', async () => {
    const columns = { cell_type: textColumn(new Array<string>(60).fill('T cell')) };
    const pair = await align(referenceOf({ columns }), queryOf());
    expect(pair.labels).toEqual(['T cell']);
    expect(warnings(pair)[0]).toContain('only the label "T cell"');
  });

  test('a label with one cell goes through with a warning that names it', async () => {
    const labels = typedLabels(60, TYPES);
    labels[7] = 'rare';
    const pair = await align(referenceOf({ columns: { cell_type: textColumn(labels) } }), queryOf());
    expect(pair.labels).toContain('rare');
    expect(warnings(pair)).toEqual(['Only one cell in the reference has the label "rare"; it can hardly be learned.']);
  });

  test('labels that name no kind of cell are pointed out with the repair that leaves them out', async () => {
    const labels = typedLabels(60, TYPES).map((label, i) => (i % 6 === 0 ? 'unknown' : i % 6 === 1 ? '?' : label));
    const pair = await align(referenceOf({ columns: { cell_type: textColumn(labels) } }), queryOf());
    expect(pair.labels).toContain('unknown');
    expect(warnings(pair)).toEqual([expect.stringContaining('"?", "unknown"')]);
    expect(warnings(pair)[0]).toContain('drop-labels=?|unknown');
  });

  test('labels are numbered in code-point order', async () => {
    const labels = Array.from({ length: 60 }, (_, i) => ['é', 'B', 'a', '\u{1F600}', '\uFF21'][i % 5]!);
    const pair = await align(referenceOf({ columns: { cell_type: textColumn(labels) } }), queryOf());
    expect(pair.labels).toEqual(['B', 'a', 'é', '\uFF21', '\u{1F600}']);
  });
});

describe('features', () => {
  test('nothing in common is refused with names of both sides', async () => {
    await expect(align(referenceOf(), queryOf({ genes: geneNames(GENES, 1000) }))).rejects.toMatchObject({
      code: 'preparing.no-shared-features',
      message: expect.stringContaining('GENE0, GENE1, GENE2 against GENE1000') as string,
    });
  });

  test('nine matching genes never yield labels', async () => {
    const genes = [...geneNames(9), ...geneNames(GENES - 9, 1000)];
    await expect(align(referenceOf(), queryOf({ genes }))).rejects.toMatchObject({
      code: 'preparing.too-few-shared-features',
      message: expect.stringContaining('share 9 features; at least 75') as string,
    });
    const panel = queryOf({ genes: geneNames(9), dense: typedCounts(45, 9, TYPES, 2) });
    await expect(align(referenceOf(), panel)).rejects.toMatchObject({ code: 'preparing.too-few-shared-features' });
  });

  test('a panel of forty genes goes through with a warning', async () => {
    const panel = queryOf({ genes: geneNames(40), dense: typedCounts(45, 40, TYPES, 2) });
    const pair = await align(referenceOf(), panel);
    expect(pair.features).toHaveLength(40);
    expect(warnings(pair)[0]).toContain('40 features are shared');
  });

  test('human and mouse are refused', async () => {
    const genes = geneNames(GENES).map((name) => name[0]! + name.slice(1).toLowerCase());
    await expect(align(referenceOf(), queryOf({ genes, species: 'mouse' }))).rejects.toMatchObject({
      code: 'preparing.species-differ',
      message: 'reference.h5ad holds human genes and query.h5ad holds mouse genes.',
    });
  });

  test('a species that was told wrongly does not stand in the way of equal names', async () => {
    const pair = await align(referenceOf(), queryOf({ species: 'mouse' }));
    expect(pair.features).toHaveLength(GENES);
    expect(warnings(pair)[0]).toContain('most gene names agree');
  });

  test('case is ignored within a species and kept where the species is not known', async () => {
    const genes = geneNames(GENES).map((name) => name.toLowerCase());
    const pair = await align(referenceOf(), queryOf({ genes }));
    expect(pair.features).toEqual(geneNames(GENES));
    expect(pair.notes.map((note) => note.text)).toContain('150 of them differ in upper and lower case only.');
    await expect(align(referenceOf(), queryOf({ genes, species: 'unknown' }))).rejects.toMatchObject({
      code: 'preparing.no-shared-features',
    });
  });

  test('Ensembl ids match without their versions, and symbols beside them match a study of symbols', async () => {
    const ids = geneNames(GENES).map((_, j) => `ENSG${String(j).padStart(11, '0')}`);
    const reference = referenceOf({ genes: ids.map((id) => `${id}.3`), symbols: geneNames(GENES), idType: 'ensembl' });
    const versions = await align(reference, queryOf({ genes: ids.map((id) => `${id}.12`), idType: 'ensembl' }));
    expect(versions.features).toEqual(geneNames(GENES));
    const symbols = await align(reference, queryOf());
    expect(symbols.features).toEqual(geneNames(GENES));
  });

  test('repeated features are summed where they are counts', async () => {
    const dense = typedCounts(45, GENES + 1, TYPES, 2);
    const genes = [...geneNames(GENES), 'GENE3.copy'];
    const symbols = [...geneNames(GENES), 'GENE3'];
    const pair = await align(referenceOf(), queryOf({ dense, genes, symbols }));
    expect(denseOf(inMemory(pair.query.counts)).map((row) => row[3])).toEqual(
      dense.map((row) => row[3]! + row[GENES]!),
    );
  });

  test('of repeated features the first is taken where values are log-normalised', async () => {
    const dense = typedCounts(45, GENES + 1, TYPES, 2);
    const genes = [...geneNames(GENES), 'GENE3.copy'];
    const symbols = [...geneNames(GENES), 'GENE3'];
    const pair = await align(referenceOf(), queryOf({ dense, genes, symbols, valueKind: 'log-normalised' }));
    expect(denseOf(inMemory(pair.query.counts)).map((row) => row[3])).toEqual(dense.map((row) => row[3]));
  });

  test('genes and peaks cannot be compared', async () => {
    const peaks = geneNames(GENES).map((_, j) => `chr1:${j * 1000}-${j * 1000 + 500}`);
    await expect(
      align(referenceOf(), queryOf({ genes: peaks, modality: 'peaks', idType: 'coordinates' })),
    ).rejects.toMatchObject({ code: 'preparing.features-of-different-kinds' });
  });

  test('peaks match whatever way their coordinates are written', async () => {
    const colon = geneNames(GENES).map((_, j) => `chr1:${j * 1000}-${j * 1000 + 500}`);
    const dashes = colon.map((text) => text.replace('chr', '').replaceAll(':', '-'));
    const as = { modality: 'peaks', idType: 'coordinates' } as const;
    const pair = await align(referenceOf({ genes: colon, ...as }), queryOf({ genes: dashes, ...as }));
    expect(pair.features).toEqual(colon);
    expect(pair.notes.at(-1)!.text).toContain('LSI components 2–30');
  });
});

describe('the most variable features', () => {
  const few = { ...choices, topFeatures: 120 };

  test('are chosen on each side and ordered by rank in the reference', async () => {
    const pair = await align(referenceOf(), queryOf(), { choices: few });
    expect(pair.features.length).toBeLessThanOrEqual(120);
    expect(pair.features.length).toBeGreaterThanOrEqual(60);
    expect(pair.features).not.toEqual([...pair.features].sort());
    const again = await align(referenceOf(), queryOf(), { choices: few });
    expect(again.features).toEqual(pair.features);
  });

  test('are chosen by the side that has counts where the other has not', async () => {
    const pair = await align(referenceOf(), queryOf({ valueKind: 'log-normalised' }), { choices: few });
    expect(pair.features).toHaveLength(120);
    expect(warnings(pair)[0]).toContain('query.h5ad are not counts');
  });

  test('are refused when too few agree', async () => {
    await expect(align(referenceOf(), queryOf(), { choices: { ...choices, topFeatures: 10 } })).rejects.toMatchObject({
      code: 'preparing.too-few-variable-features',
    });
  });
});

describe('values', () => {
  test('log-normalised values are taken as they are', async () => {
    const query = queryOf({ valueKind: 'log-normalised' });
    const pair = await align(referenceOf(), query);
    expect(pair.query.input).toEqual(query.matrix);
    expect(pair.notes.map((note) => note.text)).toContain(
      'query.h5ad is log-normalised already and was taken as it is.',
    );
  });

  test.each(['lognorm', 'log1p', 'binarise', 'lognorm-scaled'] as const)(
    'scaled values are refused for %s, with cell, feature and value',
    async (transform) => {
      const dense = typedCounts(45, GENES, TYPES, 2);
      dense[4]![8] = -1.5;
      await expect(
        align(referenceOf(), queryOf({ dense, valueKind: 'scaled' }), { choices: { ...choices, transform } }),
      ).rejects.toMatchObject({
        code: 'preparing.values-negative',
        message: expect.stringContaining('-1.5 for GENE8 in cell cell4') as string,
      });
    },
  );

  test('scaled values go through untransformed', async () => {
    const dense = typedCounts(45, GENES, TYPES, 2).map((row) => row.map((value) => value - 0.5));
    const query = queryOf({ dense, valueKind: 'scaled' });
    const pair = await align(referenceOf(), query, { choices: { ...choices, transform: 'none' } });
    expect(pair.query.input).toEqual(query.matrix);
  });
});

describe('cells', () => {
  test('an empty query cell stays, is said to be empty, and has neighbours', async () => {
    const dense = typedCounts(45, GENES, TYPES, 2);
    dense[5] = new Array<number>(GENES).fill(0);
    const pair = await align(referenceOf(), queryOf({ dense }));
    expect(pair.query.cells).toHaveLength(45);
    expect(rowSums(inMemory(pair.query.input))[5]).toBe(0);
    expect(warnings(pair)).toEqual([
      '1 of 45 cells of query.h5ad have none of the 150 features used; nothing can be said about them.',
    ]);
  });

  test('a query with as many cells as neighbours gets fewer of them', async () => {
    const pair = await align(referenceOf(), queryOf({ dense: typedCounts(5, GENES, TYPES, 2) }));
    expect(pair.query.neighbours.k).toBe(4);
    expect(warnings(pair)).toContain('query.h5ad has 5 cells, so each has 4 neighbours instead of 5.');
  });

  test('a query of one cell is refused', async () => {
    await expect(align(referenceOf(), queryOf({ dense: typedCounts(1, GENES, TYPES, 2) }))).rejects.toMatchObject({
      code: 'preparing.too-few-cells',
    });
  });

  test('a reference with one labelled cell is refused', async () => {
    const labels: (string | null)[] = new Array<null>(60).fill(null);
    labels[3] = 'T cell';
    await expect(align(referenceOf({ columns: { cell_type: textColumn(labels) } }), queryOf())).rejects.toMatchObject({
      code: 'preparing.too-few-cells',
    });
  });
});

describe("the query's own peaks", () => {
  const peakNames = Array.from({ length: 80 }, (_, j) => `chr2:${j * 1000}-${j * 1000 + 400}`);
  const cellIds = Array.from({ length: 45 }, (_, i) => `cell${44 - i}`);
  const peaks = studyOf({
    name: 'peaks.h5ad',
    modality: 'peaks',
    idType: 'coordinates',
    genes: peakNames,
    cellIds,
    dense: typedCounts(45, 80, TYPES, 9).reverse(),
  });

  test('make the graph, their cells matched by name', async () => {
    const pair = await align(referenceOf(), queryOf(), { queryPeaks: peaks });
    expect(pair.notes.at(-1)!.text).toContain('LSI components 2–30 of peaks.h5ad');
    expect(neighbourAgreement(pair.query.neighbours, typedLabels(45, TYPES))).toBeGreaterThan(0.8);
  });

  test('match cells that differ in the suffix of the barcode only', async () => {
    const suffixed = { ...peaks, cells: { ...peaks.cells, ids: cellIds.map((id) => `${id}-1`) } };
    const pair = await align(referenceOf(), queryOf(), { queryPeaks: suffixed });
    const plain = await align(referenceOf(), queryOf(), { queryPeaks: peaks });
    expect(pair.query.neighbours).toEqual(plain.query.neighbours);
  });

  test('must hold every query cell', async () => {
    const others = { ...peaks, cells: { ...peaks.cells, ids: cellIds.map((id, i) => (i < 3 ? `other${i}` : id)) } };
    await expect(align(referenceOf(), queryOf(), { queryPeaks: others })).rejects.toMatchObject({
      code: 'preparing.cells-without-peaks',
      message: '3 of the 45 cells of query.h5ad are not in peaks.h5ad, for example cell42.',
    });
  });
});
