import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StudyChoice } from '#formats/inspect/repair';
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
const rna = (): StudyChoice[] => [{ path: fileOf('rna.csv', 'cell,CD3E,CD4,MS4A1\na,1,0,2\nb,0,1,0\n'), repairs: [] }];

describe('what is known of a side before its matrix is read', () => {
  test('fragments: their name, the peaks that came with them, the genome of their genes', async () => {
    const annotation = fileOf('hg38-genes.bed', geneBedOf(genes));
    expect(await chromatinFacts(fragments({ chromatin: { annotation } }))).toEqual({
      ...{ name: 'fragments.tsv.gz', build: 'hg38', hasFragments: true },
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
      ...{ name: 'peaks.csv', build: 'mm10', hasFragments: false },
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

describe('the plan of a pair', () => {
  test('is made without counting', async () => {
    const plan = await planPair(matrix(), fragments({ bed: bedOf(peaks) }), false);
    expect(plan.suggested).toBe('recount');
    expect(plan.overlap).toMatchObject({ reference: 3, query: 4 });
  });

  test('is refused for a side that is neither fragments nor peaks, with its name', async () => {
    const refusal = planPair(matrix(), rna(), false);
    await expect(refusal).rejects.toMatchObject({ code: 'chromatin.not-chromatin' });
    await expect(refusal).rejects.toThrow('rna.csv');
    await expect(requireChromatin(rna(), matrix())).rejects.toThrow('rna.csv');
  });

  test('is refused for two builds, until a chain file is given', async () => {
    await expect(planPair(matrix('hg38'), matrix('hg19'), false)).rejects.toMatchObject({
      code: 'chromatin.builds-differ',
    });
    expect(await planPair(matrix('hg38'), matrix('hg19'), true)).toMatchObject({
      ...{ suggested: 'sum-overlapping', lift: 'query-peaks', overlap: null },
    });
  });
});
