import { describe, expect, test } from 'vitest';
import { Random } from '#core/base/random';
import type { Interval } from '#core/chromatin/interval-index';
import { FragmentReading } from '#formats/fragments/fragment-reading';
import { guessBuild } from '#formats/gene-models/guess-build';
import { PlaceSample } from '#formats/gene-models/place-sample';
import { type ShippedBuild, shippedBuilds, shippedGeneModels } from '#formats/gene-models/shipped-gene-models';
import { contigTable } from '#formats/intervals/contig-names';
import { peakIntervals } from '#formats/intervals/peak-intervals';
import { readStudy } from '#formats/read-study';
import { hasSharedData, sharedData } from '#test/support/shared-data';

/** Peaks as they lie in a build: a fifth at gene starts, the others anywhere on the same chromosomes. */
async function peaksOf(build: ShippedBuild, count: number, seed: number): Promise<Interval[]> {
  const random = Random.forPurpose(seed, 'peaks');
  const contigs = await contigTable();
  const { genes } = await shippedGeneModels(build);
  return Array.from({ length: count }, () => {
    const gene = genes[random.below(genes.length)]!;
    const length = contigs.lengthOf(build, gene.contig)!;
    const at = random.uniform() < 0.2 ? (gene.strand === '+' ? gene.start : gene.end) : random.below(length - 500);
    const start = Math.max(0, Math.min(length - 500, at - 250));
    return { contig: gene.contig, start, end: start + 500 };
  });
}

function sampleOf(intervals: Iterable<Interval | null>): PlaceSample {
  const sample = new PlaceSample();
  sample.addIntervals(intervals);
  return sample;
}

describe('the build is guessed', () => {
  test.each(shippedBuilds)(
    '%s from simulated peaks, whole or of one chromosome, with and without chr',
    async (build) => {
      const peaks = await peaksOf(build, 5000, 7);
      expect(await guessBuild(sampleOf(peaks))).toMatchObject({ build, sure: true });
      const plain = peaks.map((peak) => ({ ...peak, contig: peak.contig.slice(3) }));
      expect(await guessBuild(sampleOf(plain))).toMatchObject({ build, sure: true });
      const one = await guessBuild(sampleOf(peaks.filter((peak) => peak.contig === 'chr2')));
      expect(one).toMatchObject({ build, sure: true });
      expect(one.evidence[0]).toContain('gene starts fit');
    },
  );

  test('by the lengths of the chromosomes and by accessions alone, without being sure', async () => {
    const far = { contig: 'chr1', start: 249_200_000, end: 249_200_500 };
    const nineteen = await guessBuild(sampleOf([far, { contig: 'chr17', start: 81_000_000, end: 81_000_100 }]));
    expect(nineteen).toMatchObject({ build: 'hg19', sure: false });
    expect(nineteen.evidence.find((one) => one.startsWith('hg38'))).toContain(
      '1 contig contradicts it (chr1 has 248,956,422 bases in it and places up to 249,200,500',
    );
    const table = await contigTable();
    expect(table.buildsOf('NC_000001.11')).toEqual(['hg38']);
    expect(await guessBuild(sampleOf([{ contig: 'NC_000001.11', start: 5, end: 9 }]))).toMatchObject({ build: 'hg38' });
  });

  test('not from too little, and not for other genomes', async () => {
    const little = await guessBuild(sampleOf([{ contig: 'chr1', start: 5_000_000, end: 5_000_100 }]));
    expect(little).toMatchObject({ build: null, sure: false });
    expect(little.evidence[0]).toContain('gene starts do not tell which');
    const other = await guessBuild(sampleOf([{ contig: 'scaffold_1', start: 5, end: 9 }]));
    expect(other).toMatchObject({ build: null, sure: false });
    expect(other.evidence[0]).toContain('no known build');
    expect(await guessBuild(new PlaceSample())).toMatchObject({ build: null });
  });

  test('contigs of no known genome are named', async () => {
    const places = ['AAAC-1', 'AAAG-1'].map((contig) => ({ contig, start: 100, end: 200 }));
    const { build, evidence } = await guessBuild(sampleOf(places));
    expect([build, evidence[0]]).toEqual([null, 'the contigs (AAAC-1, AAAG-1) are those of no known build']);
  });

  test('as the file declares where nothing contradicts it, and with a warning where something does', async () => {
    const header = ['# reference_path=/refs/refdata-cellranger-arc-GRCh38-2020-A-2.0.0', '# primary_contig=chr1'];
    const little = sampleOf([{ contig: 'chr1', start: 5_000_000, end: 5_000_100 }]);
    expect(await guessBuild(little, header)).toMatchObject({ build: 'hg38', sure: true });
    const old = await guessBuild(sampleOf(await peaksOf('hg19', 5000, 8)), header);
    expect(old).toMatchObject({ build: 'hg19', sure: false });
    expect(old.evidence[0]).toContain('declares hg38');
  });

  test('the sample has 50 000 to 100 000 places however many come, evenly from all of them', () => {
    const sample = new PlaceSample();
    const many = 450_000;
    sample.addIntervals(
      Array.from({ length: many }, (_, i) => ({ contig: i < many / 3 ? 'chr1' : 'chr2', start: i, end: i + 2 })),
    );
    expect(sample.size).toBeGreaterThan(50_000);
    expect(sample.size).toBeLessThanOrEqual(100_000);
    const found = { chr1: 0, chr2: 0 };
    sample.forEach((contig) => found[contig as 'chr1' | 'chr2']++);
    expect(found.chr1 / sample.size).toBeCloseTo(1 / 3, 3);
    expect([...sample.contigs]).toEqual([
      ['chr1', { number: 0, count: 150_000, furthest: 150_001 }],
      ['chr2', { number: 1, count: 300_000, furthest: 450_001 }],
    ]);
  });
});

describe.skipIf(!hasSharedData)('the build of real data', () => {
  test.each([
    ['pbmc-fragments/fragments.tsv.gz', 'hg19', true],
    ['readers/fragments/signac.tsv.gz', null, false],
    ['readers/fragments/signac_header.tsv.gz', 'hg38', true],
    ['readers/fragments/bpcells_4col.tsv.gz', 'hg19', true],
    ['readers/fragments/snapatac2.tsv.gz', 'hg38', true],
    ['readers/fragments/cellxgene.tsv.bgz', 'hg38', false],
  ])('%s: %s', async (path, build, sure) => {
    const reading = new FragmentReading(sharedData(path));
    const sample = new PlaceSample();
    for await (const block of reading) sample.add(block);
    expect(await guessBuild(sample, reading.report.headers)).toMatchObject({ build, sure });
  });

  test('mouse cortex: mm10, from the names of its peaks', async () => {
    const { features } = await readStudy({ path: sharedData('mouse-cortex-snare/peaks_query.h5ad'), repairs: [] });
    const { intervals, parsed } = peakIntervals(features);
    expect(parsed).toBe(features.ids.length);
    expect(await guessBuild(sampleOf(intervals))).toMatchObject({ build: 'mm10', sure: true });
  });
});
