import type { ShareUsed } from '#core/chromatin/contig-runs';
import { compareContigs } from '#core/chromatin/contigs';
import type { PreparationNote } from '#core/data/aligned-pair';

const mostContigs = 30;

/** How much was used, over all and per contig, as a table for the terminal. Ends with a line break. */
export function shareTable({ total, used, contigs }: ShareUsed): string {
  const shown = [...contigs].sort((a, b) => compareContigs(a.contig, b.contig)).slice(0, mostContigs);
  const rows = [
    ['contig', 'counts', 'used', ''],
    ...shown.map(({ contig, total: all, used: some, known }) => [
      contig,
      String(all),
      percent(some, all),
      known ? '' : 'nothing is counted on it',
    ]),
    ...(contigs.length > mostContigs ? [[`and ${contigs.length - mostContigs} more`, '', '', '']] : []),
    ['all', String(total), percent(used, total), ''],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([contig, counts, share, note]) =>
      `${contig!.padEnd(widths[0]!)}  ${counts!.padStart(widths[1]!)}  ${share!.padStart(widths[2]!)}  ${note!}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** What a person should know, a line each; warnings are marked. Ends with a line break. */
export function noteLines(notes: readonly PreparationNote[]): string {
  return notes.map(({ severity, text }) => `${severity === 'warning' ? '! ' : '· '}${text}\n`).join('');
}

function percent(part: number, all: number): string {
  return all === 0 ? '–' : `${((100 * part) / all).toFixed(1)} %`;
}
