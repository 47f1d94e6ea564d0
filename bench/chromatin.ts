/**
 * Open chromatin on real data: what it is turned into, and what the query's own neighbourhood brings. Accuracy and macro-F1
 * over seeds. Reads the development data beside the checkout and says so where they are absent.
 *
 *     npm run bench -- chromatin
 *     ROWS=windows SEEDS=1 npm run bench -- chromatin
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { annotateRuns, spread } from './support/annotate-runs.ts';

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 3) }, (_, i) => 1234 + i);
const wanted = process.env['ROWS'] ?? '';

const cortex = (file: string): string => join(data, 'mouse-cortex-snare', file);
const blood = (file: string): string => join(data, 'pbmc-fragments', file);
const pair = (reference: string, query: string): string[] => ['--reference', reference, '--query', query];
const [peaksA, peaksB] = [cortex('peaks_reference.h5ad'), cortex('peaks_query.h5ad')];
const [activityA, activityB] = [cortex('gene_activity_reference.h5ad'), cortex('gene_activity_query.h5ad')];
const rna = cortex('rna_reference.h5ad');

/** What is measured → the options of `annotate`. */
const rows: readonly (readonly [string, readonly string[]])[] = [
  ['mouse cortex, ATAC → ATAC, peaks', pair(peaksA, peaksB)],
  ['… windows of 5 kb, from the peaks', [...pair(peaksA, peaksB), '--harmonise', 'windows']],
  ['… gene activity, given', pair(activityA, activityB)],
  ['… gene activity, counted here from the peaks', [...pair(peaksA, peaksB), '--harmonise', 'gene-activity']],
  ['mouse cortex, RNA → gene activity given, its own neighbours', pair(rna, activityB)],
  ["… given, neighbours by the query's peaks", [...pair(rna, activityB), '--query-peaks', peaksB]],
  ['… counted here from the peaks, neighbours by the peaks', pair(rna, peaksB)],
  [
    'blood, RNA → fragments',
    [...pair(blood('rna_reference.h5ad'), blood('fragments.tsv.gz')), '--barcodes', blood('cell_labels.csv')],
  ],
  [
    '… with the gene list of the study',
    [
      ...pair(blood('rna_reference.h5ad'), blood('fragments.tsv.gz')),
      ...['--barcodes', blood('cell_labels.csv'), '--annotation', blood('hg19_genes.bed.gz')],
    ],
  ],
  [
    '… weighted gene activity',
    [
      ...pair(blood('rna_reference.h5ad'), blood('fragments.tsv.gz')),
      ...['--barcodes', blood('cell_labels.csv'), '--query-matrix', 'weighted-gene-activity'],
    ],
  ],
];

if (existsSync(data)) {
  console.log(
    `seeds ${seeds.join(', ')}; recommended preset; accuracy / macro-F1 on cells of shared labels, mean ± sd`,
  );
  console.log('| what | scenario | features | accuracy | macro-F1 |\n| --- | --- | --- | --- | --- |');
  for (const [name, options] of rows.filter(([name]) => name.includes(wanted))) {
    const done = annotateRuns([...options, '--label', 'cell_type', '--truth', 'cell_type'], seeds);
    const of = (key: 'accuracy' | 'macro_f1'): string => spread(done.map((run) => run.metrics?.[key] ?? NaN));
    console.log(`| ${[name, done[0]!.scenario, done[0]!.features, of('accuracy'), of('macro_f1')].join(' | ')} |`);
  }
} else console.log('chromatin: the development data are not beside this checkout; nothing was measured.');
