import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StudyChoice } from '#formats/inspect/repair';
import { type ShippedBuild, shippedGeneModels } from '#formats/gene-models/shipped-gene-models';
import type { PairChoice } from '#formats/pair/read-pair';
import { chromatinFacts, planPair, requireChromatin } from '#formats/pair/plan-pair';
import { bedOf, fragmentFiles, type FragmentFiles, geneBedOf, genes, peaks } from '#test/support/fragment-study-files';
import { temporaryFolders } from '#test/support/temporary-folder';

const newFolder = temporaryFolders();

function fileOf(name: string, content: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

const fragments = (of: FragmentFiles = {}): StudyChoice[] => [fragmentFiles(newFolder(), of)];
const matrix = (annotation?: string): StudyChoice[] => [
  {
    path: fileOf('peaks.csv', 'cell,chr1:100-200,chr1:500-600,chr2:0-50\na,1,0,1\nb,0,1,1\n'),
    repairs: [],
    ...(annotation === undefined ? {} : { chromatin: { annotation } }),
  },
];
/** Peaks at the starts of genes of a build. */
const peaksAtStarts = async (build: ShippedBuild, annotation: string): Promise<StudyChoice[]> => {
  const starts = (await shippedGeneModels(build)).genes.filter((_, i) => i % 10 === 0);
  const names = new Set(
    starts.map(({ contig, start, end, strand }) => {
      const at = Math.max(300, strand === '+' ? start : end);
      return `${contig}:${at - 250}-${at + 250}`;
    }),
  );
  const text = `cell,${[...names].join(',')}\na,${[...names].fill('1').join(',')}\n`;
  return [{ path: fileOf('peaks.csv', text), repairs: [], chromatin: { annotation } }];
};
const rna = (): StudyChoice[] => [{ path: fileOf('rna.csv', 'cell,CD3E,CD4,MS4A1\na,1,0,2\nb,0,1,0\n'), repairs: [] }];

describe('what is known of a side before its matrix is read', () => {
  test('fragments: their name, the peaks that came with them, the genome of their genes', async () => {
    const annotation = fileOf('hg38-genes.bed', geneBedOf(genes));
    expect(await chromatinFacts(fragments({ chromatin: { annotation } }))).toEqual({
      ...{ name: 'fragments.tsv.gz', build: 'hg38', doubt: null, hasFragments: true },
      peaks,
    });
    const bare = await chromatinFacts(fragments({ chromatin: { peaks: undefined } }));
    expect([bare!.peaks, bare!.build]).toEqual([null, null]);
  });

  test('fragments that name their genome in a header', async () => {
    const text = '# reference_path=/refs/refdata-GRCh38\nchr1\t5000000\t5000100\tAAAACCCCGGGGTTTT-1\t1\n';
    const facts = await chromatinFacts(fragments({ text, chromatin: { annotation: undefined } }));
    expect(facts!.build).toBe('hg38');
  });

  test('peaks: their places', async () => {
    expect(await chromatinFacts(matrix('GRCm38'))).toEqual({
      ...{ name: 'peaks.csv', build: 'mm10', doubt: null, hasFragments: false },
      peaks: [
        { contig: 'chr1', start: 100, end: 200 },
        { contig: 'chr1', start: 500, end: 600 },
        { contig: 'chr2', start: 0, end: 50 },
      ],
    });
    expect((await chromatinFacts(matrix()))!.build).toBeNull();
  });

  test('genes have none', async () => {
    expect(await chromatinFacts(rna())).toBeNull();
  });
});

const planned = (reference: StudyChoice[], query: StudyChoice[], of: Partial<PairChoice> = {}) =>
  planPair({ reference, query, harmonise: 'auto', ...of });

describe('the plan of a pair', () => {
  test('is made without counting', async () => {
    const plan = await planned(matrix(), fragments({ bed: bedOf(peaks) }));
    expect(plan.suggested).toBe('recount');
    expect(plan.overlap).toMatchObject({ reference: 3, query: 4 });
  });

  test('is refused for a side that is neither fragments nor peaks, with its name', async () => {
    const refusal = planned(matrix(), rna());
    await expect(refusal).rejects.toMatchObject({ code: 'chromatin.not-chromatin' });
    await expect(refusal).rejects.toThrow('rna.csv');
    await expect(requireChromatin(rna(), matrix())).rejects.toThrow('rna.csv');
  });

  test('is refused for two builds, until a chain file is given', async () => {
    await expect(planned(matrix('hg38'), matrix('hg19'))).rejects.toMatchObject({
      code: 'chromatin.builds-differ',
    });
    expect(await planned(matrix('hg38'), matrix('hg19'), { chain: 'chain' })).toMatchObject({
      ...{ suggested: 'sum-overlapping', lift: 'query-peaks', overlap: null },
    });
  });
  test('knows the BED file that a query of fragments is counted in, as the run does', async () => {
    const query = fragments({ chromatin: { peaks: undefined } });
    const queryPeaks = { path: fileOf('mine.bed', bedOf(peaks)), repairs: [] };
    expect((await planned(matrix(), query)).overlap).toBeNull();
    expect((await planned(matrix(), query, { queryPeaks })).overlap).toMatchObject({ reference: 3, query: 4 });
  });

  test('of two builds is gene activity alone, where that was asked for', async () => {
    const plan = await planned(matrix('hg38'), matrix('hg19'), { harmonise: 'gene-activity' });
    expect(plan).toMatchObject({ suggested: 'gene-activity', lift: 'nothing', overlap: null });
    expect(plan.ways.filter(({ possible }) => possible).map(({ way }) => way)).toEqual(['gene-activity']);
  });

  test('warns where a genome was named that the peaks do not fit', async () => {
    const reference = await peaksAtStarts('hg19', 'hg38');
    const { warnings } = await planned(reference, matrix('hg38'));
    expect(warnings[0]).toMatch(/^hg38 was named as the genome of peaks\.csv, but its places fit hg19:/);
    expect((await planned(await peaksAtStarts('hg19', 'GRCh37'), matrix('hg19'))).warnings).toEqual([]);
  });
});
