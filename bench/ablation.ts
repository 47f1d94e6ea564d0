/**
 * Does each term of a method do its job? On simulated pairs with known truth something is removed or changed, and a named number must get
 * worse on at least 4 of 5 seeds. Directions that do not hold are printed like those that do; see docs/ablation.md.
 *
 *     npm run bench -- ablation
 *     METHODS=kida,semilt ROWS=mask,centroid SEEDS=101,102 npm run bench -- ablation     some methods, rows of that name or with it in theirs
 *     KEEP=results.jsonl npm run bench -- ablation                                 goes on where it was stopped, as long as the code stays
 */
import { startEngine } from '#engine/start-engine';
import { KeptResults } from './ablation/kept-results.ts';
import { allRows } from './ablation/rows.ts';
import { type At, verdictOf } from './ablation/row.ts';
import { numbersOfSeed } from './ablation/run-row.ts';
import { machine, numbersOf, wordsOf } from './support/table.ts';

const methods = wordsOf('METHODS', []);
const names = wordsOf('ROWS', []);
const ids = new Set(allRows.map(({ id }) => id));
const rows = allRows.filter(
  (row) =>
    (methods.length === 0 || methods.includes(row.method)) &&
    (names.length === 0 || names.some((name) => (ids.has(name) ? row.id === name : row.id.includes(name)))),
);
const seeds = numbersOf('SEEDS', [101, 102, 103, 104, 105]);
const kept = new KeptResults(process.env['KEEP'] ?? null);
const three = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));

const { description } = await startEngine('wasm', { threads: 1 }); // small studies: pieces side by side are faster than threads
console.log(`${machine()}\n${description}; seeds ${seeds.join(', ')}; ${rows.length} of ${allRows.length} rows`);
console.log(
  '| method | row | removed or changed | data | measure | full | changed | difference | signs | expected | holds |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
let [holding, checks] = [0, 0];
for (const row of rows) {
  const numbers: At[] = [];
  for (const seed of seeds) numbers.push(await numbersOfSeed(row, seed, kept));
  for (const check of row.checks) {
    const verdict = verdictOf(check, numbers);
    checks++;
    if (verdict.holds) holding++;
    console.log(
      `| ${[
        row.method,
        row.id,
        row.title,
        row.twist,
        verdict.name,
        three(verdict.full),
        three(verdict.changed),
        three(verdict.difference),
        verdict.signs,
        verdict.expected,
        verdict.holds ? 'yes' : 'NO',
      ].join(' | ')} |`,
    );
  }
}
console.log(
  `${holding} of ${checks} directions hold on at least ${Math.ceil(0.8 * seeds.length)} of ${seeds.length} seeds.`,
);
process.exit(0); // threads of the engine still stand
