import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { MeasureName } from './measures.ts';

type Numbers = Readonly<Record<MeasureName, number>>;

/**
 * Numbers by what they were computed from, in memory and, where a file is named, in it, on a line each: a suite that was stopped goes on
 * where it was. The code is not part of what they are known by; after a change of it another file is to be named.
 */
export class KeptResults {
  readonly #numbers = new Map<string, Numbers>();
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
    if (file === null || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (!line.endsWith('}}')) continue; // cut off when the suite was stopped
      const { key, numbers } = JSON.parse(line) as { key: string; numbers: Record<MeasureName, number | null> };
      this.#numbers.set(key, Object.fromEntries(Object.entries(numbers).map(([n, v]) => [n, v ?? NaN])) as Numbers);
    }
  }

  get(key: string): Numbers | undefined {
    return this.#numbers.get(key);
  }

  put(key: string, numbers: Numbers): Numbers {
    this.#numbers.set(key, numbers);
    if (this.#file !== null) appendFileSync(this.#file, `\n${JSON.stringify({ key, numbers })}`);
    return numbers;
  }
}
