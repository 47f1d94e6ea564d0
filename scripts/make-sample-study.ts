// Writes resources/sample-study: run `node_modules/.bin/node scripts/make-sample-study.ts [FOLDER]` after a change of the generator.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { simulatePair } from '#core/simulate/simulate-pair';
import { simulatedGeneSets } from '#core/simulate/simulated-gene-sets';
import { writeAnnotatedH5ad } from '#formats/h5ad/write-annotated-h5ad';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../resources/sample-study'));
await mkdir(folder, { recursive: true });

const pair = simulatePair();
const { options, truth } = pair;
for (const study of [pair.reference, pair.query, pair.queryPeaks]) {
  const target = join(folder, study.name);
  await writeAnnotatedH5ad({ source: null, target, study, columns: new Map(), embeddings: new Map() });
  console.log(`${target}: ${(await stat(target)).size} bytes`);
}

const { name, sets } = simulatedGeneSets(pair);
const lines = sets.map((set) => `${[set.name, 'simulated', ...set.genes].join('\t')}\n`);
await writeFile(join(folder, name), lines.join(''));

const share = (labels: readonly string[], label: string): string => {
  const cells = labels.filter((own) => own === label).length;
  return `${cells} (${((100 * cells) / labels.length).toFixed(1)} %)`;
};
await writeFile(
  join(folder, 'README.md'),
  `# Sample study

Simulated, not measured: every cell, gene and peak here was drawn by \`simulatePair\` of \`src-main/core/simulate\`, with the
options below, and written by \`scripts/make-sample-study.ts\`. Gene names (\`simGene0001\` …), peak places and label names are
invented and belong to no species or tissue. Use it to try the application, not to learn biology.

| file | what it holds |
| --- | --- |
| \`reference.h5ad\` | RNA counts, ${options.referenceCells} cells × ${options.genes} genes; labels in \`cell_type\` |
| \`query.h5ad\` | gene activity, ${options.queryCells} other cells × the same genes; true labels in \`true_label\`, for scoring only |
| \`query_peaks.h5ad\` | peak counts of the query's cells, ${options.peaks} peaks, for the neighbour graph |
| \`gene_sets.gmt\` | gene sets for methods that take them: the genes each label raises, and ${sets.length - truth.labels.length} sets of genes drawn at random |

| label | cells of the reference | cells of the query |
| --- | --- | --- |
${truth.labels.map((label) => `| ${label} | ${share(truth.reference, label)} | ${share(truth.query, label)} |`).join('\n')}

${truth.closePairs.map(([a, b]) => `${a} and ${b}`).join(', and ')} are close: they share most of what sets them apart from the others.
${truth.novel} is not in the reference, so none of its cells can get the right label; a good result shows them as Unknown.

Options: \`${JSON.stringify(options)}\`. The formulas stand in the comment of \`simulatePair\`.
`,
);
