import { afterEach, beforeEach, expect } from 'vitest';

/** A test that prints a warning or an error fails: what nobody reads would otherwise pile up. */
let printed: string[] = [];
const original = { warn: console.warn, error: console.error };

beforeEach(() => {
  printed = [];
  for (const level of ['warn', 'error'] as const) {
    console[level] = (...parts: unknown[]) => {
      printed.push(`${level}: ${parts.map(String).join(' ')}`);
    };
  }
});

afterEach(() => {
  Object.assign(console, original);
  expect(printed, 'printed warnings').toEqual([]);
});
