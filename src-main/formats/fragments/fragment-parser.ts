import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { isTitles } from '../intervals/genome-lines.ts';
import { lastEnd } from '../intervals/interval-of-fields.ts';
import { MalformedLines } from '../text/malformed-lines.ts';
import type { NameTable } from './name-table.ts';
import { hashOf, hashPrime, hashStart } from './name-table.ts';

const [tab, newline, carriageReturn, hash, zero] = [9, 10, 13, 35, 48];
const mostHeaders = 1000;

/**
 * Turns the lines of a fragments file into blocks, byte by byte: no line becomes a string unless it is malformed.
 * Four columns (contig, start, end, barcode), five (number of reads) or six (+, − or . behind it); empty lines and
 * lines that begin with # are no data. CRLF is taken as LF.
 */
export class FragmentParser {
  readonly contigs: NameTable;
  readonly barcodes: NameTable;
  readonly malformed = new MalformedLines();
  /** `#` lines and a line of column titles, at most 1 000 of them. */
  readonly headers: string[] = [];
  /** Lines so far, those without data included. */
  lines = 0;
  fragments = 0;
  readonly #size: number;
  #columns: Columns;
  #held = 0;
  #counted = false;
  #titled = false;
  /** The contig of the line before, which is nearly always that of the next. */
  #contig = -1;
  #contigBytes: Buffer = Buffer.alloc(0);

  /** @param size most fragments of a block */
  constructor(size: number, contigs: NameTable, barcodes: NameTable) {
    this.#size = size;
    this.contigs = contigs;
    this.barcodes = barcodes;
    this.#columns = columnsOf(size);
  }

  /**
   * Reads lines until the block is full, and gives back the place behind the last line it read.
   * @param bytes a line break ends every line between `begin` and `end`
   */
  parse(bytes: Buffer, begin: number, end: number): number {
    const size = this.#size;
    const { contig, start, end: ends, barcode, count } = this.#columns;
    let n = this.#held;
    let at = begin;
    while (at < end && n < size) {
      const line = at;
      this.lines++;
      let p = this.#sameContig(bytes, line);
      const same = p !== -1;
      if (!same) {
        p = line;
        while (bytes[p]! > carriageReturn) p++;
        if (bytes[p] !== tab || bytes[line] === hash || p === line) {
          at = this.#other(bytes, line);
          continue;
        }
      }
      const contigEnd = p;

      const startAt = ++p;
      let from = 0;
      for (let digit = bytes[p]! - zero; digit >>> 0 < 10; digit = bytes[++p]! - zero) from = from * 10 + digit;
      const startEnd = p;
      const endAt = ++p;
      let to = 0;
      if (bytes[startEnd] === tab) {
        for (let digit = bytes[p]! - zero; digit >>> 0 < 10; digit = bytes[++p]! - zero) to = to * 10 + digit;
      }
      const endEnd = p;
      if (
        bytes[startEnd] !== tab ||
        bytes[endEnd] !== tab ||
        startEnd === startAt ||
        endEnd === endAt ||
        from >= to ||
        to > lastEnd
      ) {
        at = this.#refused(bytes, line, this.fragments + n === 0);
        continue;
      }

      const barcodeAt = ++p;
      let code = hashStart;
      let byte = bytes[p]!;
      for (; byte > carriageReturn; byte = bytes[++p]!) code = Math.imul(code ^ byte, hashPrime);
      const barcodeEnd = p;
      let reads = 1;
      let five = false;
      if (byte === tab) {
        const readsAt = ++p;
        reads = 0;
        for (let digit = bytes[p]! - zero; digit >>> 0 < 10; digit = bytes[++p]! - zero) reads = reads * 10 + digit;
        byte = bytes[p]!;
        five = p > readsAt;
        if (!five || p - readsAt > 15 || (byte !== newline && byte !== carriageReturn)) {
          // What follows the barcode is no plain number at the end of the line.
          const rest = restOf(bytes, readsAt);
          if (rest === null) {
            at = this.#refused(bytes, line, this.fragments + n === 0);
            continue;
          }
          ({ reads, at: p } = rest);
          five = true;
          byte = bytes[p]!;
        }
      }
      if (byte === carriageReturn) byte = bytes[++p]!;
      if (byte !== newline || barcodeEnd === barcodeAt) {
        at = this.#refused(bytes, line, this.fragments + n === 0);
        continue;
      }

      if (!same) this.#changeContig(bytes, line, contigEnd);
      contig[n] = this.#contig;
      start[n] = from;
      ends[n] = to;
      barcode[n] = this.barcodes.numberOf(bytes, barcodeAt, barcodeEnd, code);
      count[n++] = reads;
      if (five) this.#counted = true;
      at = p + 1;
    }
    this.fragments += n - this.#held;
    this.#held = n;
    return at;
  }

  /** The block if it is full, or, `atEnd`, what there is of it; null where there is nothing to hand out. */
  take(atEnd: boolean): FragmentBlock | null {
    const length = this.#held;
    if (length === 0 || (length < this.#size && !atEnd)) return null;
    const { contig, start, end, barcode, count } = this.#columns;
    const block = {
      length,
      contigs: this.contigs.names,
      barcodes: this.barcodes.names,
      contig: contig.subarray(0, length),
      start: start.subarray(0, length),
      end: end.subarray(0, length),
      barcode: barcode.subarray(0, length),
      count: this.#counted ? count.subarray(0, length) : null,
    };
    this.#columns = columnsOf(this.#size);
    this.#held = 0;
    this.#counted = false;
    return block;
  }

  /** The place of the tab behind the contig, if it is that of the line before; else −1. */
  #sameContig(bytes: Buffer, line: number): number {
    const name = this.#contigBytes;
    for (let i = 0; i < name.length; i++) if (bytes[line + i] !== name[i]) return -1;
    return this.#contig !== -1 && bytes[line + name.length] === tab ? line + name.length : -1;
  }

  #changeContig(bytes: Buffer, begin: number, end: number): void {
    this.#contig = this.contigs.numberOf(bytes, begin, end, hashOf(bytes, begin, end));
    this.#contigBytes = Buffer.from(bytes.subarray(begin, end));
  }

  /** A line without a contig in front: a header, an empty line or no fragment. Gives back the begin of the next. */
  #other(bytes: Buffer, line: number): number {
    const end = bytes.indexOf(newline, line);
    const text = lineText(bytes, line, end);
    if (text.startsWith('#')) {
      if (this.headers.length < mostHeaders) this.headers.push(text);
    } else if (text.trim() !== '') this.malformed.add(this.lines, text, reasonOf(text));
    return end + 1;
  }

  /** A line that is no fragment, or titles if nothing came before it. Gives back the begin of the next. */
  #refused(bytes: Buffer, line: number, first: boolean): number {
    const end = bytes.indexOf(newline, line);
    const text = lineText(bytes, line, end);
    if (first && !this.#titled && this.malformed.count === 0 && isTitles(text)) {
      this.#titled = true;
      this.headers.push(text);
    } else this.malformed.add(this.lines, text, reasonOf(text));
    return end + 1;
  }
}

interface Columns {
  readonly contig: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly barcode: Int32Array;
  readonly count: Float32Array;
}

function columnsOf(size: number): Columns {
  return {
    contig: new Int32Array(size),
    start: new Int32Array(size),
    end: new Int32Array(size),
    barcode: new Int32Array(size),
    count: new Float32Array(size),
  };
}

function lineText(bytes: Buffer, begin: number, end: number): string {
  return bytes.toString('utf8', begin, end).replace(/\r$/, '');
}

/** The number of reads at `from` and what may follow it (a strand); null if something else stands there. */
function restOf(bytes: Buffer, from: number): { reads: number; at: number } | null {
  const end = bytes.indexOf(newline, from);
  const found = /^(\d+(?:\.\d*)?(?:e\+?\d+)?)(?:\t[+.-])?(\r?)$/i.exec(bytes.toString('latin1', from, end));
  const reads = found === null ? Infinity : Math.fround(Number(found[1]));
  return Number.isFinite(reads) ? { reads, at: end - found![2]!.length } : null;
}

/** Why a line is no fragment, in words that follow "line 3: ". */
function reasonOf(text: string): string {
  const fields = text.split('\t');
  const [contig = '', start = '', end = '', barcode = '', reads, strand] = fields;
  if (fields.length === 1 && /[, ;]/.test(text)) return 'the columns are not separated by tabs';
  if (fields.length < 4) return `${fields.length} columns where four or five belong`;
  if (contig === '') return 'the contig is empty';
  const numbers = fields.map((field) => /^\d+$/.test(field));
  if (!numbers[1] || !numbers[2]) {
    if (/^-\d/.test(start) || /^-\d/.test(end)) return 'a position is negative';
    const pair = numbers.findIndex((is, i) => is && numbers[i + 1] && i !== 1);
    if (pair !== -1) return `the positions stand in columns ${pair + 1} and ${pair + 2}, not 2 and 3`;
    return `${JSON.stringify(numbers[1] ? end : start)} where a position belongs`;
  }
  if (Number(end) > lastEnd || Number(start) > lastEnd) return `a position is larger than ${lastEnd}`;
  if (Number(end) <= Number(start)) return 'the end is not behind the start';
  if (barcode === '') return 'the barcode is empty';
  if (reads !== undefined && !/^\d+(\.\d*)?(e\+?\d+)?$/i.test(reads)) {
    return `${JSON.stringify(reads)} where the number of reads belongs`;
  }
  return strand === undefined || fields.length > 6
    ? `${fields.length} columns where four or five belong`
    : `${JSON.stringify(strand)} in a sixth column`;
}
