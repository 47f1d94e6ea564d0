import type { BenchmarkTables, Spread, TestRow } from '#core/assess/benchmark-tables';
import type { BenchmarkResults } from './write-benchmark.ts';

/** The tables as a person reads them in a terminal: per pair, over pairs, tests, and what is missing. */
export function benchmarkText({ title, tables, failed, leftOut }: BenchmarkResults): string {
  const parts = [
    `${title}: accuracy and macro-F1 on cells of shared labels, mean ± sd over seeds; ranks among methods as they are`,
    aligned(
      ['pair', 'method', 'accuracy', 'macro-F1', 'rank', 'train s', 'total s', 'peak MiB'],
      tables.pairs.map((row) => [
        ...[row.pair, row.method, spread(row.measures.accuracy), spread(row.measures.macro_f1)],
        ...[ranks(row.rank), spread(row.trainSeconds, 1), spread(row.totalSeconds, 1), mebibytes(row.peakBytes)],
      ]),
    ),
  ];
  if (new Set(tables.pairs.map(({ pair }) => pair)).size > 1) {
    parts.push(
      'Over the pairs: mean ± sd of the means',
      aligned(
        ['method', 'pairs', 'accuracy', 'macro-F1', 'mean rank', 'total s', 'peak MiB'],
        tables.methods.map((row) => [
          ...[row.method, String(row.pairs), spread(row.measures.accuracy), spread(row.measures.macro_f1)],
          ...[ranks(row.meanRank), spread(row.totalSeconds, 1), mebibytes(row.peakBytes)],
        ]),
      ),
      ...testTexts(tables),
    );
  }
  if (leftOut.length > 0) parts.push(`Left out: ${leftOut.map((one) => `${one.pair}: ${one.reason}`).join('; ')}.`);
  for (const one of failed) {
    parts.push(`Failed: ${one.pair}, ${one.method}, seed ${one.seed}: ${one.message}\nremedy: ${one.remedy}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function testTexts({ tests, ranks }: BenchmarkTables): string[] {
  if (tests.length === 0) return [];
  const p = (value: number | null): string => (value === null ? '–' : value < 0.0005 ? '<0.001' : value.toFixed(3));
  const friedman = (['accuracy', 'macro_f1'] as const).flatMap((measure) => {
    const { friedman: found, blocks } = ranks[measure];
    if (found === null) return [];
    return [
      `${measure}: Friedman χ²(${found.degrees}) = ${found.chiSquare.toFixed(2)}, p ${p(found.p)}, ${blocks} pairs`,
    ];
  });
  return [
    ['Paired over the pairs (Wilcoxon signed ranks, exact; Nemenyi after Friedman)', ...friedman].join('\n'),
    aligned(
      ['measure', 'a', 'b', 'pairs', 'a − b', 'Wilcoxon p', 'Nemenyi p'],
      tests.map((t: TestRow) => [
        ...[t.measure, t.a, t.b, String(t.pairs), t.difference.toFixed(3), p(t.signedRankP), p(t.nemenyiP)],
      ]),
    ),
  ];
}

function spread(value: Spread | null, digits = 3): string {
  if (value === null) return '–';
  return value.sd === null ? value.mean.toFixed(digits) : `${value.mean.toFixed(digits)} ± ${value.sd.toFixed(digits)}`;
}

function ranks(of: { readonly accuracy: number | null; readonly macro_f1: number | null }): string {
  const text = (rank: number | null): string => (rank === null ? '–' : String(Number(rank.toFixed(2))));
  return `${text(of.accuracy)} / ${text(of.macro_f1)}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** Columns under one another. */
function aligned(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, j) => Math.max(name.length, ...rows.map((row) => row[j]!.length)));
  return [columns, ...rows]
    .map((row) =>
      row
        .map((text, j) => text.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
