import { describe, expect, test } from 'vitest';
import { inspectStudy } from '#formats/inspect/inspect-study';
import type { PreflightReport } from '#formats/inspect/preflight-report';
import { preflightText } from '#formats/inspect/preflight-text';
import type { Repair } from '#formats/inspect/repair';
import { readStudy } from '#formats/read-study';
import { hasSharedData, sharedData } from '#test/support/shared-data';

const inspect = (path: string, repairs: Repair[] = [], labelsFile?: string): Promise<PreflightReport> =>
  inspectStudy({
    path: sharedData(path),
    repairs,
    ...(labelsFile === undefined ? {} : { labelsFile: sharedData(labelsFile) }),
  });
const finding = (report: PreflightReport, code: string) => report.findings.find((found) => found.code === code);

describe.skipIf(!hasSharedData)('inspectStudy on real studies', () => {
  test('tells log-normalised values by sums of 10 000 and finds nothing to repair (pbmc3k)', async () => {
    const report = await inspect('pbmc-10x/pbmc3k.h5ad');
    expect(report.values.kind).toBe('log-normalised');
    expect(report.values.evidence).toContain('10,000');
    expect([report.modality, report.species.species, report.idType]).toEqual(['rna', 'human', 'symbol']);
    expect(report.labelColumns[0]).toMatchObject({ name: 'cell_type', role: 'candidate', distinct: 9, missing: 0 });
    expect(report.labelColumns[0]!.counts.reduce((sum, { cells }) => sum + cells, 0)).toBe(report.cells);
    expect(report.findings).toEqual([]);
  });

  test('tells counts in a folder without labels, and says that a reference needs them (pbmc4k)', async () => {
    const report = await inspect('pbmc-10x/pbmc4k');
    expect([report.cells, report.features, report.values.kind]).toEqual([2170, 33694, 'counts']);
    expect(finding(report, 'labels.none')).toBeDefined();
    const labelled = await inspect('pbmc-10x/pbmc4k', [], 'pbmc-10x/pbmc4k/labels.csv');
    expect(labelled.labelsFile!.matched).toBe(2170);
    expect(finding(labelled, 'labels.none')).toBeUndefined();
    expect(labelled.labelColumns[0]).toMatchObject({ from: 'labels-file', role: 'candidate' });
  });

  test('offers to leave out cells whose label names no kind of cell (pbmc4k)', async () => {
    const found = finding(await inspect('pbmc-10x/pbmc4k.h5ad'), 'labels.no-kind')!;
    expect(found.severity).toBe('warning');
    // another column of the file says "?"
    expect(found.repair).toEqual({ kind: 'drop-labels', labels: expect.arrayContaining(['unknown']) as string[] });
    expect(found.text).toContain('20 cells of cell_type "?", 20 cells of cell_type_broad "unknown"');
    const repaired = await inspect('pbmc-10x/pbmc4k.h5ad', [found.repair!]);
    expect(finding(repaired, 'labels.no-kind')).toBeUndefined();
  });

  test('offers the raw matrix in place of a scaled one, and reads it when the repair is chosen (pbmc68k, 0.5)', async () => {
    const path = 'readers/h5ad/anndata_0.5_pbmc68k.h5ad';
    const scaled = finding(await inspect(path), 'values.scaled')!;
    expect(scaled.severity).toBe('warning');
    expect(scaled.repair).toEqual({ kind: 'use-matrix', slot: 'raw/X' });
    const repaired = await inspect(path, [scaled.repair!]);
    expect(repaired.values.kind).toBe('log-normalised');
    expect(finding(repaired, 'values.scaled')).toBeUndefined();
  });

  test('offers a layer of counts beside log-normalised values (zellkonverter)', async () => {
    const found = finding(await inspect('readers/h5ad/zellkonverter_pbmc_dense.h5ad'), 'values.counts-elsewhere');
    expect(found!.repair).toEqual({ kind: 'use-matrix', slot: 'layers/counts' });
  });

  test.each([
    ['rna_reference.h5ad', 'rna', 'symbol', 'mouse', 'none'],
    ['gene_activity_query.h5ad', 'gene-activity', 'symbol', 'mouse', 'none'],
    ['peaks_query.h5ad', 'peaks', 'coordinates', 'unknown', 'chr'],
  ])('mouse-cortex-snare/%s is %s by %s of %s, contigs %s', async (file, modality, idType, species, style) => {
    const report = await inspect(`mouse-cortex-snare/${file}`);
    expect([report.modality, report.idType, report.species.species, report.genome.style]).toEqual([
      modality,
      idType,
      species,
      style,
    ]);
    expect(report.values.kind).toBe('counts');
    expect(report.labelColumns.filter(({ role }) => role === 'candidate').map(({ name }) => name)).toContain(
      'cell_type',
    );
    expect(report.labelColumns.find(({ name }) => name === 'barcode')!.role).not.toBe('candidate');
  });

  test('Ensembl ids are a finding whose repair gives symbols (cell lines)', async () => {
    const path = 'cell-lines-mixology/dropseq.h5ad';
    const found = finding(await inspect(path), 'features.ensembl')!;
    expect(found.repair).toEqual({ kind: 'map-ensembl-to-symbols' });
    const repaired = await inspect(path, [found.repair!]);
    expect(repaired.idType).toBe('symbol');
    expect(finding(repaired, 'features.ensembl')).toBeUndefined();

    const study = await readStudy({ path: sharedData(path), repairs: [found.repair!] });
    expect(study.features.ids).toContain('GAPDH');
    expect(new Set(study.features.ids).size).toBe(study.features.ids.length);
    expect(study.features.columns.get('ensembl_id')).toMatchObject({ kind: 'text' });
  });

  test('a table of genes × cells is turned over by its names', async () => {
    const study = await readStudy({
      path: sharedData('cell-lines-mixology/dropseq_counts.csv.gz'),
      labelsFile: sharedData('cell-lines-mixology/dropseq_labels.csv'),
      repairs: [],
    });
    const same = await readStudy({ path: sharedData('cell-lines-mixology/dropseq.h5ad'), repairs: [] });
    expect(study.cells.ids).toEqual(same.cells.ids);
    expect(study.matrix).toEqual(same.matrix);
    expect([...study.cells.columns.keys()]).toContain('cell_type');
  });

  test('a file without a matrix is a report with one problem', async () => {
    const report = await inspect('readers/h5ad/anndata_0.11_no_x.h5ad');
    expect(report.chosenSlot).toBeNull();
    expect(report.findings.map(({ severity, code }) => [severity, code])).toEqual([['problem', 'matrix.none']]);
  });

  test('two modalities are offered to each other (multiome)', async () => {
    const found = finding(await inspect('readers/derived/snare_multiome.h5'), 'modality.another')!;
    expect(found.repair).toEqual({ kind: 'use-matrix', slot: 'matrix (Peaks)' });
    const peaks = await inspect('readers/derived/snare_multiome.h5', [found.repair!]);
    expect([peaks.modality, peaks.features]).toEqual(['peaks', 5000]);
  });

  test('the card names the option that applies each repair', async () => {
    const text = preflightText(await inspect('readers/h5ad/anndata_0.5_pbmc68k.h5ad'));
    expect(text).toContain('700 cells × 765 features');
    expect(text).toContain('repair: --matrix raw/X');
    expect(text).toContain('bulk_labels (10)');
    expect(preflightText(await inspect('cell-lines-mixology/dropseq.h5ad'))).toContain(
      '--repair map-ensembl-to-symbols',
    );
  });

  test('the report is plain data: what JSON keeps of it is all of it', async () => {
    const report = await inspect('readers/derived/snare_multiome.h5');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
