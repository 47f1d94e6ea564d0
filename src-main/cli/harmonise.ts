import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { HarmonisePlan } from '#core/chromatin/harmonise-plan';
import { type HarmoniseWay, harmoniseWays } from '#core/data/harmonise-way';
import { tryFolder } from '#compute/results-folder';
import type { PairChoice } from '#formats/pair/read-pair';
import type { ParsedArguments } from './arguments.ts';
import { askWorkProcess } from './ask-work-process.ts';
import { cancellable } from './cancellable.ts';
import { studyChoices } from './study-choices.ts';
import { checkNewFile, writeNewFiles } from './new-files.ts';
import { pathArgument } from './path-argument.ts';
import { noteLines } from './share-table.ts';
import { terminalProgress } from './terminal-progress.ts';

/** `cellpredx harmonise`: two studies of open chromatin on the same features; without `--out` only what could be done. */
export async function run(parsed: ParsedArguments): Promise<number> {
  const chain = parsed.value('chain');
  const peaks = parsed.value('query-peaks');
  const pair = {
    reference: studyChoices(parsed, 'reference'),
    query: studyChoices(parsed, 'query'),
    ...(peaks === undefined ? {} : { queryPeaks: { path: pathArgument('--query-peaks', peaks), repairs: [] } }),
    harmonise: wayOf(parsed),
    ...(chain === undefined ? {} : { chain: pathArgument('--chain', chain) }),
  };
  const out = parsed.value('out');
  if (out === undefined) return cancellable((signal) => plan(pair, parsed.flag('json'), signal));
  const directory = pathArgument('--out', out);
  const targets = ['reference.h5ad', 'query.h5ad'].map((name) => join(directory, name)) as [string, string];
  await tryFolder(directory);
  for (const target of targets) await checkNewFile('--out', target);
  const made = await cancellable(async (signal) => {
    const progress = terminalProgress(process.stderr);
    try {
      return await writeNewFiles(targets, signal, ([reference, query]) =>
        askWorkProcess(
          { kind: 'harmonise', pair, targets: { reference: reference!, query: query! } },
          { signal, progress },
        ),
      );
    } finally {
      progress.end();
    }
  });
  if (parsed.flag('json')) process.stdout.write(`${JSON.stringify({ ...made, out: directory }, null, 2)}\n`);
  else process.stdout.write(noteLines(made.notes));
  process.stderr.write(
    `Wrote ${targets[0]}: ${made.reference.cells} cells × ${made.reference.features} features.\n` +
      `Wrote ${targets[1]}: ${made.query.cells} cells × ${made.query.features} features.\n`,
  );
  return 0;
}

async function plan(pair: PairChoice, json: boolean, signal: AbortSignal): Promise<number> {
  const found = await askWorkProcess({ kind: 'plan', pair }, { signal });
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : planText(found));
  return 0;
}

function wayOf(parsed: ParsedArguments): HarmoniseWay | 'auto' {
  const ways = ['auto', ...harmoniseWays] as const;
  const value = parsed.value('way') ?? 'auto';
  const way = ways.find((known) => known === value);
  if (way === undefined) throw new AppError('command.bad-value', { option: '--way', value, allowed: ways.join(', ') });
  return way;
}

/** The overlap per contig, the ways that can be gone, and the one suggested. */
export function planText({ overlap, ways, suggested, warnings }: HarmonisePlan): string {
  const lines: string[] = [];
  if (overlap !== null) {
    const rows = [
      ['contig', 'reference', 'query', 'same', 'query hit', 'shared bases'],
      ...[...overlap.contigs, { contig: 'all', ...overlap }].map((of) => [
        of.contig,
        String(of.reference),
        String(of.query),
        String(of.identical),
        `${((100 * of.queryHit) / Math.max(1, of.query)).toFixed(1)} %`,
        String(of.sharedBases),
      ]),
    ];
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    for (const row of rows) {
      lines.push(row.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  '));
    }
    lines.push('');
  }
  for (const { way, possible, says } of ways) {
    lines.push(`${way === suggested ? '→' : possible ? ' ' : '×'} ${way.padEnd(16)}${says}`);
  }
  for (const warning of warnings) lines.push(`! ${warning}`);
  return `${lines.join('\n')}\n`;
}
