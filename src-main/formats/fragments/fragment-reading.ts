import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/base/app-error';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import type { FragmentBlock } from '#core/chromatin/fragment-block';
import { type ContigTable, contigTable } from '../intervals/contig-names.ts';
import { fileHead, type Position } from '../text/byte-blocks.ts';
import type { LineReport } from '../text/malformed-lines.ts';
import { wholeLines } from '../text/whole-lines.ts';
import { FragmentParser } from './fragment-parser.ts';
import { NameTable } from './name-table.ts';

export interface FragmentOptions {
  readonly signal?: CancelSignal | undefined;
  /** Told the fraction of the file's bytes read, 0 … 1, rising. */
  readonly progress?: ((fraction: number) => void) | undefined;
  /** Most fragments of a block. Default 65 536. */
  readonly blockSize?: number | undefined;
  /** Put in front of every barcode, to tell samples apart that are read together. Default none. */
  readonly barcodePrefix?: string | undefined;
}

/** What a fragments file turned out to be; complete once all its blocks were taken. `read` counts its fragments. */
export interface FragmentReport extends LineReport {
  readonly packing: 'none' | 'gzip' | 'bgzip';
  /** A bgzip file without the empty block that ends every whole one: its last part may be missing. */
  readonly endMissing: boolean;
}

/** As many names as a `Map` can hold. A 10x run has some 10⁶ barcodes, combinatorial indexing a few 10⁶. */
const mostBarcodes = 2 ** 24 - 1;
/** A file without a single fragment in so many lines is not read to its end. */
const hopelessLines = 100_000;
/** The empty block that ends a bgzip file (SAM specification, 4.1.2). */
const bgzipEnd = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

/**
 * One pass over a fragments file (plain, gzip or bgzip, told by its content; four or five columns; sorted or not):
 *
 *     const reading = new FragmentReading(path);
 *     for await (const block of reading) count(block);
 *     reading.report.malformed;
 *
 * Blocks come in file order. Memory is a few blocks and the names of contigs and barcodes. The file is unpacked on
 * another thread while blocks are worked on. Lines that are no fragment are passed over and reported.
 *
 * Iterating throws `reading.malformed-fragments` (at the end, if more than 5 % of the lines are no fragment, or early
 * if none of the first 100 000 is one), `reading.no-fragments`, `reading.empty-file`, `reading.too-many-barcodes`,
 * `reading.line-too-long`, what `byteBlocks` throws (truncated and damaged gzip with the line), and `Cancelled`.
 */
export class FragmentReading implements AsyncIterable<FragmentBlock> {
  readonly path: string;
  readonly #options: FragmentOptions;
  readonly #parser: FragmentParser;
  #packing: FragmentReport['packing'] = 'none';
  #endMissing = false;
  #contigTable: ContigTable | null = null;

  constructor(path: string, options: FragmentOptions = {}) {
    this.path = path;
    this.#options = options;
    const { blockSize = 65_536, barcodePrefix = '' } = options;
    const barcodes = new NameTable(barcodePrefix === '' ? undefined : (name) => barcodePrefix + name);
    const contigs = new NameTable((name) => this.#contigTable?.nameOf(name) ?? name);
    this.#parser = new FragmentParser(blockSize, contigs, barcodes);
  }

  /** Names in order of first appearance, as `ContigTable.nameOf` gives them; the table of all blocks. */
  get contigs(): readonly string[] {
    return this.#parser.contigs.names;
  }

  get barcodes(): readonly string[] {
    return this.#parser.barcodes.names;
  }

  get report(): FragmentReport {
    const { lines, fragments, headers, malformed } = this.#parser;
    const report = malformed.report({ file: basename(this.path), lines, read: fragments, headers });
    return { ...report, packing: this.#packing, endMissing: this.#endMissing };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FragmentBlock> {
    const { signal, progress } = this.#options;
    if (this.#parser.lines > 0) throw new Error('FragmentReading: one pass only; make another for the next');
    const size = await this.#lookAtFile();
    this.#contigTable = await contigTable();
    const parser = this.#parser;
    const position: Position & { lines: number } = { bytesRead: 0, lines: 0 };
    for await (const bytes of wholeLines(this.path, position)) {
      throwIfCancelled(signal);
      for (let at = 0; at < bytes.length;) {
        at = parser.parse(bytes, at, bytes.length);
        const block = parser.take(false);
        if (block === null) continue;
        position.lines = parser.lines;
        yield block;
        throwIfCancelled(signal);
      }
      position.lines = parser.lines;
      progress?.(Math.min(1, position.bytesRead / size));
      this.#refuseHopeless();
    }
    const rest = parser.take(true);
    if (rest !== null) yield rest;
    await this.#refuseUnreadEnd(position.bytesRead, size);
    this.#refuseMalformed();
    progress?.(1);
  }

  /** Size on disk; the packing and whether the end is there are noted. */
  async #lookAtFile(): Promise<number> {
    const head = await fileHead(this.path, 18);
    const { size } = await stat(this.path);
    if (size === 0) throw new AppError('reading.empty-file', { file: basename(this.path) });
    const packed = head[0] === 0x1f && head[1] === 0x8b;
    const bgzip = packed && (head[3]! & 4) !== 0 && head[12] === 0x42 && head[13] === 0x43;
    this.#packing = bgzip ? 'bgzip' : packed ? 'gzip' : 'none';
    if (bgzip)
      this.#endMissing = !(await fileHead(this.path, bgzipEnd.length, Math.max(0, size - bgzipEnd.length))).equals(
        bgzipEnd,
      );
    return size;
  }

  #refuseHopeless(): void {
    const { lines, fragments, malformed, barcodes } = this.#parser;
    if (lines >= hopelessLines && fragments === 0 && malformed.count > 0) this.#refuseMalformed();
    if (barcodes.names.length > mostBarcodes) {
      throw new AppError('reading.too-many-barcodes', {
        file: basename(this.path),
        line: lines,
        most: mostBarcodes,
        example: barcodes.names.at(-1)!,
      });
    }
  }

  #refuseMalformed(): void {
    const { fragments, headers, malformed } = this.#parser;
    const file = basename(this.path);
    const verdict = malformed.verdict(fragments);
    if (verdict !== null) throw new AppError('reading.malformed-fragments', { file, ...verdict });
    if (fragments === 0) throw new AppError('reading.no-fragments', { file, headers: headers.length });
  }

  /** Unpacking stops at zero bytes between two gzip members and says nothing; what comes behind them would be lost. */
  async #refuseUnreadEnd(bytesRead: number, size: number): Promise<void> {
    if (this.#packing === 'none' || bytesRead >= size) return;
    const unread = await fileHead(this.path, 1 << 16, bytesRead);
    if (unread.every((byte) => byte === 0)) return;
    throw new AppError('reading.gzip-damaged', {
      file: basename(this.path),
      line: this.#parser.lines,
      found: `${size - bytesRead} bytes cannot be unpacked`,
    });
  }
}
