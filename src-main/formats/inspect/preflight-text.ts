import { repairText } from './parse-repair.ts';
import type { Finding, LabelColumn, PreflightReport } from './preflight-report.ts';
import type { MatrixSlot } from '../study-file.ts';
import type { Repair } from './repair.ts';

const width = 12;
const shownColumns = 12;

/** A pre-flight report as a card for the terminal: what the file holds, its label columns, and each finding with its repair. Ends with a line break. */
export function preflightText(report: PreflightReport): string {
  const lines = [report.name, '─'.repeat(Math.min(100, Math.max(20, report.name.length)))];
  lines.push(row('Format', `${report.format}, ${report.dialect}, ${bytes(report.sizeBytes)}`));
  if (report.chosenSlot !== null) lines.push(...content(report));
  lines.push(...columnLines(report.labelColumns));
  if (report.labelsFile !== null) {
    const { path, matched, unmatched, cellsWithout } = report.labelsFile;
    lines.push(
      row(
        'Labels file',
        `${path}: ${n(matched)} cells matched, ${n(unmatched)} lines without a cell, ${n(cellsWithout)} cells without a line`,
      ),
    );
  }
  lines.push('', ...findingLines(report.findings), '');
  return lines.join('\n');
}

function content(report: PreflightReport): string[] {
  const about = report.sizeEstimated ? 'about ' : '';
  const cells = report.format === 'fragments' && report.sizeEstimated ? 'barcodes' : 'cells';
  const lines = [
    row('Matrix', report.chosenSlot!),
    row(
      'Size',
      `${about}${n(report.cells)} ${cells} × ${report.features === 0 ? '?' : n(report.features)} features; about ${bytes(report.estimatedMemoryBytes)} in memory`,
    ),
    row('Modality', `${report.modality}: ${report.modalityEvidence}`),
    row('Values', `${report.values.kind}: ${report.values.evidence}`),
    row('Features', `${report.idType}: ${report.idEvidence}`),
    row('Species', `${report.species.species}: ${report.species.evidence}`),
  ];
  if (report.genome.style !== 'none' || report.genome.build !== null) {
    const build = report.genome.build === null ? 'build not declared' : `build ${report.genome.build}`;
    lines.push(row('Genome', `${build}; ${report.genome.evidence}`));
  }
  const others = report.slots.filter((slot) => slot.id !== report.chosenSlot);
  if (others.length > 0) {
    lines.push(row('Also there', others.map(slotText).join(', ')));
  }
  return lines;
}

/** Windows and peaks of fragments are counted later: how many there are is not known. */
function slotText({ id, cells, features }: MatrixSlot): string {
  return features === 0 ? id : `${id} (${n(cells)} × ${n(features)})`;
}

function columnLines(columns: readonly LabelColumn[]): string[] {
  const candidates = columns.filter((column) => column.role === 'candidate');
  const others = columns.filter((column) => column.role !== 'candidate');
  const lines = candidates.slice(0, shownColumns).map((column, i) => {
    const counts = column.counts.slice(0, 4).map(({ value, cells }) => `${value} ${n(cells)}`);
    const more = column.distinct > 4 ? `, and ${n(column.distinct - 4)} more` : '';
    const missing = column.missing > 0 ? `; ${n(column.missing)} cells without` : '';
    return row(
      i === 0 ? 'Labels' : '',
      `${column.name} (${n(column.distinct)}): ${counts.join(', ')}${more}${missing}`,
    );
  });
  const rest = candidates.slice(shownColumns).map((column) => `${column.name} (${n(column.distinct)})`);
  if (rest.length > 0) lines.push(row('', `and ${rest.join(', ')}`));
  if (others.length > 0) {
    const listed = others.map(
      ({ name, role, distinct }) => `${name} (${roleText[role]}${role === 'many-values' ? `, ${n(distinct)}` : ''})`,
    );
    lines.push(row('Columns', listed.join(', ')));
  }
  return lines;
}

const roleText = {
  candidate: 'labels',
  'many-values': 'many values',
  'one-value': 'one value',
  unique: 'different in every cell',
  number: 'numbers',
} as const;

function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['Nothing to repair.'];
  const mark = { problem: '✗ problem', warning: '! warning', info: '· note' } as const;
  return findings.flatMap(({ severity, text, repair }) => [
    `${mark[severity].padEnd(width)}${text}`,
    ...(repair === undefined ? [] : [`${' '.repeat(width)}repair: ${optionText(repair)}`]),
  ]);
}

/** The option of `cellpredx inspect` that applies a repair. */
export function optionText(repair: Repair): string {
  if (repair.kind === 'use-matrix') return `--matrix ${quoted(repair.slot)}`;
  return `--repair ${quoted(repairText(repair))}`;
}

function quoted(text: string): string {
  return /^[\w./=:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function row(title: string, text: string): string {
  return `${title.padEnd(width)}${text}`;
}

function n(value: number): string {
  return value.toLocaleString('en');
}

function bytes(value: number): string {
  if (value < 1000) return `${value} bytes`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
