import { expect, test } from 'vitest';
import { cellsOfSample } from '#formats/chromatin/cells-of-sample';

const bases = ['AAACGAAAGCGCGTTC', 'TTTGTGTCAACCTAAC'];
const tableOf = (ids: readonly string[]) => ({
  ids,
  columns: new Map([['n', { kind: 'number' as const, values: Float64Array.from(ids.keys()) }]]),
});
const listOf = (write: (sample: string, barcode: string) => string, samples: readonly string[]) =>
  tableOf(samples.flatMap((sample) => bases.map((barcode) => write(sample, barcode))));

test.each<[string, (sample: string, barcode: string) => string]>([
  ['s1_AAAC-1', (sample, barcode) => `${sample}_${barcode}-1`],
  ['s1#AAAC-1', (sample, barcode) => `${sample}#${barcode}-1`],
  ['s1:AAAC', (sample, barcode) => `${sample}:${barcode}`],
  ['AAAC-1_s1', (sample, barcode) => `${barcode}-1_${sample}`],
  ['AAAC-s1', (sample, barcode) => `${barcode}-${sample}`],
])('cells written %s: those of the sample that the file or its folder is named after', (_what, write) => {
  for (const path of [
    '/x/s1/fragments.tsv.gz',
    '/x/GSM12_s1_fragments.tsv.gz',
    'S1.fragments.tsv.gz',
    '/s10/x-s1.gz',
  ]) {
    const { table, sample } = cellsOfSample(listOf(write, ['s2', 's1', 's10x']), path);
    expect(sample).toBe('s1');
    expect(table.ids).toEqual(bases.map((barcode) => write('s1', barcode)));
    expect(table.columns.get('n')).toEqual({ kind: 'number', values: Float64Array.of(2, 3) });
  }
});

test('samples of several words are looked for as a whole', () => {
  const list = listOf((sample, barcode) => `${sample}_${barcode}-1`, ['pbmc_day1', 'pbmc_day2']);
  expect(cellsOfSample(list, '/x/pbmc-day2/fragments.tsv.gz').sample).toBe('pbmc_day2');
  expect(cellsOfSample(list, '/x/day2-pbmc/fragments.tsv.gz').sample).toBeNull();
});

const prefixed = (sample: string, barcode: string): string => `${sample}_${barcode}-1`;
test.each<[string, ReturnType<typeof tableOf>, string]>([
  ['the file is named after none', listOf(prefixed, ['s1', 's2']), '/x/fragments.tsv.gz'],
  ['the file is named after both', listOf(prefixed, ['s1', 's2']), '/x/s1-s2.tsv.gz'],
  ['there is one sample', listOf(prefixed, ['s1']), '/x/s1.tsv.gz'],
  ['some cells name no sample', tableOf([...listOf(prefixed, ['s1', 's2']).ids, 'AAACCCGGG-1']), '/x/s1.tsv.gz'],
  ['samples are mere numbers', listOf((sample, barcode) => `${barcode}-1_${sample}`, ['1', '2']), '/x/run_1.tsv.gz'],
  ['names are no barcodes', tableOf(['cell_1', 'cell_2']), '/x/cell.tsv.gz'],
  ['the list is empty', tableOf([]), '/x/s1.tsv.gz'],
])('a list stays as it is where %s', (_what, table, path) => {
  expect(cellsOfSample(table, path)).toEqual({ table, sample: null });
});
