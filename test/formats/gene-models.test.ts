import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGeneModels } from '#formats/gene-models/read-gene-models';
import { buildNamed, shippedBuilds, shippedGeneModels } from '#formats/gene-models/shipped-gene-models';
import { contigTable } from '#formats/intervals/contig-names';
import { hasSharedData, sharedData } from '#test/support/shared-data';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const genesOf = async (content: string | Uint8Array, choice?: 'all') => {
  const { genes } = await readGeneModels(fileOf('annotation', content), { choice });
  return genes.map((g) => `${g.name} ${g.contig}:${g.start}-${g.end}${g.strand} ${g.id} ${g.biotype}`);
};

const gencode = [
  '##description: evidence-based annotation of the human genome (GRCh38), version 48 (Ensembl 114)',
  'chr1\tHAVANA\tgene\t65419\t71585\t.\t+\t.\tgene_id "ENSG00000186092.7"; gene_type "protein_coding"; gene_name "OR4F5"; level 2;',
  'chr1\tHAVANA\ttranscript\t65419\t71585\t.\t+\t.\tgene_id "ENSG00000186092.7"; transcript_id "ENST00000641515.2"; gene_name "OR4F5";',
  'chr1\tHAVANA\texon\t65419\t65433\t.\t+\t.\tgene_id "ENSG00000186092.7"; gene_name "OR4F5"; exon_number 1;',
  'chr1\tHAVANA\tgene\t89295\t133723\t.\t-\t.\tgene_id "ENSG00000238009.6"; gene_type "lncRNA"; gene_name "ENSG00000238009";',
  'chrM\tENSEMBL\tgene\t3307\t4262\t.\t+\t.\tgene_id "ENSG00000198888.2"; gene_type "protein_coding"; gene_name "MT-ND1";',
].join('\n');

const ensemblGtf = [
  '#!genome-build GRCm39',
  '3\thavana\tgene\t108014596\t108053462\t.\t-\t.\tgene_id "ENSMUSG00000000001"; gene_version "5"; gene_name "Gnai3"; gene_biotype "protein_coding";',
  'X\thavana\tgene\t100\t200\t.\t+\t.\tgene_id "ENSMUSG00000000002"; gene_version "1"; gene_biotype "protein_coding";',
].join('\n');

const ensemblGff3 = [
  '##gff-version 3',
  '##sequence-region   1 1 248956422',
  '#!genome-build GRCh38.p14',
  '1\tGRCh38\tchromosome\t1\t248956422\t.\t.\t.\tID=chromosome:1;Alias=CM000663.2,chr1,NC_000001.11',
  '1\tensembl_havana\tgene\t65419\t71585\t.\t+\t.\tID=gene:ENSG00000186092;Name=OR4F5;biotype=protein_coding;description=olfactory receptor%3B family 4;gene_id=ENSG00000186092;version=7',
  '1\tensembl_havana\tmRNA\t65419\t71585\t.\t+\t.\tID=transcript:ENST00000641515;Parent=gene:ENSG00000186092;Name=OR4F5-201;biotype=protein_coding',
  '1\thavana\tncRNA_gene\t89295\t133723\t.\t-\t.\tID=gene:ENSG00000238009;biotype=lncRNA;gene_id=ENSG00000238009;version=6',
  '###',
  '##FASTA',
  '>1',
  'ACGTACGT',
].join('\n');

const ncbiGff3 = [
  '##gff-version 3',
  'NC_000001.11\tBestRefSeq\tgene\t65419\t71585\t.\t+\t.\tID=gene-OR4F5;Dbxref=GeneID:79501;Name=OR4F5;gbkey=Gene;gene=OR4F5;gene_biotype=protein_coding',
  'NC_000001.11\tBestRefSeq\tmRNA\t65419\t71585\t.\t+\t.\tID=rna-NM_001005484.2;Parent=gene-OR4F5;Name=NM_001005484.2;gene=OR4F5',
].join('\n');

const ucscGtf = [
  'chr1\tncbiRefSeq\ttranscript\t101\t500\t.\t-\t.\tgene_id "ABC"; transcript_id "NM_1";  gene_name "ABC";',
  'chr1\tncbiRefSeq\texon\t101\t200\t.\t-\t.\tgene_id "ABC"; transcript_id "NM_1"; exon_number "1"; gene_name "ABC";',
  'chr1\tncbiRefSeq\ttranscript\t301\t900\t.\t-\t.\tgene_id "ABC"; transcript_id "NM_2";  gene_name "ABC";',
  'chr2\tncbiRefSeq\ttranscript\t1\t50\t.\t+\t.\tgene_id "ABC"; transcript_id "NM_3";  gene_name "ABC";',
].join('\n');

describe('annotations', () => {
  test('GENCODE GTF: protein-coding genes, names, ids without version, positions from 0', async () => {
    const expected = [
      'OR4F5 chr1:65418-71585+ ENSG00000186092 protein_coding',
      'MT-ND1 chrM:3306-4262+ ENSG00000198888 protein_coding',
    ];
    expect(await genesOf(gencode)).toEqual(expected);
    expect(await genesOf(gzipSync(gencode))).toEqual(expected);
    expect(await genesOf(gencode.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await genesOf(gencode, 'all')).toContain('ENSG00000238009 chr1:89294-133723- ENSG00000238009 lncRNA');
    const models = await readGeneModels(fileOf('gencode.gtf', gencode));
    expect(models).toMatchObject({ format: 'gtf', build: 'GRCh38', leftOut: 1, notes: [] });
    expect(models.report).toMatchObject({ lines: 6, read: 3, malformed: 0 });
  });

  test('Ensembl GTF: contigs without chr, genes without a name are called by their id', async () => {
    expect(await genesOf(ensemblGtf)).toEqual([
      'Gnai3 3:108014595-108053462- ENSMUSG00000000001 protein_coding',
      'ENSMUSG00000000002 X:99-200+ ENSMUSG00000000002 protein_coding',
    ]);
    expect((await readGeneModels(fileOf('a.gtf', ensemblGtf))).build).toBe('GRCm39');
  });

  test('GFF3 of Ensembl, up to the sequence, and of NCBI, whose accessions become chromosomes', async () => {
    expect(await genesOf(ensemblGff3)).toEqual(['OR4F5 1:65418-71585+ ENSG00000186092 protein_coding']);
    expect(await genesOf(ensemblGff3, 'all')).toEqual([
      'OR4F5 1:65418-71585+ ENSG00000186092 protein_coding',
      'ENSG00000238009 1:89294-133723- ENSG00000238009 lncRNA',
    ]);
    expect(await readGeneModels(fileOf('a.gff3', ensemblGff3))).toMatchObject({ format: 'gff3', build: 'GRCh38.p14' });
    expect(await genesOf(ncbiGff3)).toEqual(['OR4F5 chr1:65418-71585+ OR4F5 protein_coding']);
  });

  test('without rows of genes they are put together of their transcripts, by contig, and the report says so', async () => {
    const models = await readGeneModels(fileOf('ucsc.gtf', ucscGtf));
    expect(models.genes.map((g) => `${g.name} ${g.contig}:${g.start}-${g.end}${g.strand}`)).toEqual([
      'ABC chr1:100-900-',
      'ABC chr2:0-50+',
    ]);
    expect(models.notes).toEqual([
      expect.stringContaining('no rows of genes') as string,
      expect.stringContaining('does not tell which genes code for proteins') as string,
    ]);
  });

  test('BED of genes with five, six or seven columns', async () => {
    const bed = 'track name=x\nchr1\t1\t9\tA\t-\nchr1\t2\t8\tB\t0\t+\n2 3 7 C 0 - ENSG00000000003.2\n';
    expect(await genesOf(bed)).toEqual(['A chr1:1-9- A null', 'B chr1:2-8+ B null', 'C 2:3-7- ENSG00000000003 null']);
  });

  test('malformed lines are counted and shown', async () => {
    const many = `${ensemblGtf.split('\n')[1]}\n`.repeat(100);
    const bad = [
      '1\tx\tgene\t0\t9\t.\t+\t.\tgene_id "A";',
      '1\tx\tgene\t5\t9\t.\t.\t.\tgene_id "A";',
      '1\tx\tgene\t5\t9\t.\t+\t.\tnote "A";',
      '1\tx\tgene',
    ];
    const { report } = await readGeneModels(fileOf('bad.gtf', many + bad.join('\n')));
    expect(report.malformedLines.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '101: "0" where a position from 1 on belongs',
      '102: "." where the strand (+ or -) belongs',
      '103: the gene has no id',
      '104: 3 columns where nine belong',
    ]);
  });

  test.each([
    ['reading.empty-file', '', ''],
    ['reading.malformed-genes', 'chr1\t1\t9\tA\t-\nchr1\t9\t1\tB\t+\n', 'Line 2: the end is not behind the start'],
    ['reading.malformed-genes', 'chr1\t1\t9\n', 'Line 1: 3 columns where five or more belong'],
    ['reading.no-genes', '# nothing\n', 'no line with a gene'],
    ['reading.no-genes', gencode.replaceAll('protein_coding', 'lncRNA'), '3 genes, none protein-coding'],
    ['reading.no-genes', '##gff-version 3\n1\tx\tchromosome\t1\t9\t.\t.\t.\tID=1\n', 'no rows of genes'],
    ['reading.gzip-truncated', gzipSync(gencode).subarray(0, 200), ''],
  ])('%s', async (code, content, says) => {
    await expect(readGeneModels(fileOf('bad', content))).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) as string }),
    );
  });
});

test('what is kept of a long annotation is the genes, not the text they were cut from', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const path = longAnnotation();
  const before = held();
  const models = await readGeneModels(path);
  expect(held() - before).toBeLessThan(20);
  expect(models.genes.length).toBe(400);
  expect(models.report.lines).toBe(400 * 501);
});

describe('shipped gene models', () => {
  test.each(shippedBuilds)('%s: every gene lies within its chromosome, in order, under a symbol', async (build) => {
    const { genes, report } = await shippedGeneModels(build);
    const contigs = await contigTable();
    expect(report.malformed).toBe(0);
    expect(genes.length).toBeGreaterThan(19_000);
    expect(new Set(genes.map((gene) => gene.id)).size).toBe(genes.length);
    const outside = genes.filter((gene) => !(gene.end <= (contigs.lengthOf(build, gene.contig) ?? 0)));
    expect(outside).toEqual([]);
    const species = build.startsWith('hg') ? /^ENSG\d{11}$/ : /^ENSMUSG\d{11}$/;
    expect(genes.filter((gene) => !species.test(gene.id))).toEqual([]);
  });

  // UCSC's gene TP53/Trp53 by build, from its genome browser.
  test.each([
    ['hg19', 'TP53', 'chr17', 7_565_097, 7_590_863],
    ['GRCh38.p14', 'TP53', 'chr17', 7_661_779, 7_687_538],
    ['mm10', 'Gapdh', 'chr6', 125_161_715, 125_166_467],
  ])('%s: %s is on %s where it is known to be', async (build, name, contig, start, end) => {
    const gene = (await shippedGeneModels(build)).genes.find((one) => one.name === name)!;
    expect(gene.contig).toBe(contig);
    expect(gene.strand).toBe('-');
    expect(Math.abs(gene.start - start)).toBeLessThan(1000);
    expect(Math.abs(gene.end - end)).toBeLessThan(5000);
  });

  test('builds have many names; for others a GTF is asked for', async () => {
    expect(
      ['GRCh37', 'b37', 'refdata-cellranger-arc-GRCh38-2020-A-2.0.0', 'GRCm38.p6', 'NCBIM37', 'mm39'].map(buildNamed),
    ).toEqual(['hg19', 'hg19', 'hg38', 'mm10', 'mm9', 'mm39']);
    expect(['GRCh38_and_mm10', 'danRer11', ''].map(buildNamed)).toEqual([null, null, null]);
    for (const build of ['danRer11', 'hs1']) {
      await expect(shippedGeneModels(build)).rejects.toThrow(
        expect.objectContaining({
          code: 'reading.no-gene-models',
          message: expect.stringContaining(build) as string,
          remedy: expect.stringContaining('GTF') as string,
        }),
      );
    }
  });

  test.skipIf(!hasSharedData)('agree with another table of the same builds about where most genes start', async () => {
    for (const build of ['hg19', 'hg38', 'mm9', 'mm10'] as const) {
      const start = (gene: { start: number; end: number; strand: string }) =>
        gene.strand === '+' ? gene.start : gene.end;
      const others = (await readGeneModels(sharedData(`annotation/${build}_genes.bed.gz`))).genes;
      const otherStarts = new Map(others.map((gene) => [`${gene.name} ${gene.contig}`, start(gene)]));
      let [common, near] = [0, 0];
      for (const gene of (await shippedGeneModels(build)).genes) {
        const other = otherStarts.get(`${gene.name} ${gene.contig}`);
        if (other === undefined) continue;
        common++;
        if (Math.abs(other - start(gene)) <= 1000) near++;
      }
      expect(common).toBeGreaterThan(18_000);
      expect(near / common).toBeGreaterThan(0.8);
    }
  });
});

/** 400 genes of 500 exons each: 60 MB of text. */
function longAnnotation(): string {
  const more = `transcript_id "ENST00000641515.2"; note "${'x'.repeat(200)}";`;
  const rows = (g: number): string => {
    const line = (kind: string): string =>
      `chr1_KI270706v1_random\tHAVANA\t${kind}\t${g + 1}\t${g + 9}\t.\t+\t.\tgene_id "ENSG${String(g).padStart(11, '0')}.7"; gene_name "A-LONG-GENE-NAME-${g}"; ${more}\n`;
    return line('gene') + line('exon').repeat(500);
  };
  return fileOf('long.gtf.gz', gzipSync(Array.from({ length: 400 }, (_, g) => rows(g)).join(''), { level: 1 }));
}
