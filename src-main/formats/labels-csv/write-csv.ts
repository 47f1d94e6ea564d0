import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { AppError } from '#core/base/app-error';
import { type CsvField, csvLine } from '#core/base/csv-line';

export { type CsvField, csvLine };

/**
 * Writes a table as CSV (RFC 4180: comma, quotes where a field holds a comma, a quote
 * or a line break; lines end in LF). Rows are taken one by one and need not fit in memory. The file appears under its name only when
 * it is whole: it is written under a temporary name, synced and renamed.
 *
 * Throws `writing.failed` where the system refuses; a row of another width than the header is our fault, a plain Error.
 */
export async function writeCsv(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): Promise<void> {
  await write(path, csvBlocks(header, rows), false);
}

/** The same, compressed with gzip. The same rows give the same bytes. */
export async function writeCsvGz(
  path: string,
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): Promise<void> {
  await write(path, csvBlocks(header, rows), true);
}

function* csvBlocks(header: readonly string[], rows: Iterable<readonly CsvField[]>): Generator<Buffer> {
  let block = csvLine(header);
  let row = 0;
  for (const fields of rows) {
    if (fields.length !== header.length) {
      throw new Error(`writeCsv: row ${row} has ${fields.length} fields for ${header.length} columns`);
    }
    block += csvLine(fields);
    row++;
    if (block.length > 1 << 16) {
      yield Buffer.from(block);
      block = '';
    }
  }
  if (block !== '') yield Buffer.from(block);
}

async function write(path: string, blocks: Iterable<Buffer>, gzip: boolean): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const target = createWriteStream(temporary);
    const source = Readable.from(blocks, { objectMode: true });
    if (gzip) await pipeline(source, createGzip({ level: constants.Z_DEFAULT_COMPRESSION }), target);
    else await pipeline(source, target);
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new AppError('writing.failed', { path, reason: error.message }, { cause: error });
  }
}
