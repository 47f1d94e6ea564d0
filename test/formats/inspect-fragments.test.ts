import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectStudy } from '#formats/inspect/inspect-study';
import { preflightText } from '#formats/inspect/preflight-text';
import { type SmallChromatin, writeSmallChromatin } from '#test/support/small-chromatin';

let folder: string;
let files: SmallChromatin;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-inspect-'));
  files = await writeSmallChromatin(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('tells barcodes, genome and what can be counted, and that there is no list of cells', async () => {
  const report = await inspectStudy({ path: files.fragments, repairs: [] });
  expect(report).toMatchObject({ format: 'fragments', cells: 260, sizeEstimated: true, modality: 'gene-activity' });
  expect(report.genome).toMatchObject({ build: 'hg38', style: 'chr' });
  expect(report.species.species).toBe('human');
  expect(report.slots.map(({ id }) => id)).toEqual(['gene-activity', 'weighted-gene-activity', 'windows-5000']);
  expect(report.findings.map(({ code }) => code)).toEqual(['cells.not-listed']);
  const text = preflightText(report);
  expect(text).toContain('about 260 barcodes × 19,343 features');
  expect(text).toContain('build hg38');
});

test('counts the cells of a list, shows its labels, and says how many of them are missing', async () => {
  const listed = await inspectStudy({ path: files.fragments, repairs: [], chromatin: { barcodes: files.cells } });
  expect(listed).toMatchObject({ cells: 60, sizeEstimated: false, findings: [] });
  expect(listed.labelColumns[0]).toMatchObject({ name: 'cell_type', role: 'candidate', distinct: 3 });
  const more = join(folder, 'more.csv');
  writeFileSync(more, readFileSync(files.cells));
  appendFileSync(
    more,
    Array.from({ length: 20 }, (_, i) => `TTTTTTTTTTTTTTT${'ACGT'[i % 4]}-${i + 2},Alpha\n`).join(''),
  );
  const missing = await inspectStudy({ path: files.fragments, repairs: [], chromatin: { barcodes: more } });
  expect(missing.findings).toEqual([
    expect.objectContaining({
      severity: 'warning',
      code: 'cells.listed-missing',
      text: expect.stringContaining('20 of the 80') as string,
    }),
  ]);
});

test('peaks that are named are read and compared with the contigs of the file', async () => {
  const bed = (name: string, lines: string[]): string => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
    return join(folder, name);
  };
  const look = (peaks: string, slot?: string) =>
    inspectStudy({
      path: files.fragments,
      repairs: slot === undefined ? [] : [{ kind: 'use-matrix', slot }],
      chromatin: { barcodes: files.cells, peaks },
    });
  const fitting = bed('peaks.bed', ['1\t1000\t2000', 'chr1\t3000\t4000', 'chr1\t3000\t4000']);
  const report = await look(fitting, 'peaks');
  expect(report).toMatchObject({ modality: 'peaks', features: 2, chosenSlot: 'peaks' });
  expect(report.findings.map(({ severity, text }) => [severity, text])).toEqual([['info', '2 peaks in peaks.bed.']]);
  const some = await look(bed('some.bed', ['chr1\t1000\t2000', 'chrZ\t3000\t4000']));
  expect(some.findings[0]).toMatchObject({ severity: 'warning', code: 'peaks.other-contigs' });
  expect(some.findings[0]!.text).toContain('1 of the 2 peaks in some.bed (chr1, chrZ)');
  const none = await look(bed('none.bed', ['chrZ\t3000\t4000']));
  expect(none.findings[0]).toMatchObject({ severity: 'problem', code: 'peaks.other-contigs' });
  await expect(look(files.cells)).rejects.toThrow('cells.csv');
});

test('a genome that cannot be told is a problem for genes and none for windows; a named one is taken', async () => {
  const path = join(folder, 'few.tsv');
  writeFileSync(
    path,
    'chr1\t1000\t1200\tAAACCCAAGGTT-1\t1\nchr1\t5000\t5100\tAAACCCAAGGTT-1\t1\nchr1\tx\t5100\tAAACCCAAGGTT-1\t1\n' +
      'chr1\t1\t2\tAAACCCAAGGTT-1\t1\n'.repeat(60),
  );
  const genes = await inspectStudy({ path, repairs: [] });
  expect(genes.findings.map(({ severity, code }) => [severity, code])).toEqual([
    ['problem', 'genome.unknown'],
    ['warning', 'fragments.malformed'],
    ['info', 'cells.not-listed'],
  ]);
  expect(genes.findings[1]!.text).toContain('Line 3');
  const windows = await inspectStudy({ path, repairs: [{ kind: 'use-matrix', slot: 'windows-5000' }] });
  expect(windows.findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
  expect(windows.modality).toBe('peaks');
  const named = await inspectStudy({ path, repairs: [], chromatin: { annotation: 'GRCh38' } });
  expect(named.genome.build).toBe('hg38');
  expect(named.findings.filter(({ severity }) => severity === 'problem')).toEqual([]);
});

test('a title and single damaged lines do not hide that it is fragments; a table of counts is none', async () => {
  const lines = readFileSync(files.fragments, 'utf8').split('\n');
  const damaged = join(folder, 'damaged.tsv');
  writeFileSync(
    damaged,
    ['chrom\tstart\tend\tbarcode\tcount', ...lines.slice(0, 40), 'chr1\t12', ...lines.slice(40)].join('\n'),
  );
  const report = await inspectStudy({ path: damaged, repairs: [] });
  expect([report.format, report.findings[0]?.code]).toEqual(['fragments', 'fragments.malformed']);
  const counts = join(folder, 'counts.tsv');
  const genes = ['CD3E', 'CD19', 'MS4A1', 'NKG7', 'LYZ', 'CD8A'];
  writeFileSync(counts, ['gene\tc1\tc2\tc3', ...genes.map((gene, i) => `${gene}\t${i}\t${i + 3}\t0`), ''].join('\n'));
  expect((await inspectStudy({ path: counts, repairs: [] })).format).toBe('csv');
});
