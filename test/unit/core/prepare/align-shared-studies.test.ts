import { describe, expect, test } from 'vitest';
import { columnTexts } from '#core/data/column';
import type { Study } from '#core/data/study';
import { alignPair } from '#core/prepare/align-pair';
import { matchReport } from '#core/prepare/match-report';
import { neighbourAgreement } from '#core/prepare/neighbour-agreement';
import { createNeighbourSearch } from '#engine/neighbours/neighbour-search';
import { readStudy } from '#formats/read-study';
import { hasSharedData, sharedData } from '#test/support/shared-data';

const read = (path: string): Promise<Study> => readStudy({ path: sharedData(path), repairs: [] });
const common = { seed: 1, neighbours: createNeighbourSearch() } as const;

describe.skipIf(!hasSharedData)('development studies', () => {
  test('mouse cortex RNA → gene activity, with the graph from the peaks of the query', async () => {
    const reference = await read('mouse-cortex-snare/rna_reference.h5ad');
    const query = await read('mouse-cortex-snare/gene_activity_query.h5ad');
    const input = {
      ...common,
      reference,
      query,
      labelColumn: 'cell_type',
      scenario: 'rna-atac',
      choices: { transform: 'binarise', topFeatures: null, neighbours: 10, distance: 'manhattan' },
    } as const;
    const truth = columnTexts(query.cells.columns.get('cell_type')!);
    const genes = await alignPair(input);
    expect(genes.features).toHaveLength(1677);
    expect(genes.labels).toHaveLength(15);
    expect(genes.notes.filter((note) => note.severity === 'warning')).toEqual([]);

    const peaks = await alignPair({ ...input, queryPeaks: await read('mouse-cortex-snare/peaks_query.h5ad') });
    const agreement = neighbourAgreement(peaks.query.neighbours, truth);
    expect(agreement).toBeGreaterThan(neighbourAgreement(genes.query.neighbours, truth));
  });

  test('pbmc 4k → 3k, where the query is log-normalised already', async () => {
    const reference = await read('pbmc-10x/pbmc4k.h5ad');
    const query = await read('pbmc-10x/pbmc3k.h5ad');
    expect(matchReport(reference, query)).toMatchObject({ verdict: 'good', sharedFeatures: 13179 });
    const pair = await alignPair({
      ...common,
      reference,
      query,
      labelColumn: 'cell_type_broad',
      scenario: 'rna-rna',
      choices: { transform: 'lognorm', topFeatures: null, neighbours: 10, distance: 'manhattan' },
    });
    expect(pair.features).toHaveLength(13179);
    expect(pair.query.input).toBe(pair.query.counts);
    const truth = columnTexts(query.cells.columns.get('cell_type_broad')!);
    expect(neighbourAgreement(pair.query.neighbours, truth)).toBeGreaterThan(0.9);
  });
});
