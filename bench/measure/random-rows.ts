import { answer } from '../support/own-process.ts';
import { type RandomSizes, writeRandomRows } from '../support/random-pair.ts';

/** Writes the rows of a pair for a training that reads them from files; in a process of its own, which keeps what it needs for that. */
export function writeRows({ folder, ...sizes }: RandomSizes & { readonly folder: string }): Promise<object> {
  writeRandomRows(1234, sizes, folder);
  return Promise.resolve({});
}

if (import.meta.main) await answer(writeRows);
