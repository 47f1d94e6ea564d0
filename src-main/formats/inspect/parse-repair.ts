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
  'rename-labels=OLD->NEW|OLD->NEW',
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
    case 'rename-labels': {
      const names = parts(value ?? '', '|').map((pair) => parts(pair, '->').map(plain));
      if (names.some((pair) => pair.length !== 2 || pair.includes(''))) throw unknown();
      return { kind, names: names.map(([from, to]) => ({ from: from!, to: to! })) };
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
    case 'rename-labels':
      return `${repair.kind}=${repair.names.map(({ from, to }) => `${written(from)}->${written(to)}`).join('|')}`;
    default:
      return repair.kind;
  }
}

/** A name with a backslash before what would part it from another one. */
function written(name: string): string {
  return name.replaceAll(/[\\|]|->/g, '\\$&');
}

/** The name that `written` wrote. */
function plain(text: string): string {
  return text.replaceAll(/\\([\\|]|->)/g, '$1');
}

/** A text cut at a mark, except behind a backslash; the pieces keep theirs. */
function parts(text: string, mark: '|' | '->'): string[] {
  const pieces = [''];
  for (const [piece] of text.matchAll(/\\.|->|[^]/gsu)) {
    if (piece === mark) pieces.push('');
    else pieces[pieces.length - 1] += piece;
  }
  return pieces;
}
