import { AppError } from '#core/base/app-error';
import type { Repair } from './repair.ts';

/** What `--repair` accepts, in the order it is listed to people. */
export const repairForms = [
  'map-ensembl-to-symbols[=COLUMN]',
  'make-cell-names-unique',
  'make-feature-names-unique',
  'drop-empty-cells',
  'drop-cells-below=COUNTS',
  'add-chr',
  'transpose',
  'use-matrix=MATRIX',
  'drop-labels=LABEL|LABEL',
] as const;

/**
 * A repair as it is written on a command line: its kind, and behind = what it needs. Throws `reading.unknown-repair`.
 * The reverse of `repairText`.
 */
export function parseRepair(text: string): Repair {
  const equals = text.indexOf('=');
  const kind = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? undefined : text.slice(equals + 1);
  const unknown = (): AppError =>
    new AppError('reading.unknown-repair', { repair: text, known: repairForms.join(', ') });
  switch (kind) {
    case 'make-cell-names-unique':
    case 'make-feature-names-unique':
    case 'drop-empty-cells':
    case 'add-chr':
    case 'transpose':
      if (value !== undefined) throw unknown();
      return { kind };
    case 'map-ensembl-to-symbols':
      if (value === '') throw unknown();
      return value === undefined ? { kind } : { kind, column: value };
    case 'use-matrix':
      if (value === undefined || value === '') throw unknown();
      return { kind, slot: value };
    case 'drop-cells-below': {
      const counts = Number(value ?? NaN);
      if (value === '' || !(counts >= 0) || !Number.isFinite(counts)) throw unknown();
      return { kind, counts };
    }
    case 'drop-labels': {
      const labels = (value ?? '').split('|').filter((label) => label !== '');
      if (value === undefined) throw unknown();
      return { kind, labels };
    }
    default:
      throw unknown();
  }
}

/** A repair as `parseRepair` reads it. */
export function repairText(repair: Repair): string {
  switch (repair.kind) {
    case 'map-ensembl-to-symbols':
      return repair.column === undefined ? repair.kind : `${repair.kind}=${repair.column}`;
    case 'use-matrix':
      return `${repair.kind}=${repair.slot}`;
    case 'drop-cells-below':
      return `${repair.kind}=${repair.counts}`;
    case 'drop-labels':
      return `${repair.kind}=${repair.labels.join('|')}`;
    default:
      return repair.kind;
  }
}
