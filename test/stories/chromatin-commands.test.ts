import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunSummaryFile } from '#compute/run-record';
import type { WrittenActivity } from '#compute/write-chromatin';
import type { HarmonisePlan } from '#core/chromatin/harmonise-plan';
import { readStudy } from '#formats/read-study';
import { type SmallChromatin, writeSmallChromatin } from '#test/support/small-chromatin';

const cli = join('src-main', 'cli.ts');

let folder: string;
let files: SmallChromatin;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cellpredx-chromatin-'));
  files = await writeSmallChromatin(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

function cellpredx(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('annotate with fragments', () => {
  test('goes from fragments, a list of cells and an RNA study to labels; the fragments stay as they were', () => {
    const before = hashOf(files.fragments);
    const out = join(folder, 'labels');
    const done = cellpredx(
      ...['annotate', '--reference', files.rna, '--query', files.fragments, '--barcodes', files.cells],
      ...['--label', 'cell_type', '--truth', 'cell_type', '--set', 'steps=60', '--no-figures', '--out', out, '--json'],
    );
    expect(done.stderr).not.toMatch(/error/i);
    expect(done.code).toBe(0);
    const summary = JSON.parse(done.stdout) as RunSummaryFile;
    expect(summary).toMatchObject({ scenario: 'rna-atac', cells: { query: 60 } });
    expect(summary.metrics!.accuracy).toBeGreaterThan(0.85);
    expect(summary.inputs.map(({ role }) => role)).toEqual(['reference', 'query', 'barcodes']);
    const notes = summary.notes.map(({ text }) => text).join('\n');
    expect(notes).toContain('The genome of fragments.tsv was taken to be hg38');
    expect(notes).toContain('windows of fragments.tsv'); // the neighbours come from the fragments themselves
    expect(hashOf(files.fragments)).toBe(before);
  });

  test('without a list tells cells by their fragments, and draws how', () => {
    const out = join(folder, 'called');
    const done = cellpredx(
      ...['annotate', '--reference', files.rna, '--query', files.fragments, '--minimum-fragments', '50'],
      ...['--label', 'cell_type', '--set', 'steps=20', '--out', out, '--json'],
    );
    expect(done.code).toBe(0);
    expect((JSON.parse(done.stdout) as RunSummaryFile).cells.query).toBe(60);
    expect(readdirSync(join(out, 'figures'))).toContain('fragments-per-barcode.svg');
  });

  test.each([
    ['a list of other cells', ['--barcodes', 'others.txt'], 'chromatin.barcodes-match-nothing'],
    ['a genome nobody knows', ['--annotation', 'hg99'], 'reading.unknown-annotation'],
    ['the genome of another species', ['--annotation', 'mm10'], 'preparing'],
    ['a minimum that is no number', ['--minimum-fragments', 'many'], 'command.bad-value'],
    ['more fragments than any barcode has', ['--minimum-fragments', '5000'], 'chromatin.no-cells'],
    ['a way that does not exist', ['--harmonise', 'somehow'], 'command.bad-value'],
    ['a list that is not there', ['--barcodes', 'nowhere.txt'], 'reading.no-such-file'],
  ])('refuses %s with what to do, and leaves nothing', (_, options, code) => {
    writeFileSync(join(folder, 'others.txt'), 'TTTTTTTTTTTTTTTT-1\nGGGGGGGGGGGGGGGG-1\n');
    const out = join(folder, 'refused');
    const inFolder = options.map((word) => (word.endsWith('.txt') ? join(folder, word) : word));
    const done = cellpredx(
      ...['annotate', '--reference', files.rna, '--query', files.fragments, '--label', 'cell_type', '--out', out],
      ...['--set', 'steps=5', '--no-figures', ...inFolder],
    );
    expect(done.stderr).toContain(`error[${code}`);
    expect(done.stderr).toMatch(/remedy: \S/);
    expect(done.code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});

describe('gene-activity', () => {
  test('writes counts that open as a study, with the share used and the curve of the barcodes', async () => {
    const [out, plot] = [join(folder, 'activity.h5ad'), join(folder, 'knee.svg')];
    const done = cellpredx('gene-activity', files.fragments, '--out', out, '--plot', plot, '--json');
    expect(done.code).toBe(0);
    const written = JSON.parse(done.stdout) as WrittenActivity;
    expect(written).toMatchObject({ cells: 60, build: 'hg38', fragments: { ofCells: 9600, ofOthers: 300 } });
    expect(written.share.contigs).toEqual([expect.objectContaining({ contig: 'chr1', total: 19_200, known: true })]);
    const study = await readStudy({ path: out, repairs: [] });
    expect([study.matrix.rows, study.matrix.columns]).toEqual([60, written.features]);
    expect([...study.cells.columns.keys()]).toEqual(expect.arrayContaining(['n_fragments', 'tss_enrichment']));
    expect(study.modality).toBe('gene-activity');
    expect(readFileSync(plot, 'utf8')).toMatch(/^<svg/);
  });

  test('says where no plot was drawn, and refuses one in the place of the study', () => {
    const [out, plot] = [join(folder, 'listed.h5ad'), join(folder, 'listed.svg')];
    const listed = ['gene-activity', files.fragments, '--barcodes', files.cells, '--plot', plot, '--json'];
    const done = cellpredx(...listed, '--out', out);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ out, plot: null });
    expect(done.stderr).toContain('No plot was drawn');
    expect(existsSync(plot)).toBe(false);
    const same = cellpredx(...listed, '--out', plot);
    expect([same.code, existsSync(plot)]).toEqual([2, false]);
    expect(same.stderr).toContain('another file than --out');
  });

  test('never writes over a file, and says what a file without chromatin holds', () => {
    const there = join(folder, 'there.h5ad');
    writeFileSync(there, 'mine');
    const taken = cellpredx('gene-activity', files.fragments, '--out', there);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('error[command.bad-value]')]);
    expect(readFileSync(there, 'utf8')).toBe('mine');
    const rna = cellpredx('gene-activity', files.rna, '--out', join(folder, 'none.h5ad'));
    expect([rna.code, rna.stderr]).toEqual([2, expect.stringContaining('error[chromatin.no-peaks]')]);
    expect(existsSync(join(folder, 'none.h5ad'))).toBe(false);
  });
});

describe('harmonise', () => {
  test('shows overlap and ways, then writes both on the same features', async () => {
    const bed = join(folder, 'peaks.bed');
    const starts = readFileSync(files.fragments, 'utf8')
      .split('\n')
      .filter((_, i) => i % 100 === 0)
      .map((line) => Number(line.split('\t')[1]));
    writeFileSync(bed, [...new Set(starts)].map((start) => `chr1\t${start}\t${start + 500}\n`).join(''));
    const copy = join(folder, 'other sample.tsv.gz');
    writeFileSync(copy, gzipSync(readFileSync(files.fragments)));
    const both = ['harmonise', '--reference', files.fragments, '--query', copy, '--minimum-fragments', '50'];
    const shown = cellpredx(...both, '--reference-peaks', bed, '--json');
    expect(shown.code).toBe(0);
    expect((JSON.parse(shown.stdout) as HarmonisePlan).suggested).toBe('recount');
    expect(cellpredx(...both).stdout).toMatch(/→ windows/);

    const out = join(folder, 'same features');
    const done = cellpredx(...both, '--reference-peaks', bed, '--out', out);
    expect([done.stderr.match(/error/), done.code]).toEqual([null, 0]);
    const [reference, query] = await Promise.all(
      ['reference.h5ad', 'query.h5ad'].map((name) => readStudy({ path: join(out, name), repairs: [] })),
    );
    expect(query!.features.ids).toEqual(reference!.features.ids);
    expect(query!.matrix).toEqual(reference!.matrix); // the same fragments
    expect(cellpredx(...both, '--out', out)).toMatchObject({ code: 2 }); // never over another
  });

  test('refuses a side of genes', () => {
    const done = cellpredx('harmonise', '--reference', files.rna, '--query', files.fragments);
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining('error[chromatin.not-chromatin]')]);
  });
});
