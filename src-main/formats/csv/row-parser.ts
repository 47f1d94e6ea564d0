import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { tableFields } from '../text/table-rows.ts';
import type { CsvLayout } from './csv-layout.ts';

/** 10⁰ … 10¹⁵, exact; with at most 15 digits above it, a single division gives the nearest float64 (Clinger 1990). */
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power);
const quote = 34;
const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;

/**
 * Takes the numbers of a table's rows from their bytes. Rows of plain numbers are read without making texts of them;
 * all others are taken apart as `tableRows` does it, and what is wrong with them is told from that.
 */
export class RowParser {
  /** Columns of the row that was parsed last whose value is not 0, counted among the columns of numbers; rising. */
  readonly columns: Uint32Array;
  /** Their values. */
  readonly values: Float32Array;
  readonly #path: string;
  readonly #layout: CsvLayout;
  readonly #rowNames: 'cell' | 'feature';
  readonly #delimiter: number;
  /** Column of the table → column of numbers, −1 for columns of text. */
  readonly #target: Int32Array;

  /** @param rowNames what the first column names, for messages */
  constructor(path: string, layout: CsvLayout, rowNames: 'cell' | 'feature') {
    this.#path = path;
    this.#layout = layout;
    this.#rowNames = rowNames;
    this.#delimiter = layout.delimiter.charCodeAt(0);
    this.#target = new Int32Array(layout.header.length).fill(-1);
    layout.numberColumns.forEach((column, k) => {
      this.#target[column] = k;
    });
    this.columns = new Uint32Array(layout.numberColumns.length);
    this.values = new Float32Array(layout.numberColumns.length);
  }

  /**
   * Parses the row at bytes begin … end−1 and gives back how many values are not 0.
   *
   * Throws `reading.csv-ragged`, `reading.csv-no-name`, `reading.csv-not-a-number`, `reading.csv-decimal-comma`,
   * `reading.csv-quotes` and `reading.text-not-finite`, with the line.
   */
  parse(bytes: Buffer, begin: number, end: number, line: number): number {
    const stored = this.#parsePlain(bytes, begin, end);
    return stored === -1 ? this.#parseFields(this.fields(bytes, begin, end, line), line) : stored;
  }

  /** The fields of a row in full, refused where there are too many or too few or the name is empty. */
  fields(bytes: Buffer, begin: number, end: number, line: number): string[] {
    const { header, delimiter } = this.#layout;
    const fields = tableFields(bytes.toString('utf8', begin, end), delimiter, this.#path, line);
    const file = basename(this.#path);
    if (fields.length !== header.length) {
      throw new AppError('reading.csv-ragged', { file, line, found: fields.length, expected: header.length });
    }
    if (fields[0] === '') throw new AppError('reading.csv-no-name', { file, line, what: this.#rowNames });
    return fields;
  }

  /** −1 where the row is anything but a name, columns of text without quotes, and numbers. */
  #parsePlain(bytes: Buffer, begin: number, end: number): number {
    const { columns, values } = this;
    const target = this.#target;
    const delimiter = this.#delimiter;
    const width = target.length;
    let stored = 0;
    let column = 0;
    let p = begin;
    for (;;) {
      if (column === width) return -1;
      const k = target[column]!;
      const start = p;
      if (k === -1) {
        while (p < end && bytes[p] !== delimiter) if (bytes[p++] === quote) return -1;
        if (column === 0 && p === start) return -1;
      } else {
        let number = 0;
        let byte = zero;
        while (p < end && (byte = bytes[p]!) >= zero && byte <= nine) {
          number = number * 10 + byte - zero;
          p++;
        }
        if (p === start || p - start > 15 || (p < end && byte !== delimiter)) {
          while (p < end && bytes[p] !== delimiter) if (bytes[p++] === quote) return -1;
          number = decimal(bytes, start, p);
          if (Number.isNaN(number)) return -1;
        }
        if (number !== 0) {
          columns[stored] = k;
          values[stored++] = number;
        }
      }
      column++;
      if (p === end) return column === width ? stored : -1;
      p++;
    }
  }

  #parseFields(fields: readonly string[], line: number): number {
    const { header, numberColumns } = this.#layout;
    let stored = 0;
    for (let k = 0; k < numberColumns.length; k++) {
      const field = fields[numberColumns[k]!]!;
      const value = numberOf(field);
      if (Number.isNaN(value)) throw badNumber(field, header[numberColumns[k]!]!, basename(this.#path), line);
      if (value === 0) continue;
      this.columns[stored] = k;
      this.values[stored++] = value;
    }
    return stored;
  }
}

/** The value of the field at bytes begin … end−1, as `numberOf` gives it; decimals of up to 15 digits without a text. */
function decimal(bytes: Buffer, begin: number, end: number): number {
  let number = 0;
  let digits = 0;
  let point = -1;
  for (let p = bytes[begin] === minus ? begin + 1 : begin; p < end; p++) {
    const byte = bytes[p]!;
    if (byte >= zero && byte <= nine) {
      number = number * 10 + byte - zero;
      digits++;
    } else if (byte === dot && point === -1) {
      point = digits;
    } else {
      return numberOf(bytes.toString('utf8', begin, end));
    }
  }
  if (digits === 0 || digits > 15) return numberOf(bytes.toString('utf8', begin, end));
  if (point !== -1) number /= powersOfTen[digits - point]!;
  return bytes[begin] === minus ? -number : number;
}

/** The value of a field, NaN where it is none that float32 can hold. `Number` reads blanks as 0 and 0x1 as a number. */
function numberOf(field: string): number {
  const value = Number(field);
  if (!Number.isFinite(Math.fround(value)) || field.trim() === '' || /[xXbBoO]/.test(field)) return NaN;
  return value;
}

function badNumber(field: string, column: string, file: string, line: number): AppError {
  const found = JSON.stringify(field);
  if (/^\s*-?\d+,\d+\s*$/.test(field)) return new AppError('reading.csv-decimal-comma', { file, line, column, found });
  if (/^\s*[+-]?(nan|inf(inity)?|\d[\d.]*e\+?\d+)\s*$/i.test(field)) {
    return new AppError('reading.text-not-finite', { file, line, found: field.trim() });
  }
  return new AppError('reading.csv-not-a-number', { file, line, column, found });
}
