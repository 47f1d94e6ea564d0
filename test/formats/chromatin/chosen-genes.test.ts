import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { countText } from '#core/base/count-text';
import { Random } from '#core/base/random';
import type { Interval } from '#core/chromatin/interval-index';
import { chosenGenes, sureBuild } from '#formats/chromatin/chosen-genes';
import { PlaceSample } from '#formats/gene-models/place-sample';
import { type ShippedBuild, shippedBuilds, shippedGeneModels } from '#formats/gene-models/shipped-gene-models';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

function signsOf(intervals: Iterable<Interval>, headers: readonly string[] = []) {
  const places = new PlaceSample();
  places.addIntervals(intervals);
  return { name: 'study.tsv.gz', places, headers };
}

const nothing = signsOf([]);

/** Places at the starts of genes, as open chromatin has them. */
async function atStarts(build: ShippedBuild, count = 2000): Promise<Interval[]> {
  const random = Random.forPurpose(5, build);
  const { genes } = await shippedGeneModels(build);
  return Array.from({ length: count }, () => {
    const { contig, start, end, strand } = genes[random.below(genes.length)]!;
    const at = Math.max(300, strand === '+' ? start : end);
    return { contig, start: at - 250, end: at + 250 };
  });
}

describe('a build that is named', () => {
  test.each([
    ...shippedBuilds.map((build): [string, string] => [build, build]),
    ['GRCh38', 'hg38'],
    ['grch38.p14', 'hg38'],
    ['GRCh37', 'hg19'],
    ['b37', 'hg19'],
    ['GRCm38', 'mm10'],
    ['GRCm39', 'mm39'],
    ['NCBIM37', 'mm9'],
    ['HG38', 'hg38'],
  ])('%s gives the shipped genes of %s', async (named, build) => {
    const chosen = await chosenGenes(named, nothing);
    expect(chosen.build).toBe(build);
    expect(chosen.genes).toBe((await shippedGeneModels(build)).genes);
    expect(chosen.notes.map(({ text }) => text)).toEqual([
      `Gene activity is counted for ${countText(chosen.genes.length)} entries of the shipped genes of ${build}.`,
    ]);
  });

  test.each(['hg18', 'zebrafish', '', ' ', 'hg19 or hg38'])(
    '%j is none: those that are known are named',
    async (named) => {
      const refusal = chosenGenes(named, nothing);
      await expect(refusal).rejects.toMatchObject({ code: 'reading.unknown-annotation' });
      await expect(refusal).rejects.toThrow('hg19, hg38, mm9, mm10, mm39');
    },
  );

  test.each(['hs1', 'T2T-CHM13v2.0'])('%s is known, but has no genes here', async (named) => {
    await expect(chosenGenes(named, nothing)).rejects.toMatchObject({ code: 'reading.no-gene-models' });
  });

  test.each(['gencode.v48.GRCh38.gtf.gz', 'hg38.bed', 'genes/hg38', 'C:\\genes\\hg38', './mm10.gff3'])(
    '%s is meant for a file: where there is none, no shipped genes take its place',
    async (path) => {
      const refusal = chosenGenes(path, nothing);
      await expect(refusal).rejects.toMatchObject({ code: 'reading.unknown-annotation' });
      await expect(refusal).rejects.toThrow(path);
    },
  );

  test('a folder of that name where the program was started does not stand in the way', async () => {
    const before = process.cwd();
    const folder = newFolder();
    mkdirSync(join(folder, 'hg38'));
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    expect((await chosenGenes('hg38', nothing)).build).toBe('hg38');
    await expect(chosenGenes(join(folder, 'hg38'), nothing)).rejects.toMatchObject({
      code: 'reading.unknown-annotation',
    });
  });
});

test('what is named is taken, with a warning where the places fit another build', async () => {
  const signs = signsOf(await atStarts('hg19'));
  const { build, notes } = await chosenGenes('hg38', signs);
  expect(build).toBe('hg38');
  expect(notes.filter(({ severity }) => severity === 'warning').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^hg38 was named as the genome of study\.tsv\.gz, but its places fit hg19: gene starts/),
  ]);
  const fitting = await chosenGenes('GRCh37', signs);
  expect(fitting.notes.map(({ severity }) => severity)).toEqual(['info']);
});

describe("a file of the user's", () => {
  const gtf =
    '#!genome-build GRCm39\n' +
    '3\thavana\tgene\t101\t900\t.\t-\t.\tgene_id "ENSMUSG00000000001"; gene_name "Gnai3"; gene_biotype "protein_coding";\n';
  const gff3 =
    '##gff-version 3\n#!genome-build GRCh38.p14\n' +
    '1\tensembl\tgene\t101\t900\t.\t+\t.\tID=gene:ENSG00000186092;Name=OR4F5;biotype=protein_coding;gene_id=ENSG00000186092\n';
  const bed = 'chr7\t100\t900\tPAX4\t-\n';

  test.each<[string, string | Uint8Array, string | null, string]>([
    ['genes.gtf', gtf, 'mm39', '3:100-900 Gnai3 -'],
    ['genes.gtf.gz', gzipSync(gtf), 'mm39', '3:100-900 Gnai3 -'],
    ['genes.gff3', gff3, 'hg38', '1:100-900 OR4F5 +'],
    ['no-ending', gff3.replaceAll('\n', '\r\n'), 'hg38', '1:100-900 OR4F5 +'],
    ['genes.bed', bed, null, 'chr7:100-900 PAX4 -'],
    ['GRCh37-genes.bed', bed, 'hg19', 'chr7:100-900 PAX4 -'],
  ])('%s: its genes, and the build that it tells of', async (name, content, build, gene) => {
    const chosen = await chosenGenes(fileOf(name, content), nothing);
    expect(chosen.genes.map((g) => `${g.contig}:${g.start}-${g.end} ${g.name} ${g.strand}`)).toEqual([gene]);
    expect(chosen.build).toBe(build);
    expect(chosen.notes[0]!.text).toContain(name);
  });

  test.each<[string, string | Uint8Array]>([
    ['an empty file', ''],
    ['peaks without names', 'chr1\t1\t100\nchr1\t200\t300\n'],
    ['text', 'hello\n'],
    ['bytes', Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919) % 256)],
    ['gzip cut off', gzipSync(gtf.repeat(50)).subarray(0, 60)],
  ])('%s is refused by name', async (_what, content) => {
    const refusal = chosenGenes(fileOf('genes.txt', content), nothing);
    await expect(refusal).rejects.toMatchObject({ code: expect.stringMatching(/^reading\./) as string });
    await expect(refusal).rejects.toThrow('genes.txt');
  });
});

describe('a build that is told by the places', () => {
  test.each(['hg19', 'mm10'] as const)('%s, with why', async (build) => {
    const chosen = await chosenGenes(undefined, signsOf(await atStarts(build)));
    expect(chosen.build).toBe(build);
    expect(chosen.genes).toBe((await shippedGeneModels(build)).genes);
    expect(chosen.notes[0]).toMatchObject({ step: 'gene-activity', severity: 'info' });
    expect(chosen.notes[0]!.text).toContain(`The genome of study.tsv.gz was taken to be ${build}: gene starts fit`);
    expect(await sureBuild(signsOf(await atStarts(build)))).toBe(build);
  });

  test('what the file declares counts, unless its places contradict it', async () => {
    const little = [{ contig: 'chr1', start: 5_000_000, end: 5_000_100 }];
    const declared = await chosenGenes(undefined, signsOf(little, ['# reference_path=/refs/GRCh38']));
    expect([declared.build, declared.notes[0]!.severity]).toEqual(['hg38', 'info']);
    const other = await chosenGenes(undefined, signsOf(await atStarts('hg19'), ['# reference_path=/refs/GRCh38']));
    expect([other.build, other.notes[0]!.severity]).toEqual(['hg19', 'warning']);
    expect(await sureBuild(signsOf(await atStarts('hg19'), ['# reference_path=/refs/GRCh38']))).toBeNull();
  });

  test.each([
    ['too little', [{ contig: 'chr1', start: 5_000_000, end: 5_000_100 }]],
    ['other contigs', [{ contig: 'scaffold_1', start: 5, end: 90 }]],
    ['nothing', []],
  ])('%s does not tell: the person is asked', async (_what, places) => {
    const refusal = chosenGenes(undefined, signsOf(places));
    await expect(refusal).rejects.toMatchObject({ code: 'reading.build-unknown' });
    await expect(refusal).rejects.toThrow('study.tsv.gz');
    expect(await sureBuild(signsOf(places))).toBeNull();
  });
});
