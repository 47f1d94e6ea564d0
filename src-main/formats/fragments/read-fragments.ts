import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type CancelSignal, throwIfCancelled } from '#core/base/cancel';
import { AppError } from '#core/base/app-error';

/** One sequenced fragment, 0-based half-open. */
export interface Fragment {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
  readonly barcode: string;
}

/**
 * The fragments of a `fragments.tsv.gz` (bgzip or gzip, or plain text; four or five columns; `#` lines are skipped),
 * one after the other in file order. Memory does not grow with the file.
 *
 * Throws `reading.malformed-fragment` naming file and line at the first line that is no fragment.
 */
export async function* readFragments(path: string, signal?: CancelSignal): AsyncGenerator<Fragment> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const bytes = /\.(gz|bgz)$/.test(path) ? file.pipe(createGunzip()) : file;
  let number = 0;
  for await (const line of createInterface({ input: bytes, crlfDelay: Infinity })) {
    number++;
    if (line === '' || line.startsWith('#')) continue;
    if (number % 65_536 === 0) throwIfCancelled(signal);
    const [contig, startText, endText, barcode] = line.split('\t');
    const start = Number(startText);
    const end = Number(endText);
    if (
      barcode === undefined ||
      barcode === '' ||
      !(Number.isInteger(start) && start >= 0) ||
      !(Number.isInteger(end) && end > start)
    ) {
      throw new AppError('reading.malformed-fragment', { path, line: number, text: line.slice(0, 80) });
    }
    yield { contig: contig!, start, end, barcode };
  }
}
