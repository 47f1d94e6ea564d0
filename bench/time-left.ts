/**
 * The time left in first runs, of a new project each, from which nothing could be learned: what the run was said to take in all when
 * a tenth, a fifth and half of it were over, as a share of what it took (1 is right), and what the stages after training should
 * take beside what their main thread took on the processor, which other work on the computer does not change. Takes the sample study
 * and, where they lie beside the checkout, the development pairs.
 *
 *     npm run bench -- time-left
 *     PAIRS=pbmc METHODS="cellpredx linear-svm" npm run bench -- time-left
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnnotationRequestInput } from '#contract/annotation-request';
import { sampleRequest } from '../src-main/cli/demo.ts';
import type { FirstRun } from './measure/time-left.ts';
import { inOwnProcess } from './support/own-process.ts';
import { aligned, machine, type TableCell, wordsOf } from './support/table.ts';

interface Pair {
  readonly name: string;
  readonly scenario: string;
  readonly reference: string;
  readonly query: string;
  readonly label_column: string;
  readonly exclude_labels?: readonly string[];
}

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const methods = wordsOf('METHODS', ['cellpredx', 'linear-svm']);
const wanted = process.env['PAIRS'] ?? '';
/** One of each kind of study. */
const chosen = [
  'pbmc-10x 4k-to-3k',
  'mouse-cortex-snare rna-to-activity',
  'pbmc dropseq-to-indrops',
  'cell-lines celseq2-to-dropseq',
];

const studies: [string, AnnotationRequestInput][] = [['sample study', sampleRequest()]];
if (existsSync(data)) {
  const pairs = JSON.parse(readFileSync(join(data, 'pairs.json'), 'utf8')) as Pair[];
  for (const pair of pairs.filter(({ name }) => chosen.includes(name))) studies.push([pair.name, requestOf(pair)]);
}

console.log(`${machine()}, load ${loadavg()[0]!.toFixed(1)}\nFirst runs, WebAssembly.`);
const rows: TableCell[][] = [];
for (const [name, request] of studies.filter(([study]) => study.includes(wanted)))
  for (const method of methods) {
    const run = inOwnProcess<FirstRun>('time-left', { ...request, method, engine: 'wasm' });
    rows.push([name, method, ...('refused' in run ? [run.refused] : figuresOf(run))]);
  }
const columns = ['study', 'method', 'cells', 'took s', 'first told at', 'at 0.1', 'at 0.2', 'at 0.5'];
console.log(aligned([...columns, 'later: expected s', 'on the processor s', 'load'], rows));

function figuresOf({ told, totalMs, cells, stages }: FirstRun): TableCell[] {
  const at = (share: number): number | null => {
    const last = told.findLast(({ elapsedMs }) => elapsedMs <= share * totalMs);
    return last === undefined ? null : (last.elapsedMs + last.remainingMs) / totalMs;
  };
  const sum = (which: 'expectedMs' | 'busyMs'): number => stages.reduce((all, stage) => all + stage[which], 0) / 1000;
  const first = told[0] === undefined ? null : told[0].elapsedMs / totalMs;
  return [cells, totalMs / 1000, first, at(0.1), at(0.2), at(0.5), sum('expectedMs'), sum('busyMs'), loadavg()[0]!];
}

function requestOf(pair: Pair): AnnotationRequestInput {
  const [reference, query] = [join(data, pair.reference), join(data, pair.query)];
  const across = pair.scenario === 'RNA->ATAC';
  const repairs = pair.exclude_labels ? [{ kind: 'drop-labels' as const, labels: [...pair.exclude_labels] }] : [];
  return {
    reference: [{ path: reference, repairs }],
    query: [{ path: query }],
    ...(across ? { queryPeaks: { path: query.replace('gene_activity', 'peaks') } } : {}),
    label: pair.label_column,
    scenario: across ? 'rna-atac' : 'rna-rna',
  };
}
