import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { byteBlocks, type Position } from '../text/byte-blocks.ts';

/** The header of a Matrix Market coordinate file. */
export interface MtxHeader {
  readonly rows: number;
  readonly columns: number;
  /** Entries it declares. */
  readonly entries: number;
  /** `pattern` entries have no value and count as 1. */
  readonly field: 'integer' | 'real' | 'pattern';
  /** Comment lines, without their %. */
  readonly comments: readonly string[];
  /** Line of the sizes, counted from 1. */
  readonly line: number;
}

const longestLine = 1 << 20;

/** Called with row and column counted from 0; giving back false stops the reading. */
export type VisitEntry = (row: number, column: number, value: number, line: number) => boolean;

/** Called between blocks of the file; giving back false stops the reading. */
export type BetweenBlocks = (bytesRead: number) => boolean;

/** Reads the header of a Matrix Market file. Throws `reading.mtx-header` and `reading.mtx-kind`. */
export async function readMtxHeader(path: string): Promise<MtxHeader> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const block of byteBlocks(path)) {
    rest = Buffer.concat([rest, block]);
    const header = parseHeader(rest, basename(path), false);
    if (header !== null) return header.header;
    if (rest.length > 1 << 22) break;
  }
  return parseHeader(rest, basename(path), true)!.header;
}

/**
 * Reads all entries in the order of the file, in memory that does not depend on its size.
 *
 * Throws, with the line: `reading.mtx-line` (text where a number belongs, missing or surplus fields),
 * `reading.mtx-out-of-range`, `reading.mtx-count` (fewer or more entries than declared),
 * `reading.text-not-finite`, and what `byteBlocks` and `readMtxHeader` throw.
 */
export async function visitEntries(path: string, visit: VisitEntry, between: BetweenBlocks): Promise<MtxHeader> {
  const file = basename(path);
  const position: Position = { bytesRead: 0 };
  let header: MtxHeader | null = null;
  let rest: Buffer = Buffer.alloc(0);
  let state: ParseState = { line: 0, entries: 0, stopped: false };
  for await (const block of byteBlocks(path, position)) {
    let bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    if (header === null) {
      const found = parseHeader(bytes, file, false);
      if (found === null && bytes.length < 1 << 22) {
        rest = bytes;
        continue;
      }
      const read = found ?? parseHeader(bytes, file, true)!;
      header = read.header;
      state = { ...state, line: header.line };
      bytes = bytes.subarray(read.end);
    }
    const end = bytes.lastIndexOf(10) + 1;
    parseEntries(bytes, end, header, file, state, visit);
    rest = Buffer.from(bytes.subarray(end));
    if (state.stopped || !between(position.bytesRead)) return header;
    if (rest.length > longestLine) throw badLine(rest, 0, rest.length, file, state.line + 1, 'an entry');
  }
  header ??= parseHeader(rest, file, true)!.header;
  if (rest.length > 0 && state.line >= header.line) parseEntries(rest, rest.length, header, file, state, visit);
  if (!state.stopped && state.entries < header.entries) {
    throw new AppError('reading.mtx-count', {
      file,
      line: state.line,
      declared: header.entries,
      found: state.entries,
      more: false,
    });
  }
  return header;
}

interface ParseState {
  line: number;
  entries: number;
  stopped: boolean;
}

/** Entries of whole lines in bytes[0 … end). Fields are separated by blanks or tabs; empty lines are passed over. */
function parseEntries(
  bytes: Buffer,
  end: number,
  header: MtxHeader,
  file: string,
  state: ParseState,
  visit: VisitEntry,
): void {
  const { rows, columns, entries } = header;
  const pattern = header.field === 'pattern';
  const integer = header.field === 'integer';
  let at = 0;
  const wholeNumber = (): number => {
    let n = 0;
    let digits = 0;
    for (; at < end; at++, digits++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      n = n * 10 + digit;
    }
    return digits === 0 || digits > 15 ? -1 : n;
  };
  const blanks = (): void => {
    while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at++;
  };
  while (at < end && !state.stopped) {
    state.line++;
    const start = at;
    blanks();
    if (at >= end || bytes[at] === 10 || bytes[at] === 13 || bytes[at] === 37) {
      at = nextLine(bytes, at, end); // an empty line or a comment
      continue;
    }
    const row = wholeNumber();
    if (row === -1 || !isBlank(bytes[at])) throw badLine(bytes, start, end, file, state.line, 'a row number');
    blanks();
    const column = wholeNumber();
    if (column === -1 || (at < end && !isBreak(bytes[at])))
      throw badLine(bytes, start, end, file, state.line, 'a column number');
    blanks();
    let value = 1;
    if (!pattern) {
      const valueStart = at;
      value = wholeNumber();
      if (value === -1 || (at < end && !isBreak(bytes[at]))) {
        at = valueStart;
        while (at < end && !isBreak(bytes[at])) at++;
        const text = bytes.toString('latin1', valueStart, at);
        value = numberOf(text, file, state.line, () =>
          badLine(bytes, start, end, file, state.line, 'row, column and a number'),
        );
        if (integer && !Number.isInteger(value)) throw badLine(bytes, start, end, file, state.line, 'a whole number');
      }
      blanks();
    }
    if (at < end && bytes[at] === 13) at++;
    if (at < end && bytes[at] !== 10)
      throw badLine(bytes, start, end, file, state.line, pattern ? 'row and column' : 'row, column and value');
    at++;
    if (row < 1 || row > rows) throw outOfRange('row', row, rows, file, state.line);
    if (column < 1 || column > columns) throw outOfRange('column', column, columns, file, state.line);
    if (++state.entries > entries) {
      throw new AppError('reading.mtx-count', {
        file,
        line: state.line,
        declared: entries,
        found: state.entries,
        more: true,
      });
    }
    if (!visit(row - 1, column - 1, value, state.line)) state.stopped = true;
  }
}

function numberOf(text: string, file: string, line: number, bad: () => AppError): number {
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) {
    throw new AppError('reading.text-not-finite', { file, line, found: text });
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw bad();
  const value = Number(text);
  if (!Number.isFinite(Math.fround(value))) {
    throw new AppError('reading.text-not-finite', { file, line, found: text });
  }
  return value;
}

function outOfRange(what: 'row' | 'column', index: number, size: number, file: string, line: number): AppError {
  return new AppError('reading.mtx-out-of-range', { file, line, what, index: String(index), size });
}

function badLine(bytes: Buffer, start: number, end: number, file: string, line: number, expected: string): AppError {
  return new AppError('reading.mtx-line', { file, line, found: quoted(bytes, start, end), expected });
}

function quoted(bytes: Buffer, start: number, end: number): string {
  const text = bytes
    .toString('utf8', start, Math.min(end, start + 200))
    .split('\n')[0]!
    .replace(/\r$/, '');
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function nextLine(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(10, at);
  return found === -1 || found >= end ? end : found + 1;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function isBreak(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** The header and where the entries begin; null if the bytes end inside the header and more may come. */
function parseHeader(bytes: Buffer, file: string, last: boolean): { header: MtxHeader; end: number } | null {
  const comments: string[] = [];
  let field: MtxHeader['field'] | null = null;
  let at = 0;
  for (let line = 1; ; line++) {
    const found = bytes.indexOf(10, at);
    if (found === -1 && !last) return null;
    if (found === -1 && at >= bytes.length) {
      const expected = field === null ? 'the header %%MatrixMarket' : 'the sizes (rows, columns, entries)';
      throw new AppError('reading.mtx-header', { file, line, found: 'the end of the file', expected });
    }
    const end = found === -1 ? bytes.length : found + 1;
    const text = bytes.toString('utf8', at, end).trim();
    const start = at;
    at = end;
    if (line === 1) {
      field = headerField(text, file, quoted(bytes, start, end));
    } else if (text.startsWith('%')) {
      comments.push(text.slice(1).trim());
    } else if (text !== '') {
      const sizes = text.split(/\s+/);
      if (sizes.length !== 3 || !sizes.every((size) => /^\d{1,15}$/.test(size))) {
        throw new AppError('reading.mtx-header', {
          file,
          line,
          found: quoted(bytes, start, end),
          expected: 'the sizes (rows, columns, entries)',
        });
      }
      const [rows, columns, entries] = sizes.map(Number) as [number, number, number];
      return { header: { rows, columns, entries, field: field!, comments, line }, end };
    }
  }
}

function headerField(text: string, file: string, found: string): MtxHeader['field'] {
  const words = text.toLowerCase().split(/\s+/);
  if (words[0] !== '%%matrixmarket') {
    throw new AppError('reading.mtx-header', { file, line: 1, found, expected: 'the header %%MatrixMarket' });
  }
  const [, , format, field, symmetry] = words;
  const known = field === 'integer' || field === 'real' || field === 'pattern';
  if (format !== 'coordinate' || !known || symmetry !== 'general') {
    throw new AppError('reading.mtx-kind', { file, found: words.slice(1).join(' ') });
  }
  return field;
}
