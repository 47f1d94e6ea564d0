import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

export type Nested = number | readonly Nested[];

/** An expected-value file of test/golden by its name without ending. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** Float32 tolerance of the expected-value files: max |a − b| / max(1, max |b|). */
export const FLOAT32 = 2e-4;

/** Fails where a number differs from the expected one by more than the tolerance times max(1, largest expected). */
export function expectClose(actual: ArrayLike<number>, expected: Nested, what = '', tolerance = FLOAT32): void {
  const wanted = flat(expected);
  expect(actual.length, `${what} length`).toBe(wanted.length);
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(actual[i]! - value)), 0);
  expect(worst / scale, what).toBeLessThanOrEqual(tolerance); // NaN fails too
}

function flat(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flat);
}
