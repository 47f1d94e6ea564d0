import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { columnTexts } from '#core/data/column';
import { simulatePair } from '#core/simulate/simulate-pair';
import { programmeName, simulatedGeneSets } from '#core/simulate/simulated-gene-sets';
import { readGeneSets } from '#formats/gene-sets/read-gene-sets';
import { readStudy } from '#formats/read-study';

const pair = simulatePair();
const place = (name: string): string => fileURLToPath(new URL(`../../resources/sample-study/${name}`, import.meta.url));

describe('the sample study', () => {
  test.each([
    ['reference.h5ad', pair.reference, 'cell_type'],
    ['query.h5ad', pair.query, 'true_label'],
    ['query_peaks.h5ad', pair.queryPeaks, null],
  ] as const)('%s holds what the generator draws with its default options', async (name, drawn, column) => {
    const shipped = await readStudy({ path: place(name), repairs: [] });

    expect(shipped.modality).toBe(drawn.modality);
    expect(shipped.valueKind).toBe('counts');
    expect(shipped.species).toBe('unknown');
    expect(shipped.features.idType).toBe(drawn.features.idType);
    expect(shipped.cells.ids).toEqual(drawn.cells.ids);
    expect(shipped.features.ids).toEqual(drawn.features.ids);
    expect(shipped.matrix).toEqual(drawn.matrix);
    if (column !== null) {
      expect(columnTexts(shipped.cells.columns.get(column)!)).toEqual(columnTexts(drawn.cells.columns.get(column)!));
    }
  });

  test('has gene sets of the generator: the programme of each label, and others drawn at random', async () => {
    const shipped = await readGeneSets(place('gene_sets.gmt'));
    expect(shipped).toEqual(simulatedGeneSets(pair));
    for (const label of pair.truth.labels) {
      const own = shipped.sets.find(({ name }) => name === programmeName(label))!;
      expect([...own.genes].sort()).toEqual([...pair.truth.markers[label]!].sort());
    }
  });

  test('is small enough to ship and says in its README that it is simulated and how', () => {
    const files = ['reference.h5ad', 'query.h5ad', 'query_peaks.h5ad'];
    expect(files.reduce((sum, name) => sum + statSync(place(name)).size, 0)).toBeLessThan(3e6);
    const readme = readFileSync(place('README.md'), 'utf8');
    expect(readme).toContain('Simulated, not measured');
    expect(readme).toContain(JSON.stringify(pair.options));
    for (const name of files) expect(readme).toContain(name);
  });

  test('lacks one label in the reference and has a label of 2 % in the query', () => {
    expect(pair.truth.reference).not.toContain(pair.truth.novel);
    expect(pair.truth.query.filter((label) => label === 'Ember').length / 1200).toBeCloseTo(0.02, 3);
  });
});
